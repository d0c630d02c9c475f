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
package net.diffusionj.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

import net.diffusionj.InvalidInputException;

/** What every reader of this package checks first, and how it says that reading failed. */
final class InputFiles {

    private InputFiles() {}

    /**
     * @param file what is to be read
     * @throws InvalidInputException unless it is a readable file with something in it
     */
    static void check(final Path file) {
        if (!Files.exists(file)) {
            throw new InvalidInputException("The file " + file + " does not exist. Check the path.");
        }
        if (Files.isDirectory(file)) {
            throw new InvalidInputException("Expected an image file, but " + file + " is a folder. Name one file in it.");
        }
        if (!Files.isReadable(file)) {
            throw new InvalidInputException("The file " + file + " may not be read by this user. Allow reading it, or copy it.");
        }
        try {
            if (Files.size(file) == 0) {
                throw new InvalidInputException("The file " + file + " is empty (0 bytes). Save or copy it again.");
            }
        }
        catch (final IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * @param file what was read
     * @param cause why it failed
     * @return an exception that says so
     */
    static InvalidInputException unreadable(final Path file, final Exception cause) {
        final String reason;
        if (cause instanceof AccessDeniedException) {
            reason = "this user may not read it";
        }
        else {
            reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage().replaceAll("\\s*\\R\\s*", " ");
        }
        final String remedy = cause instanceof ReadLimits.TooLargeException ? "Use a part of it, or give Java more memory."
            : "Save or copy it again, as TIFF or PNG.";
        return new InvalidInputException("The file " + file + " could not be read: " + reason + ". " + remedy, cause);
    }
}
