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

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFile;

/**
 * NumPy's {@code .npy} files, as {@code numpy.lib.format} documents them. Writes version 1.0, C order, little-endian uint8, uint16 or float32.
 * Reads these in versions 1.0 to 3.0 and in either byte order; refuses everything else with a sentence that says how to save it instead.
 * Stateless and thread-safe.
 */
public final class Npy {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int LONGEST_HEADER = 1 << 20;
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*(?:'([^']*)'|(\\[))");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

    private Npy() {}

    /**
     * Writes an array, in full or not at all.
     *
     * @param file where to
     * @param array what
     * @throws InvalidInputException if the file cannot be written
     */
    public static void write(final Path file, final NpyArray array) {
        AtomicFile.write(file, out -> writeTo(out, array));
    }

    /**
     * Reads an array.
     *
     * @param file where from
     * @return the array; big-endian values are turned round
     * @throws InvalidInputException if the file is missing, damaged or of a kind that is not read here
     */
    public static NpyArray read(final Path file) {
        InputFiles.check(file);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), CHUNK_BYTES))) {
            return readFrom(in, file);
        }
        catch (final EOFException e) {
            throw new InvalidInputException(file + " is truncated: it ends before the values its header announces. Save or copy it again.", e);
        }
        catch (final IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    static void writeTo(final OutputStream out, final NpyArray array) throws IOException {
        final StringBuilder header = new StringBuilder("{'descr': '").append(array.element().descr).append("', 'fortran_order': False, 'shape': (");
        for (final int size : array.shape()) {
            header.append(size).append(", ");
        }
        if (array.shape().length > 1) {
            header.setLength(header.length() - 2);
        }
        header.append("), }");
        final int prefix = MAGIC.length + 4;
        while ((prefix + header.length() + 1) % ALIGNMENT != 0) {
            header.append(' ');
        }
        header.append('\n');
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
        out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
        writeValues(out, array);
    }

    private static void writeValues(final OutputStream out, final NpyArray array) throws IOException {
        if (array.element() == NpyArray.Element.UINT8) {
            out.write(array.bytes());
            return;
        }
        final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        final int length = Arrays.stream(array.shape()).reduce(1, (a, b) -> a * b);
        final int step = CHUNK_BYTES / array.element().bytes;
        for (int start = 0; start < length; start += step) {
            final int count = Math.min(step, length - start);
            if (array.element() == NpyArray.Element.UINT16) {
                chunk.asShortBuffer().put(array.shorts(), start, count);
            }
            else {
                chunk.asFloatBuffer().put(array.floats(), start, count);
            }
            out.write(chunk.array(), 0, count * array.element().bytes);
        }
    }

    private static NpyArray readFrom(final DataInputStream in, final Path file) throws IOException {
        final byte[] magic = new byte[MAGIC.length];
        in.readFully(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new InvalidInputException(file + " is not a NumPy file: it does not begin with the mark \\x93NUMPY. Save it with numpy.save.");
        }
        final int version = in.readUnsignedByte();
        in.readUnsignedByte();
        if (version < 1 || version > 3) {
            throw new InvalidInputException(file + " is a NumPy file of version " + version + "; versions 1 to 3 are read here.");
        }
        final byte[] length = new byte[version == 1 ? 2 : 4];
        in.readFully(length);
        final ByteBuffer lengthBuffer = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN);
        final int headerLength = version == 1 ? lengthBuffer.getShort() & 0xffff : lengthBuffer.getInt();
        if (headerLength < 0 || headerLength > LONGEST_HEADER) {
            throw damaged(file, "its header claims " + (headerLength & 0xffffffffL) + " bytes");
        }
        final byte[] headerBytes = new byte[headerLength];
        in.readFully(headerBytes);
        final String header = new String(headerBytes, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);

        final Matcher fortran = find(FORTRAN, header, file);
        if (fortran.group(1).equals("True")) {
            throw new InvalidInputException(file + " is in Fortran order; C order is read here. Save it with numpy.save(file, numpy.ascontiguousarray(a)).");
        }
        final int[] shape = shape(find(SHAPE, header, file).group(1), file);
        final long count = Arrays.stream(shape).asLongStream().reduce(1, Npy::multiplySaturated);
        if (count > Integer.MAX_VALUE - 8) {
            throw new InvalidInputException(file + " holds " + Arrays.toString(shape) + " values, more than 2^31. Save it in parts.");
        }
        final NpyArray array = values(in, file, find(DESCR, header, file), shape, (int) count);
        if (in.read() >= 0) {
            throw damaged(file, "bytes follow after its " + count + " values");
        }
        return array;
    }

    private static NpyArray values(final DataInputStream in, final Path file, final Matcher descr, final int[] shape, final int count)
        throws IOException {
        final String type = descr.group(1) == null ? "a structured type" : descr.group(1);
        final ByteOrder order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        checkSize(file, switch (type) {
            case "|u1", "<u1", ">u1" -> 1;
            case "<u2", ">u2" -> 2;
            case "<f4", ">f4" -> 4;
            default -> throw new InvalidInputException(file + " holds values of NumPy type " + type
                + "; uint8, uint16 and float32 are read here. Convert it with a.astype(numpy.float32) or a smaller type that holds it.");
        }, count);
        if (type.endsWith("u1")) {
            final byte[] bytes = new byte[count];
            in.readFully(bytes);
            return NpyArray.ofBytes(bytes, shape);
        }
        final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(order);
        final short[] shorts = new short[type.endsWith("u2") ? count : 0];
        final float[] floats = new float[type.endsWith("f4") ? count : 0];
        final int size = type.endsWith("u2") ? 2 : 4;
        final int step = CHUNK_BYTES / size;
        for (int start = 0; start < count; start += step) {
            final int part = Math.min(step, count - start);
            in.readFully(chunk.array(), 0, part * size);
            if (size == 2) {
                chunk.asShortBuffer().get(shorts, start, part);
            }
            else {
                chunk.asFloatBuffer().get(floats, start, part);
            }
        }
        return size == 2 ? NpyArray.ofShorts(shorts, shape) : NpyArray.ofFloats(floats, shape);
    }

    /** Before memory is asked for: a damaged header may claim anything. */
    private static void checkSize(final Path file, final int elementBytes, final int count) throws IOException {
        if (Files.size(file) < (long) elementBytes * count) {
            throw new EOFException("expected " + (long) elementBytes * count + " bytes of values, found a file of " + Files.size(file));
        }
    }

    private static int[] shape(final String text, final Path file) {
        try {
            return Arrays.stream(text.split(",")).map(String::strip).filter(size -> !size.isEmpty()).mapToInt(Integer::parseInt).toArray();
        }
        catch (final NumberFormatException e) {
            throw new InvalidInputException(file + " claims the shape (" + text + "), larger than can be read here.", e);
        }
    }

    private static long multiplySaturated(final long a, final long b) {
        final long product = a * b;
        return Math.multiplyHigh(a, b) != 0 || product < 0 ? Long.MAX_VALUE : product;
    }

    private static Matcher find(final Pattern pattern, final String header, final Path file) {
        final Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw damaged(file, "its header has no entry that fits " + pattern.pattern());
        }
        return matcher;
    }

    private static InvalidInputException damaged(final Path file, final String what) {
        return new InvalidInputException(file + " is damaged: " + what + ". Save or copy it again.");
    }
}
