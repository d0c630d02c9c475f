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
package net.diffusionj.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Says what a file is that should be a model or a configuration file but is not: the usual results of a download that went wrong.
 * Knows nothing of the format that was expected.
 */
final class FileFault {

    private static final int SNIFFED_BYTES = 512;

    private FileFault() {}

    /**
     * @param file any path
     * @return a sentence that says what is wrong with the file and what to do, empty where its first bytes give no reason for doubt
     */
    static Optional<String> describe(final Path file) {
        if (!Files.exists(file)) return Optional.of(file + " does not exist.");
        if (Files.isDirectory(file)) return Optional.of(file + " is a folder, not a file.");
        if (!Files.isRegularFile(file)) return Optional.of(file + " is a pipe or a device, not a file. Give the file itself.");
        final byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(SNIFFED_BYTES);
        }
        catch (final IOException e) {
            return Optional.of(file + " cannot be read (" + reason(e) + "). Check its permissions.");
        }
        if (head.length == 0) return Optional.of(file + " is empty. Download or copy it again.");
        final String text = new String(head, StandardCharsets.ISO_8859_1).replace("\u00EF\u00BB\u00BF", "").stripLeading();
        if (text.startsWith("version https://git-lfs")) {
            return Optional.of(file + " is a Git LFS pointer, not the file itself. Run \"git lfs pull\" in the folder it came from, or download"
                + " the file itself.");
        }
        final String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype") || lower.startsWith("<html") || lower.startsWith("<?xml") || lower.startsWith("<head")) {
            return Optional.of(file + " is a web page (HTML), not the file itself. Download it again by its direct address.");
        }
        return Optional.empty();
    }

    /** @return an exception's message without the file name that it may begin with, or its class where there is none */
    static String reason(final IOException e) {
        if (e instanceof java.nio.file.AccessDeniedException) return "access denied";
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
