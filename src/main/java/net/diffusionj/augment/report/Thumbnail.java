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
package net.diffusionj.augment.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

import javax.imageio.ImageIO;

import net.diffusionj.image.SourcePlanes;
import net.diffusionj.labels.LabelImage;
import net.imglib2.RandomAccessibleInterval;

/** Small pictures to look at: brightness by a source's range, outlines of labels in yellow. Stateless. */
final class Thumbnail {

    /** Longer side. */
    static final int SIDE_PX = 192;
    private static final int OUTLINE = 0xffd400;
    private static final int EMPTY = 0x303030;
    private static final double LOW = 0.002;
    private static final double HIGH = 0.998;

    private Thumbnail() {}

    /**
     * What is shown black and white.
     *
     * @param low value
     * @param high value, above low
     */
    record Range(double low, double high) {

        static Range of(final RandomAccessibleInterval<?> image) {
            final SourcePlanes planes = SourcePlanes.of(image);
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < planes.channels(); c++) {
                final double[] sorted = Arrays.stream(planes.readDoubles(c)).filter(Double::isFinite).sorted().toArray();
                if (sorted.length == 0) continue;
                low = Math.min(low, sorted[(int) (LOW * (sorted.length - 1))]);
                high = Math.max(high, sorted[(int) Math.ceil(HIGH * (sorted.length - 1))]);
            }
            return high > low ? new Range(low, high) : new Range(Double.isFinite(low) ? low : 0, (Double.isFinite(low) ? low : 0) + 1);
        }
    }

    static BufferedImage of(final RandomAccessibleInterval<?> image, final Range range, final Optional<LabelImage> labels) {
        final SourcePlanes planes = SourcePlanes.of(image);
        final double shrink = Math.max(1.0, (double) Math.max(planes.widthPx(), planes.heightPx()) / SIDE_PX);
        final int widthPx = Math.max(1, (int) (planes.widthPx() / shrink));
        final int heightPx = Math.max(1, (int) (planes.heightPx() / shrink));
        final BufferedImage out = new BufferedImage(widthPx, heightPx, BufferedImage.TYPE_INT_RGB);
        final double[][] channels = new double[planes.channels()][];
        for (int c = 0; c < channels.length; c++) channels[c] = planes.readDoubles(c);
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    final double mean = mean(channels[channels.length == 1 ? 0 : c], planes.widthPx(), x, y, shrink);
                    final double level = (mean - range.low) / (range.high - range.low);
                    rgb = rgb << 8 | (Double.isNaN(level) ? 0 : (int) Math.rint(255 * Math.max(0, Math.min(1, level))));
                }
                out.setRGB(x, y, rgb);
            }
        }
        labels.filter(l -> l.widthPx() == planes.widthPx() && l.heightPx() == planes.heightPx()).ifPresent(l -> outline(out, l, shrink));
        return out;
    }

    /** In place of a picture that cannot be read. */
    static BufferedImage missing() {
        final BufferedImage out = new BufferedImage(SIDE_PX, SIDE_PX, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIDE_PX * SIDE_PX; i++) out.setRGB(i % SIDE_PX, i / SIDE_PX, EMPTY);
        return out;
    }

    static byte[] png(final BufferedImage image) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static double mean(final double[] channel, final int widthPx, final int x, final int y, final double shrink) {
        final int heightPx = channel.length / widthPx;
        final int right = Math.min(widthPx, Math.max((int) (x * shrink) + 1, (int) ((x + 1) * shrink)));
        final int bottom = Math.min(heightPx, Math.max((int) (y * shrink) + 1, (int) ((y + 1) * shrink)));
        double sum = 0;
        int count = 0;
        for (int sy = (int) (y * shrink); sy < bottom; sy++) {
            for (int sx = (int) (x * shrink); sx < right; sx++) {
                sum += channel[sy * widthPx + sx];
                count++;
            }
        }
        return sum / count;
    }

    private static void outline(final BufferedImage out, final LabelImage labels, final double shrink) {
        for (int y = 0; y < out.getHeight(); y++) {
            for (int x = 0; x < out.getWidth(); x++) {
                final int id = labels.id((int) (x * shrink), (int) (y * shrink));
                if (id != 0 && (differs(labels, id, x - 1, y, shrink, out) || differs(labels, id, x, y - 1, shrink, out)
                    || differs(labels, id, x + 1, y, shrink, out) || differs(labels, id, x, y + 1, shrink, out))) out.setRGB(x, y, OUTLINE);
            }
        }
    }

    private static boolean differs(final LabelImage labels, final int id, final int x, final int y, final double shrink, final BufferedImage out) {
        return x >= 0 && y >= 0 && x < out.getWidth() && y < out.getHeight() && labels.id((int) (x * shrink), (int) (y * shrink)) != id;
    }
}
