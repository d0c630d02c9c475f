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
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tests what the header of a BMP claims against its length, before the JDK's reader believes it. Stateless and thread-safe. */
final class BmpHeader {

    private static final int FILE_HEADER_BYTES = 14;
    private static final int OLD_HEADER_BYTES = 12;
    private static final int BITFIELDS = 3;
    /** Two bytes stand for at most 255 pixels, and lines may end early. */
    private static final int MOST_RATIO = 4096;

    private BmpHeader() {}

    /**
     * @param file an existing BMP
     * @throws IOException if its size is impossible, or it is of a kind that is not read
     */
    static void check(final Path file) throws IOException {
        final byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(FILE_HEADER_BYTES + 40);
        }
        if (start.length < FILE_HEADER_BYTES + OLD_HEADER_BYTES) {
            throw new IOException("it is truncated: it ends inside its header");
        }
        final ByteBuffer header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        final boolean old = header.getInt(FILE_HEADER_BYTES) == OLD_HEADER_BYTES;
        if (!old && start.length < FILE_HEADER_BYTES + 40) {
            throw new IOException("it is truncated: it ends inside its header");
        }
        final long width = old ? Short.toUnsignedInt(header.getShort(18)) : header.getInt(18);
        final long height = old ? header.getShort(20) : header.getInt(22);
        final int bits = Short.toUnsignedInt(header.getShort(old ? 24 : 28));
        final int compression = old ? 0 : header.getInt(30);
        if (compression < 0 || compression > BITFIELDS) {
            throw new IOException("it is a BMP of compression " + compression + ", which is not read here");
        }
        if (bits < 1 || bits > 32) {
            throw new IOException("it claims " + bits + " bits a pixel");
        }
        final double rowBytes = Math.ceil(width * bits / 32.0) * 4;
        final boolean plain = compression == 0 || compression == BITFIELDS;
        ReadLimits.checkRatio(width, Math.abs(height), rowBytes * Math.abs(height), Files.size(file), plain ? 1 : MOST_RATIO);
        // Palettes and packed colours become three channels of bytes on the way.
        ReadLimits.checkSize(width, Math.abs(height), bits > 8 ? 4 : 3, 1);
    }
}
