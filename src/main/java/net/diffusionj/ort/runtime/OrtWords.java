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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ONNX Runtime says, fit to be quoted: without its error codes, the places in its source code, the paths of the machine it was built on, and
 * characters that a terminal would act on.
 */
final class OrtWords {

    private static final int MOST_CHARACTERS = 300;
    private static final Pattern CODE = Pattern.compile("^\\s*(?:Error code - \\w+ - message:\\s*)?");
    private static final Pattern LOADING = Pattern.compile("^Load model from .{0,4096}? failed:\\s*");
    private static final Pattern SOURCE_PLACE =
        Pattern.compile("(?:\\S*[/\\\\])?[\\w+-]+\\.(?:cc|cpp|cxx|h|hpp|cu|cuh)(?::\\d+|\\(\\d+\\))(?: [A-Z][a-z]+[A-Z]\\w*(?= ))?:?\\s*");
    private static final Pattern BEFORE_ARGUMENTS = Pattern.compile("[\\w:~<>,*& ]{1,400}\\(");
    private static final Pattern AFTER_ARGUMENTS = Pattern.compile("(?: const)?(?: \\[with [^\\]]*\\]+)?\\s*");
    private static final Pattern NODE =
        Pattern.compile("Non-zero status code returned while running (\\w+) node\\. Name:'([^']*)' Status Message:\\s*");
    private static final Pattern INNER_CODE = Pattern.compile("\\[ONNXRuntimeError\\] : \\d+ : \\w+ : ");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\uFFFD]");

    private OrtWords() {}

    /**
     * @param message of an {@code OrtException}
     * @return its first line in quotation marks, to stand in a sentence of ours
     */
    static String quoted(final String message) {
        String text = CODE.matcher(message).replaceFirst("").lines().filter(line -> !line.isBlank()).findFirst().orElse("nothing").strip();
        text = LOADING.matcher(text).replaceFirst("");
        text = INNER_CODE.matcher(text).replaceAll("");
        text = withoutSourcePlaces(text);
        text = NODE.matcher(text).replaceAll(found -> Matcher.quoteReplacement("node " + found.group(2) + " (" + found.group(1) + "): "));
        text = CONTROL.matcher(text).replaceAll("?").strip();
        while (text.endsWith(".")) text = text.substring(0, text.length() - 1);
        return '"' + (text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text) + '"';
    }

    private static String withoutSourcePlaces(final String text) {
        final StringBuilder kept = new StringBuilder();
        int from = 0;
        final Matcher place = SOURCE_PLACE.matcher(text);
        while (place.find(from)) {
            kept.append(text, from, place.start());
            from = afterSignature(text, place.end());
        }
        return kept.append(text, from, text.length()).toString();
    }

    /** The name of a C++ function with its arguments, which may hold parentheses themselves, follows a place in the source. */
    private static int afterSignature(final String text, final int start) {
        final Matcher name = BEFORE_ARGUMENTS.matcher(text).region(start, text.length());
        if (!name.lookingAt() || !name.group().contains("::")) return start;
        int open = 1;
        int i = name.end();
        for (; i < text.length() && open > 0; i++) {
            if (text.charAt(i) == '(') open++;
            else if (text.charAt(i) == ')') open--;
        }
        final Matcher after = AFTER_ARGUMENTS.matcher(text).region(i, text.length());
        return after.lookingAt() ? after.end() : i;
    }

    /** @param message of an {@code OrtException}
     *  @return whether the machine is at fault: a graphics card or its libraries, the disk, the limits of the process */
    static boolean tellOfTheMachine(final String message) {
        final String lower = message.toLowerCase(Locale.ROOT);
        for (final String sign : new String[] {"cuda", "cudnn", "cublas", "cufft", "curand", "tensorrt", "directml", "hresult", "openvino", "coreml", "webgpu",
            "vulkan", "permission denied", "too many open files", "no space left", "input/output error", "i/o error", "resource temporarily unavailable",
            "resource deadlock", "operation not permitted", "pthread"}) {
            if (lower.contains(sign)) return true;
        }
        return false;
    }
}
