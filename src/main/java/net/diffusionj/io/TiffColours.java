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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns stored samples into the grey or the colours they stand for (TIFF 6.0, sections 4 to 6, 16 and 21), as ImageJ does where it reads them: white
 * at zero is turned round over the file's own bits, grey of fewer than 8 bits spread over 0 to 255, palettes resolved unless ImageJ takes them for false
 * colours, CMYK and YCbCr made RGB. Works in place. Stateless and thread-safe.
 */
final class TiffColours {

    private TiffColours() {}

    /**
     * What a page shows.
     *
     * @param planes one for each channel
     * @param table false colours that the values are shown in
     */
    record Shown(List<Object> planes, Optional<ColourTable> table) {}

    /**
     * What the colours of a page depend on, beside its samples.
     *
     * @param map the page's palette: reds, greens, blues, 16 bits each; empty without
     * @param luma shares of red, green and blue in Y
     * @param reference Y, Cb and Cr that stand for black and white
     * @param imageJ whether ImageJ wrote the file: it stores inverted and false colours as they are
     * @param named whether ImageJ noted which look-up table that is, so that it is not a palette of colours
     */
    record Key(long[] map, double[] luma, double[] reference, boolean imageJ, boolean named) {}

    /** What is shown by stored samples; they are changed. */
    static Shown of(final TiffPage page, final List<Object> samples, final Key key) {
        return switch (page.photometric()) {
            case TiffPage.PALETTE -> palette(page, samples.get(0), key);
            case TiffPage.CMYK -> {
                final boolean wide = samples.get(0) instanceof short[];
                for (int ink = 0; ink < 3; ink++) {
                    if (wide) {
                        cmyk16((short[]) samples.get(ink), (short[]) samples.get(3));
                    }
                    else {
                        cmyk8((byte[]) samples.get(ink), (byte[]) samples.get(3));
                    }
                }
                yield new Shown(samples.subList(0, 3), Optional.empty());
            }
            case TiffPage.YCBCR -> {
                final byte[][] planes = {(byte[]) samples.get(0), (byte[]) samples.get(1), (byte[]) samples.get(2)};
                if (page.compression() == TiffPage.JPEG) {
                    Ycc.toRgb(planes);
                }
                else {
                    Ycc.toRgb(planes, key.luma, key.reference);
                }
                yield new Shown(samples, Optional.empty());
            }
            case TiffPage.RGB -> new Shown(samples, Optional.empty());
            default -> {
                samples.forEach(plane -> grey(page, plane, page.photometric() == TiffPage.WHITE_IS_ZERO && !key.imageJ));
                yield new Shown(samples, samples.size() == 1 ? displayTable(key) : Optional.empty());
            }
        };
    }

    /** ImageJ writes the look-up table of a 16-bit or float image as a palette of 256 entries. */
    private static Optional<ColourTable> displayTable(final Key key) {
        return key.map.length == 3 * ColourTable.FULL ? Optional.of(table(key.map)).filter(table -> !table.isPlain()) : Optional.empty();
    }

    private static void grey(final TiffPage page, final Object plane, final boolean invert) {
        final long most = (1L << Math.min(page.bits(), 32)) - 1;
        if (plane instanceof final byte[] values) {
            for (int i = 0; i < values.length; i++) {
                final int spread = page.bits() == 8 ? values[i] & 0xff : (int) Math.round((values[i] & 0xff) * 255.0 / most);
                values[i] = (byte) (invert ? 255 - spread : spread);
            }
        }
        else if (invert && page.format() != TiffPage.SIGNED && page.format() != TiffPage.FLOAT) {
            if (plane instanceof final short[] values) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (short) (most - (values[i] & 0xffff));
                }
            }
            else {
                final float[] values = (float[]) plane;
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (most - (double) values[i]);
                }
            }
        }
    }

    private static Shown palette(final TiffPage page, final Object indices, final Key key) {
        final int entries = key.map.length / 3;
        final boolean resolvable = page.format() != TiffPage.FLOAT && page.bits() <= 16 && entries > 0 && !(page.bits() > 8 && entries == ColourTable.FULL);
        if (!resolvable) {
            return new Shown(List.of(indices), displayTable(key));
        }
        final ColourTable table = table(key.map);
        final boolean grey = table.isGrey();
        if (grey && key.imageJ || !grey && (key.named || table.isFalseColour())) {
            return new Shown(List.of(indices), table.isPlain() ? Optional.empty() : Optional.of(table));
        }
        final int count = page.width() * page.height();
        final byte[][] planes = new byte[grey ? 1 : 3][count];
        for (int i = 0; i < count; i++) {
            final int index = indices instanceof final byte[] bytes ? bytes[i] & 0xff : ((short[]) indices)[i] & 0xffff;
            final int entry = Math.min(index, table.size() - 1);
            planes[0][i] = table.red(entry);
            if (!grey) {
                planes[1][i] = table.green(entry);
                planes[2][i] = table.blue(entry);
            }
        }
        return new Shown(new ArrayList<>(Arrays.asList((Object[]) planes)), Optional.empty());
    }

    /** Some programs fill only the lower 8 of 16 bits. */
    private static ColourTable table(final long[] map) {
        final int shift = Arrays.stream(map).allMatch(value -> value < 256) ? 0 : 8;
        final int entries = map.length / 3;
        final byte[][] colours = new byte[3][entries];
        for (int i = 0; i < 3 * entries; i++) {
            colours[i / entries][i % entries] = (byte) (map[i] >> shift);
        }
        return new ColourTable(colours[0], colours[1], colours[2]);
    }

    /** The formula of ImageJ's reader, bit for bit. */
    private static void cmyk8(final byte[] ink, final byte[] blacks) {
        for (int i = 0; i < ink.length; i++) {
            final int black = blacks[i] & 0xff;
            final int dark = ((ink[i] & 0xff) * (256 - black) >> 8) + black;
            ink[i] = (byte) (255 - (black > 0 ? dark : ink[i] & 0xff));
        }
    }

    private static void cmyk16(final short[] ink, final short[] blacks) {
        for (int i = 0; i < ink.length; i++) {
            final int black = blacks[i] & 0xffff;
            final long dark = ((ink[i] & 0xffffL) * (65536 - black) >> 16) + black;
            ink[i] = (short) (65535 - (black > 0 ? dark : ink[i] & 0xffff));
        }
    }
}
