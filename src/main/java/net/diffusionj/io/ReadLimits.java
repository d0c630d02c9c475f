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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a file may make this process allocate. Every reader of this package asks here before it makes an array whose size a file gave: a header of a few
 * bytes may claim gigabytes. Stateless and thread-safe.
 */
final class ReadLimits {

    /** An image is held as planes, then as an {@code Img}, and its file may be in memory too. */
    private static final int COPIES = 3;
    private static final long MEBIBYTE = 1L << 20;

    private ReadLimits() {}

    /** More than there is memory for: the file may be sound. */
    static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        private TooLargeException(final String message) {
            super(message);
        }
    }

    /**
     * Checks a size before any memory is asked for.
     *
     * @param width as the file claims it
     * @param height as the file claims it
     * @param planes of that size
     * @param bytesEach of one value here
     * @throws IOException if there is no such picture, or too little memory for it
     */
    static void checkSize(final long width, final long height, final double planes, final int bytesEach) throws IOException {
        if (width < 1 || height < 1) {
            throw new IOException("it claims a size of " + width + " x " + height);
        }
        final double values = (double) width * height * planes;
        if (values > Planes.MOST_VALUES) {
            throw new TooLargeException(
                String.format(Locale.ROOT, "it claims a size of %d x %d, in all %.0f values, more than can be read at once (2^31)", width, height,
                    values));
        }
        final double bytes = values * bytesEach;
        final long most = Runtime.getRuntime().maxMemory() / COPIES;
        if (bytes > most) {
            throw new TooLargeException(
                String.format(Locale.ROOT, "it claims a size of %d x %d, in all %.0f MB of pixels, and Java's memory (-Xmx) has room for %d MB of them",
                    width, height, Math.ceil(bytes / MEBIBYTE), most / MEBIBYTE));
        }
    }

    /**
     * Checks that a file fits into memory together with what it unfolds to.
     *
     * @param file to be read whole
     * @throws IOException if it is too large
     */
    static void checkFile(final Path file) throws IOException {
        final long most = Runtime.getRuntime().maxMemory() / COPIES;
        if (Files.size(file) > most) {
            throw new TooLargeException("it has " + Files.size(file) / MEBIBYTE + " MB, and Java's memory (-Xmx) has room for " + most / MEBIBYTE + " MB");
        }
    }

    /**
     * Checks that a size is possible at all for so few bytes, before memory is asked for.
     *
     * @param width as the file claims it
     * @param height as the file claims it
     * @param unpacked bytes that the stored ones should give
     * @param stored bytes there are
     * @param mostRatio how many bytes one stored byte can give at most
     * @throws IOException if there are too few
     */
    static void checkRatio(final long width, final long height, final double unpacked, final long stored, final int mostRatio) throws IOException {
        if (unpacked > ((double) stored + Long.BYTES) * mostRatio) {
            throw new IOException("it claims a size of " + width + " x " + height + ", which its " + stored + " bytes of pixel data cannot hold");
        }
    }
}
