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
package net.diffusionj.home;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256, by which files and results are told apart and damage is seen. An instance is one hash under way: parts are added in their order, then {@link #hex()}
 * or {@link #bytes()} ends it. Adding the same bytes in other pieces gives the same hash, so whoever adds several things adds their lengths too.
 * <p>
 * Not thread-safe.
 * </p>
 */
public final class Sha256 {

    /** Length of a hash in bytes. */
    public static final int BYTES = 32;

    private static final int BUFFER_BYTES = 1 << 18;

    private final MessageDigest digest;

    /** Begins a hash of nothing yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @param text added as UTF-8
     *  @return this */
    public Sha256 add(final String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** @param bytes added whole
     *  @return this */
    public Sha256 add(final byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /** @param bytes added from their position to their limit, which is their position after this
     *  @return this */
    public Sha256 add(final ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** @param source read to the end; stays open
     *  @return this
     *  @throws IOException if reading fails */
    public Sha256 add(final InputStream source) throws IOException {
        return add(source, OutputStream.nullOutputStream());
    }

    private Sha256 add(final InputStream source, final OutputStream copy) throws IOException {
        final byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
            digest.update(buffer, 0, count);
            copy.write(buffer, 0, count);
        }
        return this;
    }

    /** @return the hash, {@value #BYTES} bytes; this begins anew */
    public byte[] bytes() {
        return digest.digest();
    }

    /** @return the hash as 64 hexadecimal digits in lower case; this begins anew */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** @param text hashed as UTF-8
     *  @return 64 hexadecimal digits */
    public static String of(final String text) {
        return new Sha256().add(text).hex();
    }

    /** @param file read whole
     *  @return 64 hexadecimal digits
     *  @throws IOException if it cannot be read */
    public static String of(final Path file) throws IOException {
        return of(Files.newInputStream(file));
    }

    /** @param source read to the end and closed here
     *  @return 64 hexadecimal digits
     *  @throws IOException if reading fails */
    public static String of(final InputStream source) throws IOException {
        return of(source, OutputStream.nullOutputStream());
    }

    /**
     * Hashes what is copied, in one reading.
     *
     * @param source read to the end and closed here
     * @param copy is given what is read; stays open
     * @return 64 hexadecimal digits
     * @throws IOException if reading or writing fails
     */
    public static String of(final InputStream source, final OutputStream copy) throws IOException {
        try (source) {
            return new Sha256().add(source, copy).hex();
        }
    }
}
