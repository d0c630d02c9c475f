/*-
 * #%L
 * Stable Diffusion for ImageJ, on ONNX Runtime.
 * %%
 * Copyright (C) 2026 DiffusionJ developers.
 * %%
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice,
 *    this list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the documentation
 *    and/or other materials provided with the distribution.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"
 * AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
 * IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
 * ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDERS OR CONTRIBUTORS BE
 * LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR
 * CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF
 * SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
 * INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
 * CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE)
 * ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE
 * POSSIBILITY OF SUCH DAMAGE.
 * #L%
 */
package net.diffusionj.ort.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;

import ai.onnxruntime.OrtException;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.memory.NativeHeap;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.OrtFailures;
import net.diffusionj.testing.OrtFixtures;

/** What ONNX Runtime keeps after a run, and how it tells that there was not enough. */
class ArenaTest {

    /** Two maps of 512 channels at 8 times the side, float32: 134 MB each. */
    private static final int SIDE = 32;
    private static final long MAP = 512L * 64 * SIDE * SIDE * Float.BYTES;

    @Test
    void givesBackWhatARunHasTaken() {
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        Assumptions.assumeTrue(memory.residentBytes().isPresent(), "only Linux reports the resident memory");
        try (SessionCache cache = OrtFixtures.newCache(); SessionLease lease = OrtFixtures.lease(cache, "greedy"); ModelCall call = lease.newCall()) {
            final TensorBuffer pixels = prepare(lease, call);
            call.run(new CancelToken());
            final float first = pixels.toFloats()[1000];
            final long kept = memory.residentBytes().getAsLong();
            lease.shrink();
            final long left = memory.residentBytes().getAsLong();
            assertTrue(kept - left > MAP, () -> "shrinking freed " + (kept - left) + " bytes");
            lease.shrink();
            call.run(new CancelToken());
            assertEquals(first, pixels.toFloats()[1000], "the session stays good");
        }
    }

    @Test
    void shrinksWhenTheLastLeaseComesBack() {
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        Assumptions.assumeTrue(memory.residentBytes().isPresent(), "only Linux reports the resident memory");
        try (SessionCache cache = OrtFixtures.newCache()) {
            final long kept;
            try (SessionLease lease = OrtFixtures.lease(cache, "greedy"); ModelCall call = lease.newCall()) {
                prepare(lease, call);
                call.run(new CancelToken());
                kept = memory.residentBytes().getAsLong();
            }
            final long left = memory.residentBytes().getAsLong();
            assertEquals(1, cache.size());
            assertTrue(kept - left > MAP, () -> "shrinking freed " + (kept - left) + " bytes");
        }
    }

    @Test
    void theLastRunGivesBackWhatItHasTaken() {
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        Assumptions.assumeTrue(memory.residentBytes().isPresent(), "only Linux reports the resident memory");
        try (SessionCache cache = OrtFixtures.newCache(); SessionLease lease = OrtFixtures.lease(cache, "greedy"); ModelCall call = lease.newCall()) {
            final TensorBuffer pixels = prepare(lease, call);
            call.run(new CancelToken());
            final float first = pixels.toFloats()[1000];
            final long kept = memory.residentBytes().getAsLong();
            pixels.fill(0);
            call.run(new CancelToken(), true);
            final long left = memory.residentBytes().getAsLong();
            assertEquals(first, pixels.toFloats()[1000], "the last run is a run");
            assertTrue(kept - left > MAP, () -> "the last run left " + left + " bytes of " + kept);
            lease.shrink();
            call.run(new CancelToken());
            assertEquals(first, pixels.toFloats()[1000], "the session stays good");
        }
    }

    private static TensorBuffer prepare(final SessionLease lease, final ModelCall call) {
        call.input(OrtFixtures.input(lease, "latent_sample"), 1, 4, SIDE, SIDE).fill(0.5);
        return call.output(OrtFixtures.output(lease, "sample"), 1, 3, 8 * SIDE, 8 * SIDE);
    }

    /** Texts of ONNX Runtime's CPU and CUDA arenas, of CUDA's libraries, Direct3D and the C++ library, as users have reported them. */
    static Stream<String> shortages() {
        return Stream.of(
            "Non-zero status code returned while running Sigmoid node. Name:'' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:359"
                + " void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of"
                + " size 268435456",
            "/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:331 Available memory of 1024 is smaller than requested bytes of 4096",
            "Non-zero status code returned while running MatMul node. Name:'' Status Message: std::bad_alloc",
            "Exception during initialization: bad allocation",
            "CUDA failure 2: out of memory ; GPU=0 ; hostname=w ; expr=cudaMalloc((void**)&p, size);",
            "CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cudnnCreate(&cudnn_handle_);",
            "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cublasCreate(&cublas_handle_);",
            "BucketizedBufferAllocator.cpp(122)\\onnxruntime.dll!00007FFA82D145C8: Exception(1) tid(4790) 8007000E Not enough memory resources are available"
                + " to complete this operation.",
            "mmap: Cannot allocate memory");
    }

    @ParameterizedTest
    @MethodSource("shortages")
    void tellsAShortageOfMemoryByItsText(final String text) {
        final OrtException said = new OrtException(OrtException.OrtErrorCode.ORT_FAIL, text);
        final DiffusionJException running = OrtFailures.running(java.nio.file.Path.of("m.onnx"), java.util.List.of(), java.util.List.of(), said);
        assertEquals(InsufficientMemoryException.class, running.getClass());
        assertEquals(InsufficientMemoryException.class, OrtFailures.opening(java.nio.file.Path.of("m.onnx"), said).getClass());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Exiting due to terminate flag being set to true.", "Got invalid dimensions for input: sample",
        "libcublasLt.so.12: cannot open shared object file: No such file or directory"})
    void takesNothingElseForIt(final String text) {
        final OrtException said = new OrtException(OrtException.OrtErrorCode.ORT_FAIL, text);
        assertFalse(
            OrtFailures.running(java.nio.file.Path.of("m.onnx"), java.util.List.of(), java.util.List.of(), said) instanceof InsufficientMemoryException);
    }

    @Test
    void refusesATensorThatNoBufferHolds() {
        try (SessionCache cache = OrtFixtures.newCache(); SessionLease lease = OrtFixtures.lease(cache, "greedy"); ModelCall call = lease.newCall()) {
            final InsufficientMemoryException e = assertThrows(InsufficientMemoryException.class,
                () -> call.input(OrtFixtures.input(lease, "latent_sample"), 1, 4, 40_000, 40_000));
            assertTrue(e.getMessage().contains("25600000000 bytes"), e.getMessage());
        }
    }

    @Test
    void trimsTheNativeHeapWhereJavaCan() {
        final boolean linux = System.getProperty("os.name").equals("Linux");
        final boolean trimmed = NativeHeap.trim();
        assertTrue(linux || !trimmed, "only Linux has the command");
    }
}
