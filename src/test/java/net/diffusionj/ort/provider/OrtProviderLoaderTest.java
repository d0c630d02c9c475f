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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OrtFixtures;

/**
 * What our options say to ONNX Runtime. The words are those of its documentation: onnxruntime.ai, execution providers, CUDA and TensorRT. Whether a GPU does
 * accordingly no test here can tell; a CPU's options are tried on a session.
 */
class OrtProviderLoaderTest {

    @Test
    void cudaByDefaultHoldsNoMoreThanItNeeds() {
        assertEquals(Map.of("arena_extend_strategy", "kSameAsRequested", "cudnn_conv_algo_search", "HEURISTIC", "use_tf32", "1"),
            OrtProviderLoader.cuda(ProviderOptions.DEFAULTS.cuda()));
    }

    @Test
    void everyCudaOptionIsSaid() {
        assertEquals(Map.of("gpu_mem_limit", "6442450944", "arena_extend_strategy", "kNextPowerOfTwo", "cudnn_conv_algo_search", "EXHAUSTIVE", "use_tf32", "0"),
            OrtProviderLoader.cuda(new ProviderOptions.Cuda(1, OptionalLong.of(6L << 30), ProviderOptions.CudaArena.NEXT_POWER_OF_TWO,
                ProviderOptions.CudaConvolutionSearch.EXHAUSTIVE, false)));
    }

    @Test
    void tensorRtKeepsEnginesAndTimings() {
        final String cache = Path.of("home", "cache", "tensorrt").toString();
        assertEquals(Map.of("trt_engine_cache_enable", "1", "trt_engine_cache_path", cache, "trt_timing_cache_enable", "1", "trt_timing_cache_path", cache,
            "trt_fp16_enable", "0"), OrtProviderLoader.tensorRt(ProviderOptions.DEFAULTS.tensorRt(), Path.of(cache)));
        assertEquals("1048576", OrtProviderLoader.tensorRt(new ProviderOptions.TensorRt(0, true, OptionalLong.of(1 << 20)), Path.of(cache))
            .get("trt_max_workspace_size"));
    }

    @Test
    void threadsAndAffinityReachTheSession() {
        try (SessionCache pinned = cache(new ProviderOptions.Cpu(2, "1", false, true)); SessionLease lease = OrtFixtures.lease(pinned, "scalar")) {
            assertEquals(8, OrtFixtures.runScalar(lease)[1]);
        }
        // Two threads, of which one is the caller's own, take one entry: ONNX Runtime itself refuses two.
        try (SessionCache wrong = cache(new ProviderOptions.Cpu(2, "1;2", true, true))) {
            final RuntimeException e = assertThrows(RuntimeException.class, () -> OrtFixtures.lease(wrong, "scalar").close());
            assertTrue(e.getMessage().toLowerCase(Locale.ROOT).contains("affinit"), e.getMessage());
        }
    }

    private static SessionCache cache(final ProviderOptions.Cpu cpu) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        final ProviderOptions all = ProviderOptions.DEFAULTS;
        return new SessionCache(onnx, new ExecutionProviders(onnx, new ProviderOptions(cpu, all.cuda(), all.tensorRt(), all.openVino(), all.directMl(),
            all.coreMl(), all.plugIns(), all.half(), all.placement())));
    }
}
