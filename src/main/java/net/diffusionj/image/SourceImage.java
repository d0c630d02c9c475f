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

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/**
 * A picture that a generation starts from: checked once, then given to the model in the size it wants, and what the model made of it brought back
 * to the picture's own size, type and range of intensities.
 * <p>
 * Accepted are real types of any bit depth, signed or not, with axes x, y or x, y, channel (1 or 3), and ARGB with axes x, y, whose alpha is
 * passed over. Further axes must have length 1. The image is read, never written, and must not change meanwhile. Immutable otherwise; as thread-safe
 * as reading the image is.
 * </p>
 */
public final class SourceImage {

    private final SourcePlanes planes;
    private final RealType<?> type;

    private SourceImage(final SourcePlanes planes, final RealType<?> type) {
        this.planes = planes;
        this.type = type;
    }

    /** How many channels a result has. */
    public enum ResultChannels {
        /** As many as the source: for one channel, the mean of the model's three. */
        AS_SOURCE,
        /** Always the model's three. */
        THREE
    }

    /**
     * Checks an image.
     *
     * @param image x, y and possibly channel
     * @return the image, ready for use
     * @throws InvalidInputException if it has another type or shape, or pixels that are NaN or infinite; the message says what to do
     */
    public static SourceImage of(final RandomAccessibleInterval<?> image) {
        final SourcePlanes planes = SourcePlanes.of(image);
        final Object first = image.getType();
        if (first instanceof ARGBType) {
            return new SourceImage(planes, new UnsignedByteType());
        }
        final RealType<?> type = (RealType<?>) first;
        if (!(type instanceof IntegerType<?>)) {
            planes.checkFinite();
        }
        return new SourceImage(planes, type);
    }

    /** @return width in pixels */
    public int widthPx() {
        return planes.widthPx();
    }

    /** @return height in pixels */
    public int heightPx() {
        return planes.heightPx();
    }

    /** @return 1, or 3 for colour */
    public int channels() {
        return planes.channels();
    }

    /**
     * Names the picture by its pixels, whatever file they came from: SHA-256 of the values in C order [height, width] or [height, width, channel], little
     * endian, in the picture's own type, ARGB as three bytes. In Python {@code hashlib.sha256(image.tobytes()).hexdigest()}.
     *
     * @return 64 hexadecimal digits
     */
    public String pixelSha256() {
        return PixelHash.of(planes, type);
    }

    /**
     * Finds limits for the intensities. Where all pixels have one value there is no range to find: an integer type of up to 16 bits then takes its
     * whole range, any other type 0 to 1 widened to hold the value.
     *
     * @param choice how
     * @return limits, to be recorded with the result
     */
    public IntensityMapping mapping(final LimitChoice choice) {
        return IntensityStatistics.limits(planes, type, choice);
    }

    /**
     * Says what the user should know of a mapping that {@link #mapping} gave.
     *
     * @param mapping of this picture
     * @return a sentence, where all pixels have one value and the limits could only be guessed
     */
    public Optional<String> warning(final IntensityMapping mapping) {
        return IntensityStatistics.guessedFrom(planes, type, mapping)
            .map(value -> "All pixels of the image are " + (value == Math.rint(value) ? String.valueOf(value.longValue()) : value)
                + ", so it has no range of intensities: the result is drawn between " + mapping.toText().replaceAll("\\.0(?!\\d)", "").replace("..", " and ")
                + ".");
    }

    /**
     * Estimates how large the objects of the picture are, from how far it looks alike.
     *
     * @param mapping intensities to −1 to 1
     * @return typical size in pixels; empty where the picture is too small or has no structure
     */
    public OptionalDouble objectSizePx(final IntensityMapping mapping) {
        final float[] mean = planes.read(0, mapping.of(0)::toModel);
        for (int channel = 1; channel < channels(); channel++) {
            final float[] plane = planes.read(channel, mapping.of(channel)::toModel);
            for (int i = 0; i < mean.length; i++) mean[i] += plane[i];
        }
        return ObjectSize.estimatePx(mean, widthPx());
    }

    /**
     * @param mapping intensities to −1 to 1
     * @param wantedWidthPx width the model wants, at least 1
     * @param wantedHeightPx height the model wants, at least 1
     * @return the picture stretched to that size, −1 to 1; one channel is repeated three times
     */
    public SourcePixels toPixels(final IntensityMapping mapping, final int wantedWidthPx, final int wantedHeightPx) {
        return toPixels(mapping, Framing.stretched(widthPx(), heightPx(), wantedWidthPx, wantedHeightPx));
    }

    /**
     * @param mapping intensities to −1 to 1
     * @param framing how the model is to see this picture
     * @return the picture as it lies in the framing, −1 to 1; one channel is repeated three times
     */
    public SourcePixels toPixels(final IntensityMapping mapping, final Framing framing) {
        final int size = Math.multiplyExact(framing.widthPx(), framing.heightPx());
        final float[] out = new float[Math.multiplyExact(SourcePixels.CHANNELS, size)];
        final Resizer resizer = new Resizer(widthPx(), heightPx(), framing.scaledWidthPx(), framing.scaledHeightPx());
        // Of one channel with limits for each of three, every copy has limits of its own.
        final boolean repeat = channels() == 1 && mapping.limits().size() == 1;
        for (int channel = 0; channel < (repeat ? 1 : SourcePixels.CHANNELS); channel++) {
            final IntensityMapping.Limits limits = mapping.of(channel);
            final float[] plane = planes.read(Math.min(channel, channels() - 1), limits::toModel);
            if (!framing.isPadded()) resizer.resize(plane, 0, out, channel * size, 1);
            else framing.mirrorOutwards(resizer.resized(plane, 1), out, channel * size);
        }
        if (repeat) {
            System.arraycopy(out, 0, out, size, size);
            System.arraycopy(out, 0, out, 2 * size, size);
        }
        return new SourcePixels(out, framing.heightPx(), framing.widthPx());
    }

    /**
     * Brings what the model made back to the size, type and intensities of this picture. ARGB comes back as unsigned bytes with three channels.
     *
     * @param decoded one or several pictures of any one size
     * @param mapping the mapping they went in with
     * @param resultChannels how many channels to give
     * @return x, y, then channel if there are three or several pictures, then image if there are several
     */
    public Img<?> restore(final DecodedPixels decoded, final IntensityMapping mapping, final ResultChannels resultChannels) {
        return restore(decoded, mapping, resultChannels, Optional.empty());
    }

    /**
     * As {@link #restore(DecodedPixels, IntensityMapping, ResultChannels)}, with the noise of a camera.
     *
     * @param decoded one or several pictures of any one size
     * @param mapping the mapping they went in with
     * @param resultChannels how many channels to give
     * @param shot puts a camera's noise on the pixels before they are rounded; empty for none. A grey picture of three channels gets one noise for all
     * @return x, y, then channel if there are three or several pictures, then image if there are several
     */
    public Img<?> restore(final DecodedPixels decoded, final IntensityMapping mapping, final ResultChannels resultChannels,
        final Optional<CameraShot> shot) {
        final int resultCount = resultChannels == ResultChannels.THREE ? SourcePixels.CHANNELS : channels();
        final DecodedPixels sized = DecodedImages.resize(decoded, widthPx(), heightPx());
        if (!(type instanceof final NativeType<?> nativeType)) {
            throw new InvalidInputException("The result cannot have pixels of type " + type.getClass().getSimpleName()
                + ". Convert the image to 8-bit, 16-bit or 32-bit first.");
        }
        return RestoredImages.make(nativeType, sized, mapping, resultCount, shot.map(taken -> isGrey() ? taken.ofGrey() : taken));
    }

    private boolean isGrey() {
        if (channels() == 1) return true;
        final double[] red = planes.readDoubles(0);
        return Arrays.equals(red, planes.readDoubles(1)) && Arrays.equals(red, planes.readDoubles(2));
    }

    /**
     * Brings the background and the range of what the model made back to those of this picture.
     *
     * @param made pictures of this picture's size
     * @param mapping the mapping they went in with
     * @param share of the correction to make, 0 to 1
     * @return the pictures, corrected each by itself
     */
    public DecodedPixels matchTone(final DecodedPixels made, final IntensityMapping mapping, final double share) {
        if (share == 0) return made;
        final float[][] source = new float[channels()][];
        for (int channel = 0; channel < source.length; channel++) source[channel] = planes.read(channel, mapping.of(channel)::toModel);
        return new ToneMatch(source).of(made, share);
    }

    /**
     * Puts this picture's own pixels back into a result wherever a mask says so: outside it exactly, inside along its border in shares.
     *
     * @param result what {@link #restore} gave, with as many channels as this picture; changed
     * @param mask which pixels may differ from this picture's
     */
    public void putBack(final Img<?> result, final ImageMask mask) {
        PutBack.into(result, planes, mask.shares());
    }
}
