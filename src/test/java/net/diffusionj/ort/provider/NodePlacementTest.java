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
package net.diffusionj.ort.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.ort.session.TensorBuffer;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OrtFixtures;

/**
 * Where nodes run, from the profiles of {@code scripts/fixtures/profiles.py} (the CPU's recorded, CUDA's made from it by replacing names) and from a real
 * session whose provider takes no node at all.
 */
class NodePlacementTest {

    @TempDir
    private Path folder;

    @Test
    void aRecordedRunOnTheCpuIsAllOnTheCpu() throws IOException {
        final NodePlacement placement = NodePlacement.read(OrtFixtures.GRAPHS.resolve("profile-cpu.json"));
        assertEquals(Map.of("cpu", 307), placement.nodes());
        assertEquals(Map.of("Conv", 26, "FusedMatMul", 3, "MatMul", 3), placement.heavyOnCpu());
    }

    @Test
    void heavyNodesThatFellBackAreCountedAndShapesAreNot() throws IOException {
        final NodePlacement placement = NodePlacement.read(OrtFixtures.GRAPHS.resolve("profile-cuda.json"));
        assertEquals("cuda 264, cpu 43", placement.summary());
        assertEquals(Map.of("Conv", 1, "MatMul", 2), placement.heavyOnCpu());
        assertEquals("2 MatMul, 1 Conv", placement.heavySummary());
        assertTrue(placement.fellBack());
    }

    @Test
    void aNodeInALoopCountsOnceAndAPlugInKeepsItsName() throws IOException {
        final String node = "{\"cat\":\"Node\",\"name\":\"%s_kernel_time\",\"args\":{\"op_name\":\"MatMul\",\"provider\":\"%s\",\"other\":[{\"a\":1}]}}";
        final Path profile = Files.writeString(folder.resolve("p.json"), "[" + String.join(",", String.format(node, "a", "MyProvider"),
            String.format(node, "a", "MyProvider"), String.format(node, "b", "CPUExecutionProvider"), "{\"cat\":\"Session\",\"name\":\"x\",\"args\":{}}")
            + "]");
        assertEquals(Map.of("MyProvider", 1, "cpu", 1), NodePlacement.read(profile).nodes());
        Files.writeString(profile, "{}");
        assertThrows(IOException.class, () -> NodePlacement.read(profile));
    }

    @Test
    void aGpuSessionThatFallsBackWarnsAfterItsFirstRun() {
        try (SessionCache cache = cacheWithIdleProvider(PlacementCheck.WARN);
            SessionLease lease = cache.lease(OrtFixtures.GRAPHS.resolve("external.onnx"), List.of(ExecutionProvider.PLUGIN, ExecutionProvider.CPU))) {
            assertTrue(lease.placement().isEmpty() && lease.placementWarning().isEmpty(), "not known before the first run");
            assertArrayEquals(new float[] {0, 1, 2, 3}, run(lease));
            assertEquals(Map.of("MatMul", 1), lease.placement().orElseThrow().heavyOnCpu());
            final String warning = lease.placementWarning().orElseThrow();
            assertTrue(warning.contains("external.onnx runs partly on the CPU") && warning.contains("1 MatMul") && warning.contains("cpu 1"), warning);
            assertArrayEquals(new float[] {0, 1, 2, 3}, run(lease), "and goes on working");
        }
    }

    @Test
    void strictMakesItAnError() {
        try (SessionCache cache = cacheWithIdleProvider(PlacementCheck.STRICT);
            SessionLease lease = cache.lease(OrtFixtures.GRAPHS.resolve("external.onnx"), List.of(ExecutionProvider.PLUGIN, ExecutionProvider.CPU))) {
            final String message = assertThrows(DiffusionJException.class, () -> run(lease)).getMessage();
            assertTrue(message.contains("1 MatMul") && message.contains("provider.strict"), message);
        }
    }

    @Test
    void aSessionOnTheCpuIsNotProfiled() {
        try (SessionCache cache = OrtFixtures.newCache(); SessionLease lease = OrtFixtures.lease(cache, "external")) {
            run(lease);
            assertTrue(lease.placement().isEmpty());
        }
    }

    /** Stands for a GPU provider that takes no node: nothing is added to the session, so all of it falls back. */
    private static SessionCache cacheWithIdleProvider(final PlacementCheck check) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        return new SessionCache(onnx, new ExecutionProviders(onnx, OrtFixtures.options(true, check), (session, provider) -> "idle"));
    }

    private static float[] run(final SessionLease lease) {
        try (ModelCall call = lease.newCall()) {
            call.input(lease.inputs().get(0), 1, 4).put(new float[] {1, 0, 0, 0});
            final TensorBuffer y = call.output(lease.outputs().get(0), 1, 4);
            call.run(new CancelToken());
            return y.toFloats();
        }
    }
}
