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
package net.diffusionj.service.remote;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * One piece of what a server says while it works: a kind, a length of 4 bytes, and so many bytes.
 *
 * @param kind what it is
 * @param payload its bytes; not copied
 */
record Frame(Kind kind, byte[] payload) {

    /** Before the payload. */
    static final int HEAD_BYTES = 1 + Integer.BYTES;

    /** What a frame says. */
    enum Kind {

        /** Nothing but that the server is there. */
        HEARTBEAT('H'),
        /** JSON: what a listener is told. */
        EVENT('E'),
        /** A {@link ResultMessage} without anything but pixels: a preview. */
        PREVIEW('P'),
        /** The same, with the image's index in its settings. */
        IMAGE('I'),
        /** A {@link ResultMessage}; as many as the request has branches. */
        RESULT('R'),
        /** JSON: it was cancelled, at which stage. The last frame. */
        CANCELLED('C'),
        /** JSON as in a refusal. The last frame. */
        FAILED('F'),
        /** There is nothing more. */
        END('Z');

        private final char letter;

        Kind(final char letter) {
            this.letter = letter;
        }

        private static Optional<Kind> of(final int letter) {
            return Arrays.stream(values()).filter(kind -> kind.letter == letter).findFirst();
        }
    }

    static Frame of(final Kind kind, final JsonObject json) {
        return new Frame(kind, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Frame of(final Kind kind) {
        return new Frame(kind, new byte[0]);
    }

    /** @return the bytes before the payload */
    byte[] head() {
        return ByteBuffer.allocate(HEAD_BYTES).put((byte) kind.letter).putInt(payload.length).array();
    }

    /** @return the payload's JSON
     *  @throws IOException if it is none */
    JsonObject json() throws IOException {
        try {
            return JsonParser.parseString(new String(payload, StandardCharsets.UTF_8)).getAsJsonObject();
        }
        catch (final JsonParseException | IllegalStateException e) {
            throw new IOException("a message that is no JSON", e);
        }
    }

    /**
     * @param in stands before a frame
     * @return the frame
     * @throws IOException if it ends early, or anything else comes
     */
    static Frame read(final DataInputStream in) throws IOException {
        final int letter = in.readUnsignedByte();
        final Kind kind = Kind.of(letter).orElseThrow(() -> new IOException("a message of the unknown kind " + letter));
        final int length = in.readInt();
        if (length < 0) throw new IOException("a message of " + length + " bytes");
        // Grows as bytes come, so that a length alone takes no memory.
        final byte[] payload = in.readNBytes(length);
        if (payload.length < length) throw new EOFException();
        return new Frame(kind, payload);
    }
}
