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

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a TIFF file, and its byte order. Every place is checked against the file's length before memory is asked for, and all that is read for
 * tags together against a budget: thousands of pages may point at one array. Not thread-safe.
 */
final class TiffInput {

    private static final int CLASSIC = 42;
    private static final int BIG = 43;
    private static final int SPARE = 1 << 16;

    private final RandomAccessFile file;
    private final long length;
    private final ByteOrder order;
    private final boolean big;
    private final long firstDirectory;
    private long budget;

    /**
     * @param file open for reading; the caller closes it
     * @throws IOException if it does not begin as a TIFF file
     */
    TiffInput(final RandomAccessFile file) throws IOException {
        this.file = file;
        length = file.length();
        budget = 2 * length + SPARE;
        final byte[] start = read(0, 8);
        order = start[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        final ByteBuffer header = ByteBuffer.wrap(start).order(order);
        final int magic = header.getShort(2);
        if (magic != CLASSIC && magic != BIG) {
            throw new IOException("it has no TIFF header");
        }
        big = magic == BIG;
        if (big && header.getShort(4) != Long.BYTES) {
            throw new IOException("it is a BigTIFF with offsets of " + header.getShort(4) + " bytes");
        }
        firstDirectory = big ? buffer(8, 8).getLong() : Integer.toUnsignedLong(header.getInt(4));
    }

    ByteOrder order() {
        return order;
    }

    /** @return whether counts and offsets have 64 bits */
    boolean isBig() {
        return big;
    }

    long firstDirectory() {
        return firstDirectory;
    }

    long length() {
        return length;
    }

    /** Returns bytes that tags are made of; they count against the budget. */
    ByteBuffer buffer(final long at, final long bytes) throws IOException {
        need(at, bytes);
        budget -= bytes;
        if (budget < 0) {
            throw new IOException("its tags share their values so often that they take more than the whole file");
        }
        return ByteBuffer.wrap(read(at, bytes)).order(order);
    }

    byte[] read(final long at, final long bytes) throws IOException {
        need(at, bytes);
        if (bytes > Planes.MOST_VALUES) {
            throw new IOException("one part of it has " + bytes + " bytes, more than 2^31");
        }
        final byte[] read = new byte[(int) bytes];
        file.seek(at);
        file.readFully(read);
        return read;
    }

    /**
     * @param at where
     * @param bytes how many
     * @throws IOException if the file ends before
     */
    void need(final long at, final long bytes) throws IOException {
        if (at < 0 || bytes < 0 || at > length || bytes > length - at) {
            throw new EOFException("it is truncated: it ends at byte " + length + ", but its contents go on to byte "
                + Long.toUnsignedString(at + bytes));
        }
    }
}
