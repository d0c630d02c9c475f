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

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How each execution provider is to work, for all sessions alike. Nothing here reads a file or a property; whoever makes sessions hands it in.
 *
 * @param cpu the CPU
 * @param cuda NVIDIA's CUDA
 * @param tensorRt NVIDIA's TensorRT
 * @param openVino Intel's OpenVINO
 * @param directMl Windows' DirectML
 * @param coreMl Apple's CoreML
 * @param plugIns provider libraries that are not part of ONNX Runtime, tried in this order
 * @param half what happens to models that compute in float16
 * @param placement what happens where a GPU session leaves heavy nodes to the CPU
 */
public record ProviderOptions(Cpu cpu, Cuda cuda, TensorRt tensorRt, OpenVino openVino, DirectMl directMl, CoreMl coreMl, List<Path> plugIns, Half half,
    PlacementCheck placement) {

    /** What sessions get by default. */
    public static final ProviderOptions DEFAULTS = new ProviderOptions(new Cpu(0, "", true, true),
        new Cuda(0, OptionalLong.empty(), CudaArena.SAME_AS_REQUESTED, CudaConvolutionSearch.HEURISTIC, true),
        new TensorRt(0, false, OptionalLong.empty()), new OpenVino("AUTO:GPU,CPU"), new DirectMl(0), new CoreMl(CoreMlUnits.ALL), List.of(),
        new Half(true, 20L << 30), PlacementCheck.WARN);

    /** Copies the list. */
    public ProviderOptions {
        plugIns = List.copyOf(plugIns);
    }

    /**
     * @param threads threads that one model call computes with; 0 for one per physical core
     * @param affinity ONNX Runtime's affinity string, such as "1;2", processors counted from 1, one entry less than threads; empty for none
     * @param spinning whether threads wait for work by spinning while a call runs: quicker hand-over from node to node
     * @param int8 whether a model's form in int8 is opened in its place where that is faster
     */
    public record Cpu(int threads, String affinity, boolean spinning, boolean int8) {
        /** Checks the number. */
        public Cpu {
            if (threads < 0) throw new IllegalArgumentException("threads should be 0 or more, not " + threads);
        }
    }

    /**
     * @param deviceId index of the GPU, from 0
     * @param memoryBytes most that ONNX Runtime's arena may take of its memory; empty for all of it
     * @param arena how the arena grows
     * @param convolutionSearch how cuDNN's algorithms are chosen
     * @param tf32 whether float32 products may be computed with TensorFloat-32's 10-bit mantissa: faster since Ampere, slightly other images
     */
    public record Cuda(int deviceId, OptionalLong memoryBytes, CudaArena arena, CudaConvolutionSearch convolutionSearch, boolean tf32) {}

    /** How the CUDA arena grows; the names are ONNX Runtime's. */
    public enum CudaArena {
        /** By as much as was asked for: no more than needed is held. */
        SAME_AS_REQUESTED("kSameAsRequested"),
        /** By powers of two: fewer allocations, up to twice the memory. */
        NEXT_POWER_OF_TWO("kNextPowerOfTwo");

        private final String ortName;

        CudaArena(final String ortName) {
            this.ortName = ortName;
        }

        String ortName() {
            return ortName;
        }
    }

    /** How cuDNN's convolution algorithms are chosen. */
    public enum CudaConvolutionSearch {
        /** Measures all at the first run of a shape: slow first image, fastest afterwards. */
        EXHAUSTIVE,
        /** Asks cuDNN's heuristic. */
        HEURISTIC,
        /** Takes one without asking. */
        DEFAULT
    }

    /**
     * @param deviceId index of the GPU, from 0
     * @param fp16 whether engines may compute in float16
     * @param workspaceBytes most that building an engine may take; empty for TensorRT's own limit
     */
    public record TensorRt(int deviceId, boolean fp16, OptionalLong workspaceBytes) {}

    /** @param deviceType OpenVINO's name of a device, such as CPU, GPU, NPU or AUTO:GPU,CPU */
    public record OpenVino(String deviceType) {}

    /**
     * @param rewriteForCpu whether a model that computes in float16 is rewritten once to compute in float32 where it runs on the CPU
     * @param cacheBytes most disk space of rewritten models
     */
    public record Half(boolean rewriteForCpu, long cacheBytes) {}

    /** @param deviceId index of the display adapter, from 0 */
    public record DirectMl(int deviceId) {}

    /** @param units which of Apple's processors to use */
    public record CoreMl(CoreMlUnits units) {}

    /** Which of Apple's processors CoreML may use; the names are CoreML's. */
    public enum CoreMlUnits {
        ALL("ALL"), CPU_AND_GPU("CPUAndGPU"), CPU_AND_NEURAL_ENGINE("CPUAndNeuralEngine"), CPU_ONLY("CPUOnly");

        private final String ortName;

        CoreMlUnits(final String ortName) {
            this.ortName = ortName;
        }

        String ortName() {
            return ortName;
        }
    }
}
