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
package net.diffusionj.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import net.diffusionj.DiffusionJException;

import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;

/** SHA-256 of a picture's values, the same from every file that holds them. Stateless. */
final class PixelHash {

    private PixelHash() {}

    /** @param planes the picture
     *  @param type of its pixels
     *  @return 64 hexadecimal digits; see {@link SourceImage#pixelSha256()} for what is hashed */
    static String of(final SourcePlanes planes, final RealType<?> type) {
        final int bytesEach = Math.max(type.getBitsPerPixel() / Byte.SIZE, 1);
        final ByteBuffer bytes = ByteBuffer.allocate(planes.widthPx() * planes.channels() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        final MessageDigest digest = sha256();
        planes.rows(row -> {
            bytes.clear();
            for (final double value : row) put(bytes, value, type, bytesEach);
            digest.update(bytes.flip());
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void put(final ByteBuffer bytes, final double value, final RealType<?> type, final int bytesEach) {
        if (!(type instanceof IntegerType<?>)) {
            if (bytesEach == Float.BYTES) bytes.putFloat((float) value);
            else bytes.putDouble(value);
            return;
        }
        final long whole = (long) value;
        for (int i = 0; i < bytesEach; i++) bytes.put((byte) (whole >> Byte.SIZE * i));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException e) {
            throw new DiffusionJException("This Java has no SHA-256, which every Java must have. Use another.", e);
        }
    }
}
