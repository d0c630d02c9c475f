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
package net.diffusionj.ort.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the files in which a model keeps its weights, by reading the structure of the ONNX file (onnx.proto) and skipping its contents. Reads
 * leniently: of a file that is no model it finds nothing, and who opens it says what is wrong.
 */
public final class ExternalData {

    private enum Message { MODEL, GRAPH, NODE, ATTRIBUTE, TENSOR, ENTRY }

    /** Field numbers of onnx.proto that lead to {@code TensorProto.external_data}. */
    private static final Map<Message, Map<Integer, Message>> FIELDS = Map.of(
        Message.MODEL, Map.of(7, Message.GRAPH),
        Message.GRAPH, Map.of(1, Message.NODE, 5, Message.TENSOR),
        Message.NODE, Map.of(5, Message.ATTRIBUTE),
        Message.ATTRIBUTE, Map.of(5, Message.TENSOR, 6, Message.GRAPH, 10, Message.TENSOR, 11, Message.GRAPH),
        Message.TENSOR, Map.of(13, Message.ENTRY),
        Message.ENTRY, Map.of());
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_TEXT = 1 << 12;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).flip();
    private long bufferStart;
    private String location = "";
    private long offset;
    private long length;
    private final Map<String, Long> extents = new LinkedHashMap<>();

    private ExternalData(final FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param model an ONNX file
     * @return the files beside it that it names, in the order of their first use; empty when the weights are inside
     * @throws IOException if the file cannot be read
     */
    static List<Path> of(final Path model) throws IOException {
        return List.copyOf(extents(model).keySet());
    }

    /**
     * @param model an ONNX file
     * @return as {@link #of}, with the bytes that each file must have at least
     * @throws IOException if the file cannot be read
     */
    public static Map<Path, Long> extents(final Path model) throws IOException {
        try (FileChannel channel = FileChannel.open(model, StandardOpenOption.READ)) {
            final ExternalData reader = new ExternalData(channel);
            reader.read(Message.MODEL, 0, channel.size());
            final Map<Path, Long> files = new LinkedHashMap<>();
            reader.extents.forEach((name, bytes) -> files.put(model.resolveSibling(name).normalize(), bytes));
            return files;
        }
        catch (final InvalidPathException e) {
            throw new IOException("the model names a weights file that cannot be: " + e.getMessage(), e);
        }
    }

    /** @return false where the bytes are no protobuf, which ends the reading */
    private boolean read(final Message message, final long from, final long to) throws IOException {
        String key = "";
        if (message == Message.TENSOR) {
            location = "";
            offset = 0;
            length = 0;
        }
        long at = from;
        while (at < to) {
            final long tag = varint(at, to);
            if (tag < 0) return false;
            at = next;
            final int field = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> {
                    if (varint(at, to) < 0 && next < 0) return false;
                    at = next;
                }
                case 1 -> at += 8;
                case 5 -> at += 4;
                case 2 -> {
                    final long size = varint(at, to);
                    at = next;
                    if (size < 0 || size > to - at) return false;
                    if (message == Message.ENTRY && size <= LONGEST_TEXT) {
                        if (field == 1) key = text(at, (int) size);
                        else if (field == 2) take(key, text(at, (int) size));
                    }
                    final Message inner = FIELDS.get(message).get(field);
                    if (inner != null && !read(inner, at, at + size)) return false;
                    at += size;
                }
                default -> {
                    return false;
                }
            }
        }
        if (message == Message.TENSOR && !location.isEmpty()) extents.merge(location, offset + length, Math::max);
        return true;
    }

    private void take(final String key, final String value) {
        switch (key) {
            case "location" -> location = value;
            case "offset" -> offset = number(value);
            case "length" -> length = number(value);
            default -> {}
        }
    }

    private static long number(final String digits) {
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
    }

    /** Where the last varint ended; −1 where it did not. */
    private long next;

    private long varint(final long from, final long to) throws IOException {
        long value = 0;
        for (int i = 0; i < 10 && from + i < to; i++) {
            final int b = at(from + i);
            value |= (long) (b & 0x7f) << 7 * i;
            if (b < 0x80) {
                next = from + i + 1;
                return value;
            }
        }
        next = -1;
        return -1;
    }

    private String text(final long from, final int length) throws IOException {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte) at(from + i);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int at(final long position) throws IOException {
        if (position < bufferStart || position >= bufferStart + buffer.limit()) {
            buffer.clear();
            while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) > 0) continue;
            buffer.flip();
            bufferStart = position;
            if (buffer.limit() == 0) throw new IOException("the file became shorter while it was read");
        }
        return buffer.get((int) (position - bufferStart)) & 0xff;
    }
}
