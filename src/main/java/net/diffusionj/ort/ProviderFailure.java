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
package net.diffusionj.ort;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns ONNX Runtime's account of why a provider did not start into a sentence that says what to install. */
final class ProviderFailure {

    private static final Pattern MISSING_LINUX = Pattern.compile("(lib[\\w.+-]+\\.so[\\w.]*): cannot open shared object file");
    private static final Pattern MISSING_WINDOWS = Pattern.compile("error (126|127)\\D");

    private ProviderFailure() { }

    /**
     * @param message of an {@code OrtException}
     * @return one or two sentences, ending with a full stop
     */
    static String inPlainWords(final String message) {
        final Matcher linux = MISSING_LINUX.matcher(message);
        if (linux.find()) {
            final String library = linux.group(1);
            return "the library " + library + " is missing. Install " + packageOf(library) + " and make sure that the loader finds it.";
        }
        if (MISSING_WINDOWS.matcher(message).find()) {
            return "a DLL that the CUDA provider needs is missing. Install CUDA 12 and cuDNN 9 and put their folders on the PATH.";
        }
        final String firstLine = message.lines().findFirst().orElse(message).trim();
        return "ONNX Runtime says: " + firstLine + (firstLine.endsWith(".") ? "" : ".");
    }

    private static String packageOf(final String library) {
        if (library.startsWith("libcudnn")) return "cuDNN " + majorOf(library, "9");
        if (library.startsWith("libcuda.so")) return "the NVIDIA driver";
        if (library.startsWith("libnvinfer") || library.startsWith("libnvonnxparser")) return "TensorRT";
        return "the CUDA " + majorOf(library, "12") + " runtime";
    }

    private static String majorOf(final String library, final String otherwise) {
        final Matcher version = Pattern.compile("\\.so\\.(\\d+)").matcher(library);
        return version.find() ? version.group(1) : otherwise;
    }
}
