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

import java.util.Optional;
import java.util.SplittableRandom;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.PoissonSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

import net.diffusionj.InvalidInputException;

import net.imglib2.Cursor;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/** Draws a camera's noise: for a plane of means, and into finished images. Stateless. */
final class CameraNoise {

    /** Above this mean a Poisson number does not fit into an int, and differs from a normal one by nothing that a grey value shows. */
    private static final double MOST_ELECTRONS = 1e9;

    private CameraNoise() {}

    /** @param seed of one image
     *  @param channel from 0
     *  @return random numbers that are that channel's alone */
    static SplittableRandom stream(final long seed, final int channel) {
        final SplittableRandom ofImage = new SplittableRandom(seed);
        SplittableRandom ofChannel = ofImage.split();
        for (int i = 0; i < channel; i++) ofChannel = ofImage.split();
        return ofChannel;
    }

    /**
     * @param means grey values without noise, row-major
     * @param widthPx their width
     * @param camera whose noise
     * @param random gives the numbers
     * @return what differs from each mean, in grey values
     */
    static double[] of(final double[] means, final int widthPx, final CameraModel camera, final SplittableRandom random) {
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
        if (camera.blurPx() > 0) NoiseBlur.inPlace(noise, widthPx, camera.blurPx());
        return noise;
    }

    /** @return the grey value at which a camera's pixels end in an image of a type */
    static double end(final CameraModel camera, final double typeEnd) {
        return camera.saturationBits() == 0 ? typeEnd : Math.min((1 << camera.saturationBits()) - 1, typeEnd);
    }

    /** @return mean and noise; a well that is full shows no noise */
    static double saturated(final double mean, final double noise, final double end) {
        return mean >= end ? end : Math.min(mean + noise, end);
    }

    /**
     * @param image x, y [, channel] [, image]; changed
     * @param camera whose noise
     * @param changed x, y: where it is 0 the pixel is kept bit for bit; empty for a whole image
     * @param seed of the first image
     */
    static void into(final Img<?> image, final CameraModel camera, final Optional<RandomAccessibleInterval<?>> changed, final long seed) {
        if (!(image.getType() instanceof RealType<?>)) {
            throw new InvalidInputException("A camera's noise can be drawn on 8-bit, 16-bit and 32-bit images, not on pixels of type "
                + image.getType().getClass().getSimpleName() + '.');
        }
        final Optional<boolean[]> marks = changed.map(mask -> marks(mask, image));
        final long channels = image.numDimensions() > 2 ? image.dimension(2) : 1;
        final long images = image.numDimensions() > 3 ? image.dimension(3) : 1;
        for (long k = 0; k < images; k++) {
            for (int channel = 0; channel < channels; channel++) {
                RandomAccessibleInterval<?> plane = image;
                if (image.numDimensions() > 3) plane = Views.hyperSlice(plane, 3, k);
                if (image.numDimensions() > 2) plane = Views.hyperSlice(plane, 2, channel);
                intoPlane(plane, camera, marks, stream(seed + k, channel));
            }
        }
    }

    private static void intoPlane(final RandomAccessibleInterval<?> plane, final CameraModel camera, final Optional<boolean[]> marks,
        final SplittableRandom random) {
        final int width = (int) plane.dimension(0);
        final double[] means = new double[Math.multiplyExact(width, (int) plane.dimension(1))];
        final Cursor<?> reader = Views.flatIterable(plane).cursor();
        for (int i = 0; i < means.length; i++) means[i] = ((RealType<?>) reader.next()).getRealDouble();
        final double[] noise = of(means, width, camera, random);
        final Cursor<?> target = Views.flatIterable(plane).cursor();
        for (int i = 0; i < means.length; i++) {
            final RealType<?> pixel = (RealType<?>) target.next();
            if (marks.isPresent() && !marks.get()[i]) continue;
            final boolean integer = pixel instanceof IntegerType<?>;
            final double value = saturated(means[i], noise[i], end(camera, integer ? pixel.getMaxValue() : Double.POSITIVE_INFINITY));
            pixel.setReal(integer ? Math.max(Math.rint(value), pixel.getMinValue()) : value);
        }
    }

    private static boolean[] marks(final RandomAccessibleInterval<?> mask, final Img<?> image) {
        if (mask.numDimensions() < 2 || mask.dimension(0) != image.dimension(0) || mask.dimension(1) != image.dimension(1)) {
            throw new InvalidInputException("The mask of the camera's noise must have the image's " + image.dimension(0) + " x " + image.dimension(1)
                + " pixels.");
        }
        if (!(mask.getType() instanceof RealType<?>))
            throw new InvalidInputException("The mask of the camera's noise must have 8-bit, 16-bit or 32-bit pixels.");
        final int width = (int) image.dimension(0);
        final boolean[] marks = new boolean[Math.multiplyExact(width, (int) image.dimension(1))];
        final RandomAccess<?> access = mask.randomAccess();
        for (int d = 0; d < mask.numDimensions(); d++) access.setPosition(mask.min(d), d);
        for (int i = 0; i < marks.length; i++) {
            access.setPosition(mask.min(0) + i % width, 0);
            access.setPosition(mask.min(1) + i / width, 1);
            marks[i] = ((RealType<?>) access.get()).getRealDouble() != 0;
        }
        return marks;
    }
}
