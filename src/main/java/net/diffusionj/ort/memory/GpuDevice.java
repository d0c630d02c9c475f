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
package net.diffusionj.ort.memory;

import java.util.List;
import java.util.Optional;

import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ProviderOptions;

/**
 * A GPU whose memory sessions share, whichever provider opened them: CUDA and TensorRT on one card take from the same bytes.
 *
 * @param provider the provider by which the device is counted; CUDA for every NVIDIA GPU
 * @param index as that provider counts its devices, from 0
 */
public record GpuDevice(ExecutionProvider provider, int index) {

    /**
     * @param providers what a session runs on, the preferred one first
     * @param options have the indices
     * @return the device that holds the session's weights; empty for the CPU
     */
    public static Optional<GpuDevice> of(final List<ExecutionProvider> providers, final ProviderOptions options) {
        return switch (providers.get(0)) {
            case CPU -> Optional.empty();
            case CUDA -> Optional.of(new GpuDevice(ExecutionProvider.CUDA, options.cuda().deviceId()));
            case TENSORRT -> Optional.of(new GpuDevice(ExecutionProvider.CUDA, options.tensorRt().deviceId()));
            case DIRECTML -> Optional.of(new GpuDevice(ExecutionProvider.DIRECTML, options.directMl().deviceId()));
            case OPENVINO, COREML, PLUGIN -> Optional.of(new GpuDevice(providers.get(0), 0));
        };
    }

    @Override
    public String toString() {
        return provider.id() + ' ' + index;
    }
}
