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
package net.diffusionj;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Names of files and folders as people give them. Java can name only what the locale of the program has characters for: in the locale C, which scheduled
 * jobs and containers have, nothing beyond ASCII.
 */
public final class PathNames {

    private PathNames() {}

    /**
     * @param name the name as given
     * @return its path
     * @throws InvalidInputException if it cannot be one, naming the locale where that is why
     */
    public static Path path(final String name) {
        try {
            return Path.of(name);
        }
        catch (final InvalidPathException e) {
            throw refused(e);
        }
    }

    /**
     * @param failure of Java's, for a name that it could not take
     * @return a sentence for whoever gave the name
     */
    public static InvalidInputException refused(final InvalidPathException failure) {
        final String name = failure.getInput();
        if (name.chars().allMatch(c -> c < 0x80)) {
            return new InvalidInputException("\"" + name.replaceAll("\\p{Cntrl}", "?") + "\" is not the name of a file or folder: " + failure.getReason() + '.',
                failure);
        }
        return new InvalidInputException("The name \"" + name + "\" has characters that this program's locale does not have. " + locale(), failure);
    }

    /** @return what the locale is, and which one serves */
    public static String locale() {
        return "The locale is " + first("LC_ALL", "LC_CTYPE", "LANG") + ", with the characters of " + System.getProperty("sun.jnu.encoding")
            + ". Start the program in a UTF-8 locale, such as LC_ALL=C.UTF-8.";
    }

    private static String first(final String... variables) {
        for (final String variable : variables) {
            final String value = System.getenv(variable);
            if (value != null && !value.isBlank()) return variable + '=' + value;
        }
        return "C";
    }
}
