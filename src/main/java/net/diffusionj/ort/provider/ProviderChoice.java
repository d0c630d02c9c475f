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
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;

/** What the user asked a model to run on. */
public enum ProviderChoice {
    /** The fastest that works here; the CPU always does. */
    AUTO,
    /** The CPU. */
    CPU,
    /** An NVIDIA GPU, or an error that says why not, as for all that follow. */
    CUDA,
    /** An NVIDIA GPU through engines that are built for each model and size. Slow to start, so never chosen by itself. */
    TENSORRT,
    /** Any GPU on Windows. */
    DIRECTML,
    /** Intel's processors, GPUs and NPUs. */
    OPENVINO,
    /** Apple's GPU and neural engine. */
    COREML,
    /** The first device that works of the libraries named in the settings. */
    PLUGIN;

    /** @return the name that options use, such as "auto" */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the provider that was asked for by name; empty for {@link #AUTO} */
    Optional<ExecutionProvider> provider() {
        return this == AUTO ? Optional.empty() : Optional.of(ExecutionProvider.valueOf(name()));
    }

    /**
     * @param id as the user wrote it; case does not matter
     * @return the choice
     * @throws InvalidInputException if there is none of that name; lists those there are
     */
    public static ProviderChoice parse(final String id) {
        return Arrays.stream(values()).filter(choice -> choice.id().equals(id.toLowerCase(Locale.ROOT).trim())).findFirst()
            .orElseThrow(() -> new InvalidInputException("There is no execution provider '" + id + "'. Choose one of "
                + Arrays.stream(values()).map(ProviderChoice::id).collect(Collectors.joining(", ")) + '.'));
    }
}
