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
package net.diffusionj.augment.transform;

import net.imglib2.Cursor;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.RealRandomAccess;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.interpolation.randomaccess.NLinearInterpolatorFactory;
import net.imglib2.interpolation.randomaccess.NearestNeighborInterpolatorFactory;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.IntType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;

import net.diffusionj.labels.LabelImage;

/**
 * Applies a transform to an image and, alike, to its labels. Flips and quarter turns move pixels as they are. Rotations and elastic changes interpolate the
 * image linearly and take the nearest label; what comes from outside is mirrored. Stateless.
 */
public final class Transformer {

    private static final int CHANNEL = 2;

    private Transformer() {}

    /**
     * @param image x, y and possibly channel, of a native real type; not changed
     * @param transform what to do
     * @return a new image of the same type; quarter turns may exchange its sides
     */
    public static Img<?> image(final RandomAccessibleInterval<?> image, final Transform transform) {
        final int channels = image.numDimensions() > CHANNEL ? (int) image.dimension(CHANNEL) : 1;
        final boolean upright = transform.quarterTurns() % 2 == 0;
        final int width = (int) image.dimension(upright ? 0 : 1);
        final int height = (int) image.dimension(upright ? 1 : 0);
        final Img<?> result = image.numDimensions() > CHANNEL ? SameType.create(image, width, height, channels) : SameType.create(image, width, height);
        final double[] values = new double[width * height * channels];
        for (int channel = 0; channel < channels; channel++) {
            final RandomAccessibleInterval<?> plane = image.numDimensions() > CHANNEL ? Views.hyperSlice(image, CHANNEL, channel) : image;
            final RandomAccessibleInterval<DoubleType> turned = turned(ArrayImgs.doubles(values(plane), plane.dimension(0), plane.dimension(1)), transform);
            copy(transform.warps() ? warped(turned, transform) : values(turned), values, channel * width * height);
        }
        Intensities.changeInPlace(values, transform);
        int i = 0;
        final Cursor<?> out = Views.flatIterable(result).cursor();
        while (out.hasNext()) set((RealType<?>) out.next(), values[i++]);
        return result;
    }

    private static void copy(final double[] plane, final double[] values, final int first) {
        System.arraycopy(plane, 0, values, first, plane.length);
    }

    private static double[] values(final RandomAccessibleInterval<?> plane) {
        final double[] values = new double[(int) plane.size()];
        int i = 0;
        for (final Object pixel : Views.flatIterable(plane)) values[i++] = ((RealType<?>) pixel).getRealDouble();
        return values;
    }

    private static double[] warped(final RandomAccessibleInterval<DoubleType> plane, final Transform transform) {
        final int width = (int) plane.dimension(0);
        final int height = (int) plane.dimension(1);
        final RealRandomAccess<DoubleType> picture = Views.interpolate(Views.extendMirrorSingle(plane), new NLinearInterpolatorFactory<>())
            .realRandomAccess();
        final Warp warp = new Warp(transform, width, height);
        final double[] place = new double[2];
        final double[] values = new double[width * height];
        for (int i = 0; i < values.length; i++) {
            warp.source(i % width, i / width, place);
            picture.setPosition(place);
            values[i] = picture.get().get();
        }
        return values;
    }

    /** Integers are rounded and kept within their type. */
    private static void set(final RealType<?> pixel, final double value) {
        pixel.setReal(pixel instanceof IntegerType<?> ? Math.min(Math.max(Math.rint(value), pixel.getMinValue()), pixel.getMaxValue()) : value);
    }

    private static <T> RandomAccessibleInterval<T> turned(final RandomAccessibleInterval<T> plane, final Transform transform) {
        RandomAccessibleInterval<T> turned = transform.flip() ? Views.zeroMin(Views.invertAxis(plane, 0)) : plane;
        for (int turn = 0; turn < transform.quarterTurns(); turn++) {
            turned = Views.zeroMin(Views.rotate(turned, 0, 1));
        }
        return turned;
    }

    /**
     * @param labels not changed
     * @param transform what was done to the image
     * @return labels of the transformed image. A mirrored copy of an object that came in from outside has a number of its own
     */
    public static LabelImage labels(final LabelImage labels, final Transform transform) {
        final RandomAccessibleInterval<IntType> turned = turned(ArrayImgs.ints(labels.toArray(), labels.widthPx(), labels.heightPx()), transform);
        final int width = (int) turned.dimension(0);
        final int height = (int) turned.dimension(1);
        final int[] ids = new int[width * height];
        if (!transform.warps()) {
            final RandomAccess<IntType> access = turned.randomAccess();
            for (int i = 0; i < ids.length; i++) {
                ids[i] = access.setPositionAndGet(i % width, i / width).get();
            }
            return LabelImage.ofIds(ids, width);
        }
        final RealRandomAccess<IntType> nearest = Views.interpolate(Views.extendMirrorSingle(turned), new NearestNeighborInterpolatorFactory<>())
            .realRandomAccess();
        final Warp warp = new Warp(transform, width, height);
        final boolean[] inside = new boolean[ids.length];
        final double[] place = new double[2];
        for (int i = 0; i < ids.length; i++) {
            warp.source(i % width, i / width, place);
            nearest.setPosition(place);
            ids[i] = nearest.get().get();
            inside[i] = place[0] > -0.5 && place[0] < width - 0.5 && place[1] > -0.5 && place[1] < height - 0.5;
        }
        return LabelImage.ofIds(MirroredCopies.renumber(ids, inside, width), width);
    }
}
