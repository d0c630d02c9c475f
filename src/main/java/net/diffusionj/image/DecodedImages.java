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

import net.diffusionj.DiffusionJException;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.NativeType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;

/**
 * What a decoder gave, as ImgLib2 images with axes x, y, channel (3) and, for more than one picture, image. Model values −1 to 1 become 0 to the
 * largest value of the type, clipped, as diffusers' {@code VaeImageProcessor} does: {@code round(clip(v / 2 + 0.5) * 255)}, halves to the even
 * neighbour, in 32-bit floats.
 * <p>
 * The images are {@code ArrayImg}s: an ImageJ2 dataset over one is shown as RGB, over a {@code PlanarImg} as a composite. Each call makes an
 * image of its own. Stateless and thread-safe.
 * </p>
 */
public final class DecodedImages {

    private DecodedImages() {}

    /**
     * @param pixels what a decoder gave
     * @return 0 to 255
     * @throws DiffusionJException if there are values that are not numbers
     */
    public static Img<UnsignedByteType> toUnsignedBytes(final DecodedPixels pixels) {
        final byte[] out = new byte[pixels.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) Math.rint(unit(pixels, i) * 255f);
        }
        return ArrayImgs.unsignedBytes(out, dimensions(pixels));
    }

    /**
     * @param pixels what a decoder gave
     * @return 0 to 65535
     * @throws DiffusionJException if there are values that are not numbers
     */
    public static Img<UnsignedShortType> toUnsignedShorts(final DecodedPixels pixels) {
        final short[] out = new short[pixels.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (short) Math.rint(unit(pixels, i) * 65535f);
        }
        return ArrayImgs.unsignedShorts(out, dimensions(pixels));
    }

    /**
     * @param pixels what a decoder gave
     * @return 0 to 1
     * @throws DiffusionJException if there are values that are not numbers
     */
    public static Img<FloatType> toFloats(final DecodedPixels pixels) {
        final float[] out = new float[pixels.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = unit(pixels, i);
        }
        return ArrayImgs.floats(out, dimensions(pixels));
    }

    /**
     * As the three methods above, with the noise of a camera in the type's own values.
     *
     * @param pixels what a decoder gave
     * @param type of the pixels to give: unsigned byte, unsigned short or float
     * @param shot the camera's noise
     * @return 0 to 255 or 65535; floats from 0 to 1 before the noise
     * @throws DiffusionJException if there are values that are not numbers
     */
    public static <T extends NativeType<T> & RealType<T>> Img<T> exposed(final DecodedPixels pixels, final T type, final CameraShot shot) {
        final double white = type instanceof IntegerType<?> ? type.getMaxValue() : 1;
        return RestoredImages.make(type, pixels, IntensityMapping.joint(0, white), SourcePixels.CHANNELS, Optional.of(shot));
    }

    /**
     * Cuts every picture out of what was mirrored around it and brings it to the source's size.
     *
     * @param pixels what a decoder gave, of the framing's size
     * @param framing how the source went in
     * @return the pictures in the source's size; the same object if nothing is to be done
     */
    public static DecodedPixels unframe(final DecodedPixels pixels, final Framing framing) {
        if (pixels.widthPx() != framing.widthPx() || pixels.heightPx() != framing.heightPx()) {
            throw new IllegalArgumentException("expected " + framing.widthPx() + " x " + framing.heightPx() + " pixels, found " + pixels.widthPx() + " x "
                + pixels.heightPx());
        }
        return resize(framing.isPadded() ? cutOut(pixels, framing) : pixels, framing.sourceWidthPx(), framing.sourceHeightPx());
    }

    private static DecodedPixels cutOut(final DecodedPixels pixels, final Framing framing) {
        final int planes = pixels.images() * SourcePixels.CHANNELS;
        final int size = framing.scaledWidthPx() * framing.scaledHeightPx();
        final float[] out = new float[Math.multiplyExact(planes, size)];
        for (int plane = 0; plane < planes; plane++) {
            framing.cutOut(pixels.values(), plane * pixels.widthPx() * pixels.heightPx(), out, plane * size);
        }
        return new DecodedPixels(out, pixels.images(), framing.scaledHeightPx(), framing.scaledWidthPx());
    }

    /**
     * Resizes every picture, as {@link Resizer} does.
     *
     * @param pixels what a decoder gave
     * @param widthPx wanted width, at least 1
     * @param heightPx wanted height, at least 1
     * @return the pictures in that size; the same object if it has the size already
     */
    public static DecodedPixels resize(final DecodedPixels pixels, final int widthPx, final int heightPx) {
        if (pixels.widthPx() == widthPx && pixels.heightPx() == heightPx) {
            return pixels;
        }
        final Resizer resizer = new Resizer(pixels.widthPx(), pixels.heightPx(), widthPx, heightPx);
        final int planes = pixels.images() * SourcePixels.CHANNELS;
        final float[] out = new float[Math.multiplyExact(Math.multiplyExact(planes, widthPx), heightPx)];
        for (int plane = 0; plane < planes; plane++) {
            resizer.resize(pixels.values(), plane * pixels.widthPx() * pixels.heightPx(), out, plane * widthPx * heightPx);
        }
        return new DecodedPixels(out, pixels.images(), heightPx, widthPx);
    }

    private static float unit(final DecodedPixels pixels, final int index) {
        final float value = pixels.values()[index];
        if (!Float.isFinite(value)) {
            throw new DiffusionJException(
                "The model's decoder gave " + (Float.isNaN(value) ? "NaN" : "infinity") + " instead of numbers, first at index " + index
                    + ". A half-precision decoder may have overflowed: try the model in float32, or another provider.");
        }
        return Math.min(Math.max(value / 2f + 0.5f, 0f), 1f);
    }

    private static long[] dimensions(final DecodedPixels pixels) {
        return pixels.images() == 1 ? new long[] {pixels.widthPx(), pixels.heightPx(), SourcePixels.CHANNELS}
            : new long[] {pixels.widthPx(), pixels.heightPx(), SourcePixels.CHANNELS, pixels.images()};
    }
}
