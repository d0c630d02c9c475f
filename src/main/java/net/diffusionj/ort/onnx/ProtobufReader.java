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

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import net.diffusionj.home.RegularFile;

/**
 * Walks through a protobuf file of any size without loading it: what is not asked for is skipped by position. Follows the wire format of
 * protobuf's "Encoding" page. Not thread-safe.
 */
public final class ProtobufReader implements Closeable {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private static final int MAX_TEXT_BYTES = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 14).limit(0);
    /** File position of the byte after the buffer's last. */
    private long bufferEnd;
    private int wireType;

    /**
     * @param file to walk through
     * @throws IOException if it cannot be opened
     */
    public ProtobufReader(final Path file) throws IOException {
        RegularFile.check(file);
        channel = FileChannel.open(file);
        size = channel.size();
    }

    /** @return bytes of the file */
    public long size() {
        return size;
    }

    /** @return where the next byte is read */
    public long position() {
        return bufferEnd - buffer.remaining();
    }

    /**
     * Reads the next field's number and remembers its wire type.
     *
     * @return the number, 1 or more
     * @throws IOException if the file ends here or is malformed
     */
    public int nextField() throws IOException {
        final long tag = readVarint();
        wireType = (int) (tag & 7);
        final long field = tag >>> 3;
        if (field < 1 || field >= 1 << 29) throw new MalformedException("field number " + field);
        return (int) field;
    }

    /** @return whether the current field holds bytes, a text or a message */
    public boolean isBytes() {
        return wireType == BYTES;
    }

    /** @return whether the current field holds a number of variable length */
    boolean isNumber() {
        return wireType == VARINT;
    }

    /**
     * Reads the length of the current field.
     *
     * @return the position where its content ends
     * @throws IOException if the file ends before it
     */
    public long contentEnd() throws IOException {
        final long length = readVarint();
        final long end = position() + length;
        if (length < 0 || end < 0) throw new MalformedException("length " + length);
        if (end > size) throw new TruncatedException(end);
        return end;
    }

    /**
     * Reads the current field as UTF-8 text.
     *
     * @param end where it ends, from {@link #contentEnd}
     * @return the text
     * @throws IOException if the file ends before it, or no name is that long
     */
    public String readText(final long end) throws IOException {
        final long length = end - position();
        if (length < 0 || length > MAX_TEXT_BYTES) throw new MalformedException("text of " + length + " bytes");
        final byte[] bytes = new byte[(int) length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = readByte();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Reads the current field as a number.
     *
     * @return the number; the field must not hold bytes
     * @throws IOException if it is not a variable-length number
     */
    public long readNumber() throws IOException {
        if (wireType != VARINT) throw new MalformedException("wire type " + wireType + " for a number");
        return readVarint();
    }

    /**
     * Reads the next of the numbers that a field of bytes holds packed.
     *
     * @return the number
     * @throws IOException if it is no variable-length number
     */
    long readPackedNumber() throws IOException {
        if (wireType != BYTES) throw new MalformedException("wire type " + wireType + " for packed numbers");
        return readVarint();
    }

    /**
     * Passes over the content of the current field.
     *
     * @throws IOException if the file ends within it
     */
    public void skipField() throws IOException {
        switch (wireType) {
            case VARINT -> readVarint();
            case FIXED64 -> moveTo(position() + 8);
            case BYTES -> moveTo(contentEnd());
            case FIXED32 -> moveTo(position() + 4);
            default -> throw new MalformedException("wire type " + wireType);
        }
    }

    /** Reads one field of a message, or leaves it. */
    @FunctionalInterface
    interface Field {
        /**
         * @param number of the field, which holds bytes or a number
         * @param end where its bytes end; -1 if it holds a number, which is yet to be read
         * @return whether the field was read; if not, it is passed over
         * @throws IOException if the file ends within it or is malformed
         */
        boolean read(int number, long end) throws IOException;
    }

    /**
     * Reads the fields of a message, in their order.
     *
     * @param end where the message ends, from {@link #contentEnd} or {@link #size}
     * @param field is given each that holds bytes or a number of variable length
     * @throws IOException if the file ends before the message does, or is malformed
     */
    void readMessage(final long end, final Field field) throws IOException {
        while (position() < end) {
            final int number = nextField();
            if (!isBytes()) {
                if (!isNumber() || !field.read(number, -1)) skipField();
                continue;
            }
            final long contentEnd = contentEnd();
            if (contentEnd > end) throw new MalformedException("a field that is longer than what it lies in");
            if (!field.read(number, contentEnd)) moveTo(contentEnd);
        }
    }

    /**
     * Goes on reading elsewhere.
     *
     * @param target a position at or behind the current one
     * @throws IOException if the file ends before it
     */
    void moveTo(final long target) throws IOException {
        if (target > size) throw new TruncatedException(target);
        final long start = bufferEnd - buffer.limit();
        if (target >= start && target <= bufferEnd) {
            buffer.position((int) (target - start));
        }
        else {
            buffer.position(0).limit(0);
            bufferEnd = target;
        }
    }

    private long readVarint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            final byte next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) return value;
        }
        throw new MalformedException("number of more than 64 bits");
    }

    private byte readByte() throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear();
            final int count = channel.read(buffer, bufferEnd);
            buffer.flip();
            if (count <= 0) throw new TruncatedException(size + 1);
            bufferEnd += count;
        }
        return buffer.get();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The bytes are not protobuf. */
    public static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        /** @param found what is not protobuf */
        public MalformedException(final String found) {
            super(found);
        }
    }

    /** The file ends before its own lengths say it does. */
    public static final class TruncatedException extends EOFException {
        private static final long serialVersionUID = 1L;
        private final long expectedBytes;

        TruncatedException(final long expectedBytes) {
            this.expectedBytes = expectedBytes;
        }

        /** @return bytes that the file should have at least */
        public long expectedBytes() {
            return expectedBytes;
        }
    }
}
