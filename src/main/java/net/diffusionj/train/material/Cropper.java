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
package net.diffusionj.train.material;

import net.diffusionj.pipeline.SourcePixels;
import net.diffusionj.scheduler.noise.TorchRandom;

/**
 * Cuts crops of the model's size out of pictures, at the picture's own pixels. A region smaller than a crop is mirrored at its own borders, so nothing from
 * outside of it gets in. Stateless but for the size.
 */
final class Cropper {

    private static final double SCALE = 0.1;
    private static final double GAIN = 0.1;
    private static final double OFFSET = 0.03;
    private static final int SYMMETRIES = 8;

    private final int widthPx;
    private final int heightPx;

    /** @param widthPx width of a crop
     *  @param heightPx its height */
    Cropper(final int widthPx, final int heightPx) {
        this.widthPx = widthPx;
        this.heightPx = heightPx;
    }

    /** @return a crop as it lies in the picture */
    SourcePixels plain(final Picture picture, final Region region, final TorchRandom random) {
        return cut(picture, region, new Look(1, 0, 1, 0), random);
    }

    /** @return a crop, half of them turned and mirrored alone, half of them also enlarged or reduced by up to a tenth; brighter or darker by as much */
    SourcePixels varied(final Picture picture, final Region region, final TorchRandom random) {
        final double scale = random.uniform() < 0.5 ? 1 : Math.exp(SCALE * (2 * random.uniform() - 1));
        final int symmetry = (int) (SYMMETRIES * random.uniform());
        // A crop that is not square cannot be turned onto its side.
        final int possible = widthPx == heightPx ? symmetry : symmetry & ~1;
        final double gain = 1 + GAIN * (2 * random.uniform() - 1);
        return cut(picture, region, new Look(scale, possible, gain, OFFSET * (2 * random.uniform() - 1)), random);
    }

    /**
     * How a crop looks.
     *
     * @param scale pixels of the picture to a pixel of the crop
     * @param symmetry 0 to 7: bit 0 swaps the axes, bits 1 and 2 mirror them
     * @param gain of the intensity, from black
     * @param offset of the intensity, in parts of its range
     */
    private record Look(double scale, int symmetry, double gain, double offset) {

        float tone(final double value) {
            final double unit = (value + 1) / 2 * gain + offset;
            return (float) (2 * Math.min(Math.max(unit, 0), 1) - 1);
        }
    }

    private SourcePixels cut(final Picture picture, final Region region, final Look look, final TorchRandom random) {
        final double left = place(region.x(), region.width(), look.scale() * widthPx, random);
        final double top = place(region.y(), region.height(), look.scale() * heightPx, random);
        final float[] crop = new float[SourcePixels.CHANNELS * heightPx * widthPx];
        final Reader reader = new Reader(picture, region);
        for (int y = 0; y < heightPx; y++) {
            for (int x = 0; x < widthPx; x++) {
                final boolean swapped = (look.symmetry() & 1) != 0;
                final int across = (look.symmetry() & 2) == 0 ? x : widthPx - 1 - x;
                final int down = (look.symmetry() & 4) == 0 ? y : heightPx - 1 - y;
                final int fromX = swapped ? down : across;
                final int fromY = swapped ? across : down;
                for (int channel = 0; channel < SourcePixels.CHANNELS; channel++) {
                    final double value = look.scale() == 1 ? reader.at(channel, (int) left + fromX, (int) top + fromY)
                        : reader.between(channel, left + (fromX + 0.5) * look.scale() - 0.5, top + (fromY + 0.5) * look.scale() - 0.5);
                    crop[(channel * heightPx + y) * widthPx + x] = look.gain() == 1 && look.offset() == 0 ? (float) value : look.tone(value);
                }
            }
        }
        return new SourcePixels(crop, heightPx, widthPx);
    }

    private static double place(final int start, final int length, final double wanted, final TorchRandom random) {
        final double room = length - wanted;
        // Whole pixels: a crop of scale 1 is not to be interpolated.
        return start + (room > 0 ? Math.floor(random.uniform() * (room + 1)) : Math.floor(room / 2));
    }

    /** Reads a picture inside a region alone. */
    private record Reader(Picture picture, Region region) {

        float at(final int channel, final int x, final int y) {
            final int row = mirrored(y, region.y(), region.height());
            return picture.pixels().values()[(channel * picture.heightPx() + row) * picture.widthPx() + mirrored(x, region.x(), region.width())];
        }

        /** Cubic interpolation (Catmull and Rom, 1974), which keeps fine structure better than linear. */
        double between(final int channel, final double x, final double y) {
            final int x0 = (int) Math.floor(x);
            final int y0 = (int) Math.floor(y);
            double sum = 0;
            for (int row = -1; row <= 2; row++) {
                double line = 0;
                for (int column = -1; column <= 2; column++) line += weight(x - x0 - column) * at(channel, x0 + column, y0 + row);
                sum += weight(y - y0 - row) * line;
            }
            return Math.min(Math.max(sum, -1), 1);
        }

        private static double weight(final double distance) {
            final double d = Math.abs(distance);
            if (d >= 2) return 0;
            return d <= 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2;
        }

        private static int mirrored(final int at, final int start, final int length) {
            final int place = Math.floorMod(at - start, 2 * length);
            return start + (place < length ? place : 2 * length - 1 - place);
        }
    }
}
