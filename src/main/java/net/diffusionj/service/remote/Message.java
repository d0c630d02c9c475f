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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

import net.diffusionj.InvalidInputException;
import net.diffusionj.service.LatentImage;

/** What all messages are like: a line that names the kind, the length of a JSON header, the header, and blocks of values. Stateless. */
final class Message {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private Message() {}

    /** Blocks of values, which write themselves. */
    interface Block {

        /** @return how many bytes it takes */
        long bytes();

        /** @param out has room for it */
        void write(ByteBuffer out);
    }

    /**
     * A message taken apart.
     *
     * @param header its header
     * @param blocks stands at the first block
     */
    record Parts<H>(H header, ByteBuffer blocks) {}

    /**
     * @param kind of message
     * @param header its header
     * @param blocks what comes behind, in their order
     * @return the message, in an array that is no longer
     * @throws InvalidInputException if it would be longer than an array can be
     */
    static byte[] encode(final String kind, final Object header, final List<Block> blocks) {
        final byte[] line = line(kind);
        final byte[] json = GSON.toJson(header).getBytes(StandardCharsets.UTF_8);
        final long length = line.length + Integer.BYTES + json.length + blocks.stream().mapToLong(Block::bytes).sum();
        if (length > LONGEST)
            throw new InvalidInputException("The images are too large to be sent: " + length + " bytes together. Send smaller ones, or fewer.");
        final ByteBuffer out = ByteBuffer.allocate((int) length).put(line).putInt(json.length).put(json);
        blocks.forEach(block -> block.write(out));
        return out.array();
    }

    static Block block(final RandomAccessibleInterval<?> image) {
        return new Block() {

            @Override
            public long bytes() {
                return PixelBlock.bytes(image);
            }

            @Override
            public void write(final ByteBuffer out) {
                PixelBlock.write(image, out);
            }
        };
    }

    static Block block(final LatentImage latents) {
        return new Block() {

            @Override
            public long bytes() {
                return (long) latents.values().length * Float.BYTES;
            }

            @Override
            public void write(final ByteBuffer out) {
                out.asFloatBuffer().put(latents.values());
                out.position(out.position() + (int) bytes());
            }
        };
    }

    static <H> Parts<H> decode(final String kind, final byte[] message, final Class<H> type) {
        final byte[] line = line(kind);
        if (message.length < line.length + Integer.BYTES || !Arrays.equals(line, 0, line.length, message, 0, line.length)) {
            throw new InvalidInputException("This is no " + kind + " of DiffusionJ's protocol " + Protocol.VERSION + '.');
        }
        final ByteBuffer in = ByteBuffer.wrap(message).position(line.length);
        final int length = in.getInt();
        if (length < 0 || length > in.remaining()) throw new InvalidInputException("The " + kind + " is damaged: its header is cut off.");
        try {
            final H header = GSON.fromJson(new String(message, in.position(), length, StandardCharsets.UTF_8), type);
            if (header == null) throw new InvalidInputException("The " + kind + " is damaged: its header is empty.");
            return new Parts<>(header, in.position(in.position() + length));
        }
        catch (final JsonParseException | IllegalArgumentException | StackOverflowError e) {
            throw new InvalidInputException("The " + kind + " is damaged: its header is no JSON that fits.", e);
        }
    }

    private static byte[] line(final String kind) {
        return ("diffusionj-" + kind + ' ' + Protocol.VERSION + '\n').getBytes(StandardCharsets.US_ASCII);
    }

    static int[] shape(final Optional<LatentImage> latents) {
        return latents.map(l -> new int[] {l.images(), l.channels(), l.latentHeight(), l.latentWidth()}).orElse(new int[0]);
    }

    static Optional<LatentImage> latents(final int[] shape, final ByteBuffer in) {
        if (shape == null || shape.length == 0) return Optional.empty();
        try {
            final int count = Math.toIntExact(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact));
            if (shape.length != 4 || count < 1 || (long) count * Float.BYTES > in.remaining()) throw new ArithmeticException("too few values");
            final float[] values = PixelBlock.floats(in.slice(in.position(), count * Float.BYTES), count);
            in.position(in.position() + count * Float.BYTES);
            return Optional.of(new LatentImage(values, shape[0], shape[1], shape[2], shape[3]));
        }
        catch (final ArithmeticException | IllegalArgumentException e) {
            throw new InvalidInputException("The message is damaged: its latents " + Arrays.toString(shape) + " are not there.", e);
        }
    }
}
