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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.ElementType;
import net.diffusionj.testing.OrtFixtures;

/** Runs toy graphs whose results are known by hand. */
class ModelCallTest {

    private SessionCache cache;

    @BeforeEach
    void open() {
        cache = OrtFixtures.newCache();
    }

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void convertsToAndFromFloat16() {
        try (SessionCache asItIs = OrtFixtures.cacheWithoutRewriting(); SessionLease lease = OrtFixtures.lease(asItIs, "half");
            ModelCall call = lease.newCall()) {
            assertEquals(ElementType.FLOAT16, OrtFixtures.input(lease, "x").type());
            final TensorBuffer x = call.input(OrtFixtures.input(lease, "x"), 2, 4);
            final TensorBuffer y = call.output(OrtFixtures.output(lease, "y"), 2, 4);
            x.put(new float[] {0, 1, -2, 0.5f}, 0, 1);
            x.put(new float[] {1, 2, 3, 4}, 4, 10);
            call.run(new CancelToken());
            assertArrayEquals(new float[] {1, 3, -3, 2, 21, 41, 61, 81}, y.toFloats());
        }
    }

    @Test
    void takesEveryNumberType() {
        try (SessionLease lease = OrtFixtures.lease(cache, "types"); ModelCall call = lease.newCall()) {
            call.input(OrtFixtures.input(lease, "a"), 2).put(new int[] {1, 2}, 0);
            call.input(OrtFixtures.input(lease, "b"), 2).put(new int[] {10, 20}, 0);
            call.input(OrtFixtures.input(lease, "c"), 2).put(new float[] {0.25f, 0.5f});
            final TensorBuffer sum = call.output(OrtFixtures.output(lease, "sum"), 2);
            call.run(new CancelToken());
            assertArrayEquals(new float[] {11.25f, 22.5f}, sum.toFloats());
        }
    }

    @Test
    void fillsAScalarAndRunsAgainIntoTheSameOutput() {
        try (SessionLease lease = OrtFixtures.lease(cache, "scalar"); ModelCall call = lease.newCall()) {
            final TensorBuffer sample = call.input(OrtFixtures.input(lease, "sample"), 1, 2);
            final TensorBuffer timestep = call.input(OrtFixtures.input(lease, "timestep"));
            final TensorBuffer out = call.output(OrtFixtures.output(lease, "out"), 1, 2);
            sample.put(new float[] {3, -4});
            timestep.fill(2.5);
            call.run(new CancelToken());
            assertArrayEquals(new float[] {7.5f, -10}, out.toFloats());
            timestep.fill(10);
            call.run(new CancelToken());
            assertArrayEquals(new float[] {30, -40}, out.toFloats());
            assertTrue(call.runNanos() > 0);
        }
    }

    @Test
    void pinsAnOutputWhoseShapeTheGraphLeavesOpen() {
        try (SessionLease lease = OrtFixtures.lease(cache, "symbolic"); ModelCall call = lease.newCall()) {
            final TensorBuffer x = call.input(OrtFixtures.input(lease, "x"), 1, 4, 1, 2);
            final TensorBuffer y = call.output(OrtFixtures.output(lease, "y"), 1, 3, 2, 4);
            x.put(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
            call.run(new CancelToken());
            assertArrayEquals(new float[] {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4, 5, 5, 6, 6, 5, 5, 6, 6}, y.toFloats());
        }
    }

    @Test
    void readsExternalWeights() {
        try (SessionLease lease = OrtFixtures.lease(cache, "external"); ModelCall call = lease.newCall()) {
            call.input(OrtFixtures.input(lease, "x"), 1, 4).put(new float[] {1, 0, 0, 1});
            final TensorBuffer y = call.output(OrtFixtures.output(lease, "y"), 1, 4);
            call.run(new CancelToken());
            assertArrayEquals(new float[] {12, 14, 16, 18}, y.toFloats());
        }
    }

    @Test
    void refusesAShapeThatTheGraphCannotTake() {
        try (SessionLease lease = OrtFixtures.lease(cache, "broadcast"); ModelCall call = lease.newCall()) {
            final DiffusionJException e = assertThrows(DiffusionJException.class, () -> call.input(OrtFixtures.input(lease, "x"), 2, 5));
            assertTrue(e.getMessage().contains("broadcast.onnx") && e.getMessage().contains("[2, 5]") && e.getMessage().contains("x float32[-1, 4]"),
                e.getMessage());
        }
    }

    @Test
    void namesFileExpectedAndFoundWhenARunFails() {
        try (SessionLease lease = OrtFixtures.lease(cache, "symbolic"); ModelCall call = lease.newCall()) {
            call.input(OrtFixtures.input(lease, "x"), 1, 4, 1, 2);
            call.output(OrtFixtures.output(lease, "y"), 1, 3, 7, 7);
            final DiffusionJException e = assertThrows(DiffusionJException.class, () -> call.run(new CancelToken()));
            assertTrue(e.getMessage().contains(Path.of("ort", "symbolic.onnx").toString()) && e.getMessage().contains("Expected [x float32"), e.getMessage());
            assertEquals(ai.onnxruntime.OrtException.class, e.getCause().getClass());
        }
    }

    @Test
    void refusesMoreValuesThanTheTensorHolds() {
        try (SessionLease lease = OrtFixtures.lease(cache, "half"); ModelCall call = lease.newCall()) {
            final TensorBuffer x = call.input(OrtFixtures.input(lease, "x"), 1, 4);
            assertThrows(IllegalArgumentException.class, () -> x.put(new float[5]));
            assertThrows(IllegalArgumentException.class, () -> x.put(new float[4], 1, 1));
            assertEquals(List.of(1L, 4L), List.of(x.shape()[0], x.shape()[1]));
        }
    }
}
