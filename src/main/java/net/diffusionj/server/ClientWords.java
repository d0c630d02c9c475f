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
package net.diffusionj.server;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes of a message for this computer's user one for a client: of a file or folder only its last name is left. Immutable. */
public final class ClientWords {

    private static final Pattern PATH =
        Pattern.compile("(?<![\\w:/\\\\.])(?:[A-Za-z]:)?[/\\\\](?:[^\\s\"'<>|,;:()\\[\\]/\\\\]+[/\\\\])*([^\\s\"'<>|,;:()\\[\\]/\\\\]*)");

    private final List<String> folders;

    /** @param folders of this computer, which may have blanks in their names */
    public ClientWords(final List<Path> folders) {
        this.folders = folders.stream().flatMap(folder -> Stream.of(folder.toString(), folder.toAbsolutePath().normalize().toString())).distinct()
            .filter(folder -> folder.length() > 1).sorted((a, b) -> Integer.compare(b.length(), a.length())).toList();
    }

    /** @param message for this computer's user
     *  @return without the places of files */
    public String of(final String message) {
        String text = message;
        for (final String folder : folders) text = text.replace(folder + '/', "").replace(folder + '\\', "").replace(folder, "the server's folder");
        return PATH.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
    }
}
