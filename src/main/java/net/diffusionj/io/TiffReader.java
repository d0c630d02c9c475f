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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import ij.io.FileInfo;
import ij.io.FileOpener;
import ij.io.ImageReader;
import ij.io.TiffDecoder;

/**
 * Reads TIFF: what ImageJ's decoder says of calibration, Info and channels, over pixels that {@link TiffPages} has checked. No {@code ImagePlus} is
 * made, so no dialog, no log window and no global calibration can come between. Stateless and thread-safe.
 */
final class TiffReader {

    private TiffReader() {}

    /** Planes and what was said of them. */
    record Result(Planes planes, ImageMetadata metadata) {}

    static Result read(final Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            final TiffPages pages = new TiffPages(file);
            final FileInfo info = fileInfo(path);
            final Properties description = description(info);
            final boolean ours = info.description != null && info.description.startsWith("ImageJ=");
            final Planes planes = planes(pages, info, ours, description);
            return new Result(planes, metadata(info, description, ours && planes.depth() == Planes.Depth.INT16 ? 32768 : 0));
        }
        catch (final NegativeArraySizeException | IndexOutOfBoundsException | NullPointerException | ArithmeticException e) {
            // ImageJ's decoder believes whatever a damaged header says.
            throw new IOException("its header is damaged", e);
        }
    }

    private static FileInfo fileInfo(final Path path) throws IOException {
        final Path absolute = path.toAbsolutePath();
        final FileInfo[] infos = new TiffDecoder(absolute.getParent() + "/", absolute.getFileName().toString()).getTiffInfo();
        if (infos == null || infos.length == 0) {
            throw new IOException("it has no picture");
        }
        return infos[0];
    }

    private static Properties description(final FileInfo info) {
        final Properties properties = new FileOpener(info).decodeDescriptionString(info);
        return properties == null ? new Properties() : properties;
    }

    private static Planes planes(final TiffPages pages, final FileInfo info, final boolean imageJ, final Properties description)
        throws IOException {
        final TiffPages.Page first = pages.pages().get(0);
        final int listed = pages.pages().size();
        final int count = imageJ && info.nImages > 1 ? info.nImages : listed;
        final List<Object> arrays = new ArrayList<>();
        int planesEach = 1;
        for (int page = 0; page < count; page++) {
            final byte[] bytes;
            if (page < listed) {
                if (!pages.pages().get(page).sameKind(first)) {
                    throw new IOException("its page " + (page + 1) + " has another size or type than its first: save the pages apart");
                }
                bytes = pages.read(pages.pages().get(page));
            }
            else {
                bytes = pages.readAfterFirst(page);
            }
            final List<Object> decoded = decode(bytes, info, first.photometric() == 0 && !imageJ, imageJ);
            planesEach = decoded.size();
            arrays.addAll(decoded);
        }
        final boolean signed = info.fileType == FileInfo.GRAY16_SIGNED
            || arrays.get(0) instanceof short[] && "-32768.0".equals(description.getProperty("c0")) && "1.0".equals(description.getProperty("c1"));
        if (signed) {
            arrays.forEach(array -> moveSigned((short[]) array));
        }
        final int channels = planesEach > 1 ? planesEach : (int) number(description, "channels", 1);
        return new Planes(depthOf(arrays.get(0), signed), info.width, info.height, channels > 0 && arrays.size() % channels == 0 ? channels : 1,
            arrays);
    }

    private static List<Object> decode(final byte[] bytes, final FileInfo info, final boolean invert, final boolean keepIndices) throws IOException {
        final FileInfo plain = (FileInfo) info.clone();
        plain.compression = FileInfo.COMPRESSION_NONE;
        plain.nImages = 1;
        plain.stripOffsets = new int[1];
        plain.stripLengths = new int[] {bytes.length};
        plain.offset = 0;
        plain.longOffset = 0;
        final Object pixels = new ImageReader(plain).readPixels(new ByteArrayInputStream(bytes), 0);
        if (pixels == null) {
            throw new IOException("its pixels are of a kind that ImageJ does not read");
        }
        if (pixels instanceof final int[] colours) {
            return split(colours);
        }
        if (pixels instanceof final Object[] planes) {
            return List.of(planes).subList(0, 3);
        }
        if (pixels instanceof final byte[] values) {
            if (info.fileType == FileInfo.COLOR8 && info.reds != null && !keepIndices) {
                return resolve(values, info);
            }
            for (int i = 0; invert && i < values.length; i++) {
                values[i] = (byte) ~values[i];
            }
        }
        if (pixels instanceof final short[] values) {
            for (int i = 0; invert && i < values.length; i++) {
                values[i] = (short) ~values[i];
            }
        }
        return List.of(pixels);
    }

    private static List<Object> split(final int[] colours) {
        final byte[][] planes = new byte[3][colours.length];
        for (int i = 0; i < colours.length; i++) {
            planes[0][i] = (byte) (colours[i] >> 16);
            planes[1][i] = (byte) (colours[i] >> 8);
            planes[2][i] = (byte) colours[i];
        }
        return List.of(planes[0], planes[1], planes[2]);
    }

    private static List<Object> resolve(final byte[] indices, final FileInfo palette) {
        final byte[][] planes = new byte[3][indices.length];
        for (int i = 0; i < indices.length; i++) {
            planes[0][i] = palette.reds[indices[i] & 0xff];
            planes[1][i] = palette.greens[indices[i] & 0xff];
            planes[2][i] = palette.blues[indices[i] & 0xff];
        }
        return List.of(planes[0], planes[1], planes[2]);
    }

    /** ImageJ holds signed 16-bit values moved up by 32768. */
    private static void moveSigned(final short[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] ^= (short) 0x8000;
        }
    }

    private static Planes.Depth depthOf(final Object array, final boolean signed) {
        if (array instanceof byte[]) {
            return Planes.Depth.UINT8;
        }
        if (array instanceof short[]) {
            return signed ? Planes.Depth.INT16 : Planes.Depth.UINT16;
        }
        return Planes.Depth.FLOAT32;
    }

    private static ImageMetadata metadata(final FileInfo info, final Properties description, final double shift) {
        final List<DisplayRange> ranges = new ArrayList<>();
        if (info.displayRanges != null) {
            for (int i = 0; i + 1 < info.displayRanges.length; i += 2) {
                addRange(ranges, info.displayRanges[i] - shift, info.displayRanges[i + 1] - shift);
            }
        }
        else if (description.containsKey("min") && description.containsKey("max")) {
            addRange(ranges, number(description, "min", 0) - shift, number(description, "max", 0) - shift);
        }
        final Map<String, String> settings = info.info == null ? Map.of() : SettingsText.parse(info.info);
        return new ImageMetadata(pixelSize(info), ranges, settings);
    }

    private static PixelSize pixelSize(final FileInfo info) {
        final boolean known = info.unit != null && !info.unit.isBlank() && usable(info.pixelWidth) && usable(info.pixelHeight);
        return known ? new PixelSize(info.pixelWidth, info.pixelHeight, usable(info.pixelDepth) ? info.pixelDepth : 1, info.unit)
            : PixelSize.UNCALIBRATED;
    }

    private static boolean usable(final double size) {
        return size > 0 && Double.isFinite(size);
    }

    private static void addRange(final List<DisplayRange> ranges, final double min, final double max) {
        if (Double.isFinite(min) && Double.isFinite(max) && min <= max) {
            ranges.add(new DisplayRange(min, max));
        }
    }

    private static double number(final Properties description, final String key, final double otherwise) {
        final String text = description.getProperty(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        }
        catch (final NumberFormatException e) {
            return otherwise;
        }
    }
}
