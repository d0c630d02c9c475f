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
package net.diffusionj.image;

import net.diffusionj.InvalidInputException;

import net.imglib2.Cursor;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.PoissonSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

import java.util.SplittableRandom;

/** Draws a camera's noise into images, plane by plane. Stateless. */
final class CameraNoise {

    /** For an image of which all pixels are new. */
    static final float[] EVERYWHERE = {};

    /** Above this mean a Poisson number does not fit into an int, and differs from a normal one by nothing that a grey value shows. */
    private static final double MOST_ELECTRONS = 1e9;

    private CameraNoise() {}

    /**
     * @param image x, y [, channel] [, image]; changed
     * @param camera whose noise
     * @param shares of each pixel that is new, row-major: 0 keeps the pixel bit for bit; {@link #EVERYWHERE} for 1
     * @param seed of the first image
     */
    static void into(final Img<?> image, final CameraModel camera, final float[] shares, final long seed) {
        if (!(image.getType() instanceof RealType<?>)) {
            throw new InvalidInputException("A camera's noise can be drawn on 8-bit, 16-bit and 32-bit images, not on pixels of type "
                + image.getType().getClass().getSimpleName() + '.');
        }
        final long channels = image.numDimensions() > 2 ? image.dimension(2) : 1;
        final long images = image.numDimensions() > 3 ? image.dimension(3) : 1;
        for (long k = 0; k < images; k++) {
            // One stream an image, cut into one a channel: a batch's image is the one that its own seed gives.
            final SplittableRandom ofImage = new SplittableRandom(seed + k);
            for (long channel = 0; channel < channels; channel++) {
                RandomAccessibleInterval<?> plane = image;
                if (image.numDimensions() > 3) plane = Views.hyperSlice(plane, 3, k);
                if (image.numDimensions() > 2) plane = Views.hyperSlice(plane, 2, channel);
                intoPlane(plane, camera, shares, ofImage.split());
            }
        }
    }

    private static void intoPlane(final RandomAccessibleInterval<?> plane, final CameraModel camera, final float[] shares, final SplittableRandom random) {
        final int width = (int) plane.dimension(0);
        final int height = (int) plane.dimension(1);
        if (shares != EVERYWHERE && shares.length != width * height) {
            throw new IllegalArgumentException("expected " + width + " x " + height + " shares, found " + shares.length);
        }
        final double[] means = new double[width * height];
        final Cursor<?> reader = Views.flatIterable(plane).cursor();
        for (int i = 0; i < means.length; i++) means[i] = ((RealType<?>) reader.next()).getRealDouble();
        final double[] noise = noise(means, camera, random);
        if (camera.blurPx() > 0) NoiseBlur.inPlace(noise, width, camera.blurPx());
        final Cursor<?> target = Views.flatIterable(plane).cursor();
        for (int i = 0; i < means.length; i++) {
            final RealType<?> pixel = (RealType<?>) target.next();
            final float share = shares == EVERYWHERE ? 1 : shares[i];
            // The kept share of a source's pixel has that share of the source's noise: variances add up to one.
            if (share > 0) put(pixel, means[i], noise[i] * Math.sqrt(share * (2.0 - share)), camera);
        }
    }

    /** What differs from each mean, in grey values. */
    private static double[] noise(final double[] means, final CameraModel camera, final SplittableRandom random) {
        final UniformRandomProvider source = random::nextLong;
        final ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(source);
        final double[] noise = new double[means.length];
        for (int i = 0; i < noise.length; i++) {
            final double electrons = camera.gain() == 0 ? 0 : Math.max(means[i] - camera.offset(), 0) / camera.gain();
            final double shot;
            if (electrons == 0) shot = 0;
            else if (electrons > MOST_ELECTRONS) shot = Math.sqrt(electrons) * normal.sample();
            else shot = PoissonSampler.of(source, electrons).sample() - electrons;
            noise[i] = camera.gain() * shot + camera.readNoise() * normal.sample();
        }
        return noise;
    }

    private static void put(final RealType<?> pixel, final double mean, final double noise, final CameraModel camera) {
        final boolean integer = pixel instanceof IntegerType<?>;
        final double typeEnd = integer ? pixel.getMaxValue() : Double.POSITIVE_INFINITY;
        final double end = camera.saturationBits() == 0 ? typeEnd : Math.min((1 << camera.saturationBits()) - 1, typeEnd);
        // A well that is full shows no noise.
        if (mean >= end) {
            pixel.setReal(end);
            return;
        }
        final double value = Math.min(mean + noise, end);
        pixel.setReal(integer ? Math.max(Math.rint(value), pixel.getMinValue()) : value);
    }

    /** @param changed x, y
     *  @param image of the same size
     *  @return 0 where the mask is 0, 1 elsewhere */
    static float[] shares(final RandomAccessibleInterval<?> changed, final Img<?> image) {
        if (changed.numDimensions() < 2 || changed.dimension(0) != image.dimension(0) || changed.dimension(1) != image.dimension(1)) {
            throw new InvalidInputException("The mask of the camera's noise must have the image's " + image.dimension(0) + " x " + image.dimension(1)
                + " pixels.");
        }
        if (!(changed.getType() instanceof RealType<?>)) {
            throw new InvalidInputException("The mask of the camera's noise must have 8-bit, 16-bit or 32-bit pixels.");
        }
        final int width = (int) image.dimension(0);
        final float[] shares = new float[Math.multiplyExact(width, (int) image.dimension(1))];
        final RandomAccess<?> access = changed.randomAccess();
        for (int d = 0; d < changed.numDimensions(); d++) access.setPosition(changed.min(d), d);
        for (int i = 0; i < shares.length; i++) {
            access.setPosition(changed.min(0) + i % width, 0);
            access.setPosition(changed.min(1) + i / width, 1);
            shares[i] = ((RealType<?>) access.get()).getRealDouble() == 0 ? 0 : 1;
        }
        return shares;
    }
}
