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
package net.diffusionj.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

import net.diffusionj.InvalidInputException;

/**
 * What a client must know: sent as {@code Authorization: Bearer TOKEN}, or as the password of {@code Basic}, which older clients send. Compared in a time that
 * does not depend on where two differ; never shown. Immutable.
 */
public final class Token {

    private static final int SHORTEST = 16;

    private final byte[] hash;

    /**
     * @param text at least 16 characters without blanks
     * @throws InvalidInputException if it is shorter, or has other characters
     */
    public Token(final String text) {
        if (text.length() < SHORTEST || !text.matches("[\\x21-\\x7e]+")) {
            throw new InvalidInputException(
                "A token should have at least " + SHORTEST + " letters, digits or signs, without blanks. Make one with: openssl rand"
                    + " -hex 24");
        }
        hash = hash(text);
    }

    private static byte[] hash(final String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        }
        catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @param authorization the header; empty where there is none
     *  @return whether it has this token */
    boolean isIn(final String authorization) {
        final String[] parts = authorization.strip().split("\\s+", 2);
        if (parts.length < 2) return false;
        if (parts[0].equalsIgnoreCase("Bearer")) return MessageDigest.isEqual(hash, hash(parts[1]));
        return parts[0].equalsIgnoreCase("Basic") && MessageDigest.isEqual(hash, hash(password(parts[1])));
    }

    private static String password(final String base64) {
        try {
            final String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        }
        catch (final IllegalArgumentException e) {
            // Not base64, so not the token.
            return "";
        }
    }

    @Override
    public String toString() {
        return "a token";
    }
}
