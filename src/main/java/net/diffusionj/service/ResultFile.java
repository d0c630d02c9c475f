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
package net.diffusionj.service;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import net.imglib2.Cursor;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;

import net.diffusionj.home.Sha256;

/**
 * A result as bytes: a line that says what it is, the length of a JSON header and the header, pixels and latents big-endian, and at the end the
 * SHA-256 of all of that. Stateless.
 */
final class ResultFile {

    private static final byte[] MAGIC = "diffusionj-result 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final Gson GSON = new Gson();

    private record Header(String pixels, long[] dimensions, int[] latents, LinkedHashMap<String, String> settings, List<String> warnings) {}

    private ResultFile() {}

    /**
     * @param result anything
     * @return its bytes; empty if its pixels are of a type that is not kept
     * @throws IOException never in practice: nothing is written to a file here
     */
    static Optional<byte[]> encode(final DiffusionResult result) throws IOException {
        final Optional<String> type = typeOf(result.image());
        if (type.isEmpty()) return Optional.empty();
        final int[] latentShape = result.latents().map(l -> new int[] {l.images(), l.channels(), l.latentHeight(), l.latentWidth()}).orElse(new int[0]);
        final byte[] header = GSON.toJson(new Header(type.get(), result.image().dimensionsAsLongArray(), latentShape, new LinkedHashMap<>(result.settings()),
            result.warnings())).getBytes(StandardCharsets.UTF_8);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(MAGIC);
            out.writeInt(header.length);
            out.write(header);
            for (final Cursor<?> cursor = Views.flatIterable(result.image()).cursor(); cursor.hasNext();) write(cursor.next(), out);
            if (result.latents().isPresent()) for (final float value : result.latents().get().values()) out.writeFloat(value);
        }
        bytes.write(new Sha256().add(bytes.toByteArray()).bytes());
        return Optional.of(bytes.toByteArray());
    }

    private static Optional<String> typeOf(final Img<?> image) {
        final Object type = image.getType();
        if (type instanceof UnsignedByteType) return Optional.of("uint8");
        if (type instanceof UnsignedShortType) return Optional.of("uint16");
        return type instanceof FloatType ? Optional.of("float32") : Optional.empty();
    }

    private static void write(final Object value, final DataOutputStream out) throws IOException {
        if (value instanceof final UnsignedByteType v) out.writeByte(v.get());
        else if (value instanceof final UnsignedShortType v) out.writeShort(v.get());
        else out.writeFloat(((RealType<?>) value).getRealFloat());
    }

    /**
     * @param file what {@link #encode} gave, perhaps damaged since
     * @return the result, with timings of zero; empty if anything is wrong with it
     */
    static Optional<DiffusionResult> decode(final byte[] file) {
        final int end = file.length - Sha256.BYTES;
        if (end < MAGIC.length || !Arrays.equals(MAGIC, 0, MAGIC.length, file, 0, MAGIC.length)) return Optional.empty();
        final byte[] hash = new Sha256().add(ByteBuffer.wrap(file, 0, end)).bytes();
        if (!Arrays.equals(hash, 0, Sha256.BYTES, file, end, file.length)) return Optional.empty();
        try {
            final ByteBuffer in = ByteBuffer.wrap(file, 0, end).position(MAGIC.length);
            final byte[] json = new byte[in.getInt()];
            in.get(json);
            final Header header = GSON.fromJson(new String(json, StandardCharsets.UTF_8), Header.class);
            final Img<?> image = image(header, in);
            return Optional.of(new DiffusionResult(image, header.settings(), header.warnings(), new Timings(0, 0, 0, List.of(), 0, 0, 0), latents(header, in)));
        }
        catch (final JsonParseException | BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
            // The hash is right, so this was written by something else than this version.
            return Optional.empty();
        }
    }

    private static Img<?> image(final Header header, final ByteBuffer in) {
        final int count = Math.toIntExact(Arrays.stream(header.dimensions()).reduce(1, Math::multiplyExact));
        switch (header.pixels()) {
            case "uint8" -> {
                final byte[] values = new byte[count];
                in.get(values);
                return ArrayImgs.unsignedBytes(values, header.dimensions());
            }
            case "uint16" -> {
                final short[] values = new short[count];
                in.asShortBuffer().get(values);
                in.position(in.position() + Short.BYTES * count);
                return ArrayImgs.unsignedShorts(values, header.dimensions());
            }
            case "float32" -> {
                return ArrayImgs.floats(floats(in, count), header.dimensions());
            }
            default -> throw new IllegalArgumentException(header.pixels());
        }
    }

    private static Optional<LatentImage> latents(final Header header, final ByteBuffer in) {
        final int[] shape = header.latents();
        if (shape.length != 4) return Optional.empty();
        return Optional.of(new LatentImage(floats(in, in.remaining() / Float.BYTES), shape[0], shape[1], shape[2], shape[3]));
    }

    private static float[] floats(final ByteBuffer in, final int count) {
        final float[] values = new float[count];
        in.asFloatBuffer().get(values);
        in.position(in.position() + Float.BYTES * count);
        return values;
    }
}
