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
package net.diffusionj.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.home.Sha256;

/**
 * Notes and float arrays in one file that is whole or refused: a line of JSON, the arrays in little endian, and the SHA-256 of all that. Arrays are shared, not
 * copied.
 *
 * @param notes anything; the key {@code arrays} is the file's own
 * @param arrays by name
 */
record ArrayFile(JsonObject notes, Map<String, float[]> arrays) {

    private static final String ARRAYS = "arrays";
    private static final int CHUNK = 1 << 16;
    private static final int MOST_HEAD_BYTES = 1 << 26;

    /**
     * Writes the file, all of it or nothing.
     *
     * @param target the file to make or to replace
     * @throws InvalidInputException if it cannot be written, saying why
     */
    void write(final Path target) {
        final JsonArray index = new JsonArray();
        arrays.forEach((name, values) -> {
            final JsonArray entry = new JsonArray();
            entry.add(name);
            entry.add(values.length);
            index.add(entry);
        });
        final JsonObject head = notes.deepCopy();
        head.add(ARRAYS, index);
        final byte[] text = head.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(target, out -> {
            final Hashed hashed = new Hashed(out, new Sha256());
            hashed.add(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
            hashed.add(ByteBuffer.wrap(text));
            for (final float[] values : arrays.values()) hashed.add(values);
            out.write(hashed.sha256().bytes());
        });
    }

    private record Hashed(OutputStream out, Sha256 sha256) {

        void add(final ByteBuffer bytes) throws IOException {
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            sha256.add(bytes);
        }

        void add(final float[] values) throws IOException {
            final ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int done = 0; done < values.length; done += CHUNK) {
                final int count = Math.min(CHUNK, values.length - done);
                chunk.clear();
                chunk.asFloatBuffer().put(values, done, count);
                add(chunk.limit(count * Float.BYTES));
            }
        }
    }

    /**
     * Reads a file.
     *
     * @param file what {@link #write} made
     * @return its content
     * @throws InvalidInputException if it cannot be read, or is not as it was written
     */
    static ArrayFile read(final Path file) {
        try (FileChannel in = FileChannel.open(file)) {
            final Sha256 sha256 = new Sha256();
            final int length = next(in, Integer.BYTES, sha256).getInt();
            if (length < 0 || length > Math.min(MOST_HEAD_BYTES, in.size())) throw new IOException("its beginning is damaged");
            final JsonObject notes = JsonParser.parseString(new String(next(in, length, sha256).array(), StandardCharsets.UTF_8)).getAsJsonObject();
            final Map<String, float[]> arrays = new LinkedHashMap<>();
            if (!notes.has(ARRAYS)) throw new IOException("its beginning is damaged");
            for (final JsonElement entry : notes.remove(ARRAYS).getAsJsonArray()) {
                arrays.put(entry.getAsJsonArray().get(0).getAsString(), floats(in, entry.getAsJsonArray().get(1).getAsInt(), sha256));
            }
            if (!Arrays.equals(sha256.bytes(), next(in, Sha256.BYTES, new Sha256()).array())) throw new IOException("it is not as it was written");
            return new ArrayFile(notes, arrays);
        }
        catch (final IOException | JsonParseException | IllegalStateException e) {
            throw new InvalidInputException("The file " + file + " of an unfinished tuning cannot be read: " + e.getMessage()
                + ". Remove that tuning and begin anew.", e);
        }
    }

    private static ByteBuffer next(final FileChannel in, final int count, final Sha256 sha256) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) throw new IOException("it ends too early");
        }
        sha256.add(bytes.flip());
        return bytes.rewind();
    }

    private static float[] floats(final FileChannel in, final int count, final Sha256 sha256) throws IOException {
        if (count < 0 || (long) count * Float.BYTES > in.size()) throw new IOException("its list of arrays is damaged");
        final float[] values = new float[count];
        for (int done = 0; done < count; done += CHUNK) {
            final int some = Math.min(CHUNK, count - done);
            next(in, some * Float.BYTES, sha256).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, done, some);
        }
        return values;
    }
}
