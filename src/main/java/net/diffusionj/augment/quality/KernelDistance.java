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
package net.diffusionj.augment.quality;

import java.util.ArrayList;
import java.util.List;

import net.diffusionj.InvalidInputException;
import net.imglib2.RandomAccessibleInterval;

/**
 * How far a set of outputs is from its sources as a whole: the squared maximum mean discrepancy with the cubic kernel (Binkowski and others, 2018) on the
 * declared features of square parts, times 1000, without bias: about 0, and as often below, for two sets of one kind. Collects sources and outputs; not
 * thread-safe.
 */
public final class KernelDistance {

    private static final int LARGEST_SIDE_PX = 128;
    private static final int SMALLEST_SIDE_PX = 32;
    private static final int MOST_PARTS_A_SIDE = 2;
    private static final double WHITE = 255;
    private static final double FARTHEST = 6;
    private static final double LEAST_SPREAD = 1e-3;

    private final int sidePx;
    private final DeclaredFeatures features;
    private final List<float[]> sources = new ArrayList<>();
    private final List<float[]> outputs = new ArrayList<>();

    /**
     * @param smallestImagePx shorter side of the smallest image that will come
     */
    public KernelDistance(final int smallestImagePx) {
        sidePx = Integer.highestOneBit(Math.min(LARGEST_SIDE_PX, smallestImagePx));
        features = sidePx < SMALLEST_SIDE_PX ? null : new DeclaredFeatures(sidePx);
    }

    /**
     * @param source an image that outputs were made from
     * @throws InvalidInputException if it is a stack or has pixels that are not numbers
     */
    public void addSource(final RandomAccessibleInterval<?> source) {
        final Picture picture = Picture.of(source, "source");
        add(picture, picture, sources);
    }

    /**
     * @param source what the output was made from: in its range both are seen
     * @param output of the same size
     * @throws InvalidInputException if it is a stack, has another size than its source, or has pixels that are not numbers
     */
    public void addOutput(final RandomAccessibleInterval<?> source, final RandomAccessibleInterval<?> output) {
        final Picture before = Picture.of(source, "source");
        final Picture after = Picture.of(output, "output");
        before.checkLike(after);
        add(after, before, outputs);
    }

    /** @return the distance; NaN where images have less than 32 pixels a side, or fewer than two parts came from sources or outputs */
    public double value() {
        return sources.size() < 2 || outputs.size() < 2 ? Double.NaN : between(sources, outputs);
    }

    /**
     * @param first features of the reference set, by which all are scaled
     * @param second features of the other
     * @return squared discrepancy, times 1000
     */
    static double between(final List<float[]> first, final List<float[]> second) {
        final double[][] scale = scale(first);
        final double[][] a = scaled(first, scale);
        final double[][] b = scaled(second, scale);
        return 1000 * (within(a) + within(b) - 2 * across(a, b));
    }

    private void add(final Picture picture, final Picture source, final List<float[]> to) {
        if (features == null) return;
        if (Math.min(picture.widthPx(), picture.heightPx()) < sidePx) {
            throw new InvalidInputException("An image of " + picture + " is smaller than the smallest that was announced.");
        }
        final int across = Math.min(MOST_PARTS_A_SIDE, picture.widthPx() / sidePx);
        final int down = Math.min(MOST_PARTS_A_SIDE, picture.heightPx() / sidePx);
        for (int part = 0; part < across * down; part++) {
            // In the middle of equal shares of the picture.
            final int left = (2 * (part % across) + 1) * picture.widthPx() / (2 * across) - sidePx / 2;
            final int top = (2 * (part / across) + 1) * picture.heightPx() / (2 * down) - sidePx / 2;
            to.add(features.ofPicture(part(picture, source, left, top)));
        }
    }

    /** Three channels of 0 to 255, whole numbers as in a picture of 8 bits, in the source's range. */
    private float[][] part(final Picture picture, final Picture source, final int left, final int top) {
        double low = Double.POSITIVE_INFINITY;
        for (final double[] channel : source.channels()) {
            for (final double value : channel) low = Math.min(low, value);
        }
        final double range = source.range();
        final float[][] out = new float[3][sidePx * sidePx];
        for (int c = 0; c < out.length; c++) {
            final double[] channel = picture.channels()[picture.channels().length == 1 ? 0 : c];
            for (int i = 0; i < out[c].length; i++) {
                final double value = channel[(top + i / sidePx) * picture.widthPx() + left + i % sidePx];
                out[c][i] = (float) Math.rint(Math.max(0, Math.min(WHITE, WHITE * (value - low) / range)));
            }
        }
        return out;
    }

    private static double[][] scale(final List<float[]> set) {
        final int count = set.get(0).length;
        final double[][] scale = new double[2][count];
        for (int f = 0; f < count; f++) {
            double sum = 0;
            for (final float[] row : set) sum += row[f];
            final double mean = sum / set.size();
            double squares = 0;
            for (final float[] row : set) squares += (row[f] - mean) * (row[f] - mean);
            scale[0][f] = mean;
            scale[1][f] = Math.sqrt(squares / set.size()) + LEAST_SPREAD;
        }
        return scale;
    }

    private static double[][] scaled(final List<float[]> set, final double[][] scale) {
        final double[][] out = new double[set.size()][scale[0].length];
        for (int r = 0; r < out.length; r++) {
            for (int f = 0; f < out[r].length; f++) {
                out[r][f] = Math.max(-FARTHEST, Math.min(FARTHEST, (set.get(r)[f] - scale[0][f]) / scale[1][f]));
            }
        }
        return out;
    }

    private static double within(final double[][] set) {
        double sum = 0;
        for (int i = 0; i < set.length; i++) {
            for (int j = 0; j < i; j++) sum += 2 * kernel(set[i], set[j]);
        }
        return sum / ((double) set.length * (set.length - 1));
    }

    private static double across(final double[][] a, final double[][] b) {
        double sum = 0;
        for (final double[] first : a) {
            for (final double[] second : b) sum += kernel(first, second);
        }
        return sum / ((double) a.length * b.length);
    }

    private static double kernel(final double[] a, final double[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) product += a[i] * b[i];
        final double root = product / a.length + 1;
        return root * root * root;
    }
}
