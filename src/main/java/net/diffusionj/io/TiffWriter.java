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

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.TiffEncoder;
import ij.measure.Calibration;
import ij.process.ImageProcessor;

/**
 * Writes TIFF exactly as ImageJ's <i>File &gt; Save</i> does, with its own encoder: calibration, display range, Info. Three channels of bytes are
 * RGB; other images of several channels are hyperstacks in composite mode; several images are a stack. Signed 16-bit values carry ImageJ's calibration
 * for them. A generated image has a {@link GeneratedMark} too. Nothing is shown and no error is printed. Stateless and thread-safe.
 */
final class TiffWriter {

    /** Offsets in a TIFF file have 32 bits. */
    static final long MOST_BYTES = 0xffffffffL - (1 << 24);

    private TiffWriter() {}

    static void write(final OutputStream out, final Planes planes, final ImageMetadata metadata, final String title) throws IOException {
        final boolean rgb = planes.channels() == 3 && planes.depth() == Planes.Depth.UINT8;
        final ImageStack stack = new ImageStack(planes.width(), planes.height());
        for (int image = 0; image < planes.images(); image++) {
            if (rgb) {
                stack.addSlice(null, merge(planes, image));
            }
            else {
                for (int channel = 0; channel < planes.channels(); channel++) {
                    stack.addSlice(null, imageJArray(planes, image, channel));
                }
            }
        }
        final int channels = rgb ? 1 : planes.channels();
        final ImagePlus imp = new ImagePlus(title, stack);
        imp.setDimensions(channels, planes.images(), 1);
        imp.setOpenAsHyperStack(channels > 1);
        final PixelSize size = metadata.pixelSize();
        final Calibration calibration = new Calibration();
        calibration.pixelWidth = size.width();
        calibration.pixelHeight = size.height();
        calibration.pixelDepth = size.depth();
        calibration.setUnit(size.unit());
        if (planes.depth() == Planes.Depth.INT16) {
            calibration.setSigned16BitCalibration();
        }
        imp.setCalibration(calibration);
        encode(out, imp, planes, rgb, metadata);
    }

    private static void encode(final OutputStream out, final ImagePlus imp, final Planes planes, final boolean rgb, final ImageMetadata metadata)
        throws IOException {
        final List<ColourTable> tables = rgb ? List.of() : metadata.tables();
        if (planes.channels() == 1 && tables.size() == 1 && tables.get(0).size() == ColourTable.FULL) {
            imp.getProcessor().setColorModel(tables.get(0).toLut());
        }
        final FileInfo info = imp.getFileInfo();
        final List<DisplayRange> ranges = rgb ? List.of() : ranges(planes, metadata);
        final double shift = planes.depth() == Planes.Depth.INT16 ? 32768 : 0;
        if (!rgb) {
            final ImageProcessor shown = imp.getProcessor();
            shown.setMinAndMax(ranges.get(0).min() + shift, ranges.get(0).max() + shift);
        }
        info.description = new FileSaver(imp).getDescriptionString();
        if (imp.getNChannels() > 1) {
            // Written by FileSaver for an image on the screen only; without it ImageJ opens the channels as slices of grey.
            final int end = info.description.indexOf('\n') + 1;
            info.description = info.description.substring(0, end) + "mode=composite\n" + info.description.substring(end);
            info.displayRanges = ranges.stream().flatMapToDouble(range -> DoubleStream.of(range.min() + shift, range.max() + shift))
                .toArray();
            if (tables.size() == imp.getNChannels()) {
                info.channelLuts = tables.stream().map(table -> table.toLut().getBytes()).toArray(byte[][]::new);
            }
        }
        final String text = SettingsText.format(metadata.settings());
        info.info = text.isEmpty() ? null : asImageJReadsIt(text);
        final Optional<GeneratedMark> mark = GeneratedMark.of(metadata.settings());
        // A new encoder each time: one that has written a stack has lost the words that stand before it.
        if (mark.isPresent()) TiffXmp.write(out, stream -> new TiffEncoder(info).write(stream), XmpPacket.write(mark.get()));
        else new TiffEncoder(info).write(out);
    }

    /**
     * ImageJ reads Info in the byte order that it writes, but drops the high byte of a character whose low byte is below 128 ({@code
     * TiffDecoder.getInfoProperty}): those are written as {@link SettingsText} escapes them.
     */
    private static String asImageJReadsIt(final String text) {
        final StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c > 0xff && (c & 0xff) < 0x80 || Character.isSurrogate(c)) {
                safe.append(String.format("\\u%04x", (int) c));
            }
            else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    /** One for each channel. */
    private static List<DisplayRange> ranges(final Planes planes, final ImageMetadata metadata) {
        final List<DisplayRange> given = metadata.displayRanges();
        final List<DisplayRange> ranges = new ArrayList<>();
        for (int channel = 0; channel < planes.channels(); channel++) {
            if (given.size() == planes.channels()) {
                ranges.add(given.get(channel));
            }
            else if (given.size() == 1) {
                ranges.add(given.get(0));
            }
            else {
                ranges.add(planes.depth() == Planes.Depth.UINT8 ? new DisplayRange(0, 255) : channel > 0 ? ranges.get(0) : minToMax(planes));
            }
        }
        return ranges;
    }

    /** Over all channels, so that colours keep their balance; values that are not numbers are passed over. */
    private static DisplayRange minToMax(final Planes planes) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int plane = 0; plane < planes.arrays().size(); plane++) {
            for (int i = 0; i < planes.width() * planes.height(); i++) {
                final double value = planes.valueAt(plane, i);
                if (Double.isFinite(value)) {
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                }
            }
        }
        return min <= max ? new DisplayRange(min, max) : new DisplayRange(0, 1);
    }

    private static int[] merge(final Planes planes, final int image) {
        final byte[] red = (byte[]) planes.array(image, 0);
        final byte[] green = (byte[]) planes.array(image, 1);
        final byte[] blue = (byte[]) planes.array(image, 2);
        final int[] colours = new int[red.length];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = 0xff000000 | (red[i] & 0xff) << 16 | (green[i] & 0xff) << 8 | blue[i] & 0xff;
        }
        return colours;
    }

    /** ImageJ holds signed 16-bit values moved up by 32768. */
    private static Object imageJArray(final Planes planes, final int image, final int channel) {
        final Object array = planes.array(image, channel);
        if (planes.depth() != Planes.Depth.INT16) {
            return array;
        }
        final short[] moved = ((short[]) array).clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] ^= (short) 0x8000;
        }
        return moved;
    }
}
