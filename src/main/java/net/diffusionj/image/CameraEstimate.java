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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import net.diffusionj.InvalidInputException;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;

/**
 * Finds a camera's noise in images: the photon transfer line over local patches, as in blind estimators of noise (Ponomarenko et al., An automatic
 * approach to lossy compression of AVIRIS images, IGARSS 2007). Stateless.
 * <p>
 * Every patch is taken apart into frequencies. Among patches of about one mean, those that are quietest in the middle frequencies are the least
 * textured; the power of their high frequencies is the noise. White noise has independent powers in the two bands, so that the choice does not make
 * the noise look smaller than it is.
 * </p>
 */
public final class CameraEstimate {

    private static final int BINS = 24;
    private static final int FEWEST_PATCHES = 60;
    /** Of a single image: nearly a square of 256 pixels, which in real micrographs tells the variance within 10 % of what the whole field tells. */
    private static final int FEWEST_OF_ONE = 3600;
    private static final double QUIET_SHARE = 0.15;
    /** Where high frequencies have less than this part of the power of middle ones, they were taken away by compression or an interpolation, and no Gaussian fits. */
    private static final double LEAST_RATIO = 0.55;
    /** A ratio that noise without blur reaches by chance. */
    private static final double WHITE_RATIO = 0.93;
    /** A variance, as a part of the mean's square, that comes from calculating with 64 bits. */
    private static final double NO_NOISE = 1e-16;
    private static final int MOST_PATCHES = 200_000;

    private CameraEstimate() {}

    /**
     * Estimates gain, read noise, offset and blur. Only gain · mean and the variance at the offset can be told from images: the offset given is the
     * darkest mean that was seen, or where the line meets 0, and the read noise is that at the offset.
     *
     * @param images of one camera and one kind of exposure: x, y [, channel], of real types or ARGB; read, not changed
     * @return the camera, saturating where the type ends; empty where the images are too small to tell or show no noise
     * @throws InvalidInputException if one of them is no picture, such as a stack
     */
    public static Optional<CameraModel> of(final List<? extends RandomAccessibleInterval<?>> images) {
        return of(images, FEWEST_PATCHES);
    }

    /**
     * Estimates the camera of a single image, as {@link #of} does of several.
     *
     * @param image as there
     * @return its camera; empty where it shows no noise, or where it has fewer patches than a square of about 250 pixels, which tell too little
     * @throws InvalidInputException if it is no picture, such as a stack
     */
    public static Optional<CameraModel> ofOne(final RandomAccessibleInterval<?> image) {
        return of(List.of(image), FEWEST_OF_ONE);
    }

    private static Optional<CameraModel> of(final List<? extends RandomAccessibleInterval<?>> images, final int fewest) {
        final List<NoisePatch> patches = new ArrayList<>();
        double step = 0;
        for (final RandomAccessibleInterval<?> image : images) {
            final SourcePlanes planes = SourcePlanes.of(image);
            final Object type = image.getType();
            final boolean integer = type instanceof IntegerType<?> || type instanceof ARGBType;
            final double white = type instanceof ARGBType ? 255 : integer ? ((RealType<?>) type).getMaxValue() : Double.POSITIVE_INFINITY;
            for (int channel = 0; channel < planes.channels(); channel++) {
                final double[] plane = planes.readDoubles(channel);
                if (integer) step = PlaneStep.common(step, plane);
                NoisePatch.addAll(patches, plane, planes.widthPx(), integer ? 0 : Double.NEGATIVE_INFINITY, white, MOST_PATCHES / images.size());
            }
        }
        return patches.size() < fewest ? Optional.empty() : fitted(patches, step * step / 12);
    }

    /** @param rounding variance that rounding to whole steps makes, which a new picture gets when it is rounded itself */
    private static Optional<CameraModel> fitted(final List<NoisePatch> patches, final double rounding) {
        final double blurPx = blurPx(patches, rounding);
        final double passed = blurPx == 0 ? 1 : PatchBands.HIGH.passedBy(blurPx);
        final List<TransferLine.Point> points = new ArrayList<>();
        for (final List<NoisePatch> bin : bins(patches)) {
            final List<NoisePatch> quiet = quietest(bin, Comparator.comparingDouble(NoisePatch::mid));
            final double mean = quiet.stream().mapToDouble(NoisePatch::mean).average().orElseThrow();
            final double variance = quiet.stream().mapToDouble(NoisePatch::high).average().orElseThrow() / passed;
            points.add(new TransferLine.Point(mean, variance, quiet.size()));
        }
        if (points.isEmpty()) return Optional.empty();
        final TransferLine line = TransferLine.through(points);
        final double darkest = points.get(0).mean();
        final double gain = line.slope();
        final double readVariance = line.at(darkest) - rounding;
        if (readVariance >= 0) {
            if (gain == 0 && readVariance <= Math.max(rounding / 4, NO_NOISE * darkest * darkest)) return Optional.empty();
            return Optional.of(new CameraModel(gain, Math.sqrt(readVariance), darkest, 0, blurPx));
        }
        return gain == 0 ? Optional.empty() : Optional.of(new CameraModel(gain, 0, darkest - readVariance / gain, 0, blurPx));
    }

    /** From the slope of the noise's spectrum, in the patches that have least of what is larger than both bands. */
    private static double blurPx(final List<NoisePatch> patches, final double rounding) {
        final List<NoisePatch> quiet = quietest(patches, Comparator.comparingDouble(NoisePatch::low));
        final double high = quiet.stream().mapToDouble(NoisePatch::high).average().orElseThrow() - rounding;
        final double mid = quiet.stream().mapToDouble(NoisePatch::mid).average().orElseThrow() - rounding;
        // Where rounding hides the noise, nothing can be said of its spectrum.
        if (high < rounding || mid <= 0) return 0;
        final double ratio = high / mid;
        if (ratio > WHITE_RATIO || ratio < LEAST_RATIO) return 0;
        double least = 0;
        double most = 1;
        for (int i = 0; i < 40; i++) {
            final double middle = (least + most) / 2;
            if (PatchBands.HIGH.passedBy(middle) / PatchBands.MID.passedBy(middle) > ratio) least = middle;
            else most = middle;
        }
        return Math.rint(least * 1000) / 1000;
    }

    private static List<NoisePatch> quietest(final List<NoisePatch> patches, final Comparator<NoisePatch> quietFirst) {
        return patches.stream().sorted(quietFirst).limit(Math.max(Math.round(patches.size() * QUIET_SHARE), 1)).toList();
    }

    /** Equally wide in the square root of the mean, as shot noise is; what is too thin to tell anything is left out. Darkest first. */
    private static List<List<NoisePatch>> bins(final List<NoisePatch> patches) {
        final double darkest = patches.stream().mapToDouble(NoisePatch::mean).min().orElseThrow();
        final double brightest = patches.stream().mapToDouble(NoisePatch::mean).max().orElseThrow();
        final List<List<NoisePatch>> bins = new ArrayList<>();
        for (int i = 0; i < BINS; i++) bins.add(new ArrayList<>());
        final double width = Math.sqrt(brightest - darkest) / BINS;
        for (final NoisePatch patch : patches) {
            final int bin = width == 0 ? 0 : (int) (Math.sqrt(patch.mean() - darkest) / width);
            bins.get(Math.min(bin, BINS - 1)).add(patch);
        }
        return bins.stream().filter(bin -> bin.size() >= FEWEST_PATCHES).toList();
    }
}
