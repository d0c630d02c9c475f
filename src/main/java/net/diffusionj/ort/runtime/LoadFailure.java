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
package net.diffusionj.ort.runtime;

import java.util.Locale;
import java.util.regex.Pattern;

/** Why ONNX Runtime did not load, in words for the user: what was found, what was wanted, what to do. Stateless. */
final class LoadFailure {

    private static final Pattern DAMAGED = Pattern.compile("file too short|invalid elf header|not a mach-o|not a valid win32|truncated|elf file data encoding"
        + "|elf load command|cannot read file data");

    private LoadFailure() {}

    /**
     * @param failure what loading threw
     * @param where the folder of the libraries, in a phrase
     * @param version of the ONNX Runtime whose classes were found
     * @param classes where they were found
     * @return a sentence or two
     */
    static String inPlainWords(final Throwable failure, final String where, final String version, final String classes) {
        final Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        final String text = String.valueOf(cause.getMessage());
        final String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("already loaded in another classloader")) {
            return "ONNX Runtime's native library in " + where + " is in use by another plugin, which has loaded it for itself (" + text
                + "). Start again without the system property " + NativeLibraries.PATH_PROPERTY + ", so that DiffusionJ gets a copy of its own.";
        }
        if (DAMAGED.matcher(lower).find()) {
            return "ONNX Runtime's native library in " + where + " is damaged (" + text + "). Delete that folder and start again; it is then unpacked again.";
        }
        if (failure instanceof NoSuchMethodError || failure instanceof NoSuchFieldError || cause instanceof NoSuchMethodError) {
            return "Another version of ONNX Runtime came first: " + version + " in " + classes + ", which lacks " + text
                + ". DiffusionJ needs the version that it"
                + " comes with. Remove the other jar, or update the plugin that brings it.";
        }
        return "ONNX Runtime's native library did not load from " + where + ": " + text + ". It needs a 64-bit Java on Linux, Windows or macOS.";
    }
}
