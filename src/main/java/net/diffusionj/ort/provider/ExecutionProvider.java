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

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What runs a model: a kind of hardware and the ONNX Runtime library for it. */
public enum ExecutionProvider {
    CPU("the CPU", "CPUExecutionProvider"),
    CUDA("CUDA", "CUDAExecutionProvider"),
    TENSORRT("TensorRT", "TensorrtExecutionProvider"),
    DIRECTML("DirectML", "DmlExecutionProvider"),
    OPENVINO("OpenVINO", "OpenVINOExecutionProvider"),
    COREML("CoreML", "CoreMLExecutionProvider"),
    /** A library that is not part of ONNX Runtime and was registered by its path. */
    PLUGIN("the plug-in provider", "");

    private final String label;
    private final String ortName;

    ExecutionProvider(final String label, final String ortName) {
        this.label = label;
        this.ortName = ortName;
    }

    /** @return the name that options, settings and messages use, such as "cuda" */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the name in a sentence, such as "DirectML" */
    public String label() {
        return label;
    }

    /**
     * @param ortName a provider's name as ONNX Runtime's profiles and devices have it
     * @return the provider; empty for one that comes as a plug-in
     */
    static Optional<ExecutionProvider> ofOrtName(final String ortName) {
        return Arrays.stream(values()).filter(provider -> provider != PLUGIN && provider.ortName.equals(ortName)).findFirst();
    }
}
