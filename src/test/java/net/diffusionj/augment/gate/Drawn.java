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
package net.diffusionj.augment.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import net.diffusionj.labels.LabelImage;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

/**
 * A field of nuclei, drawn: discs with Gaussian edges and texture on a background that rises to one side, with noise. Damage is planted by drawing another
 * list of nuclei than the labels have.
 */
final class Drawn {

    static final int WIDTH = 160;
    static final int HEIGHT = 140;
    private static final double GROUND = 200;
    private static final double SLOPE = 0.5;
    private static final double EDGE_PX = 1.2;
    private static final double NOISE = 12;

    /** A nucleus; brightness is above the background, negative for a dark one. */
    record Nucleus(double x, double y, double radiusPx, double brightness) {

        Nucleus moved(final double dx, final double dy) {
            return new Nucleus(x + dx, y + dy, radiusPx, brightness);
        }
    }

    private Drawn() {}

    /** Some apart, two that touch, one at the border, one tiny, one faint. */
    static List<Nucleus> nuclei(final double sign) {
        final List<Nucleus> nuclei = new ArrayList<>();
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                nuclei.add(new Nucleus(22 + 36 * column + 3 * row, 26 + 34 * row, 8 + (row + column) % 3, sign * (300 + 40 * ((row * 5 + column) % 4))));
            }
        }
        nuclei.add(new Nucleus(30, 122, 8, sign * 340));
        nuclei.add(new Nucleus(46, 122, 8, sign * 320));
        nuclei.add(new Nucleus(158, 60, 9, sign * 330));
        nuclei.add(new Nucleus(100, 122, 3.2, sign * 380));
        nuclei.add(new Nucleus(128, 124, 8, sign * 150));
        return nuclei;
    }

    static LabelImage labels(final List<Nucleus> nuclei) {
        final int[] ids = new int[WIDTH * HEIGHT];
        for (int i = 0; i < ids.length; i++) {
            double nearest = 0;
            for (int n = 0; n < nuclei.size(); n++) {
                final double depth = nuclei.get(n).radiusPx() - Math.hypot(i % WIDTH - nuclei.get(n).x(), i / WIDTH - nuclei.get(n).y());
                if (depth > nearest) {
                    nearest = depth;
                    ids[i] = n + 1;
                }
            }
        }
        return LabelImage.ofIds(ids, WIDTH);
    }

    /** 16 bits; another seed gives other noise and texture. */
    static RandomAccessibleInterval<?> image(final List<Nucleus> nuclei, final long seed) {
        final double[] field = field(nuclei, seed);
        final short[] out = new short[field.length];
        for (int i = 0; i < out.length; i++) out[i] = (short) Math.max(0, Math.rint(field[i]));
        return ArrayImgs.unsignedShorts(out, WIDTH, HEIGHT);
    }

    /** Purple nuclei on pink, three channels of 8 bits. */
    static RandomAccessibleInterval<?> stained(final List<Nucleus> nuclei, final long seed) {
        final double[] field = field(nuclei, seed);
        final double[] ground = {235, 190, 215};
        final double[] stain = {0.30, 0.34, 0.18};
        final byte[] out = new byte[3 * field.length];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < field.length; i++) {
                out[c * field.length + i] = (byte) Math.max(0, Math.min(255, Math.rint(ground[c] - stain[c] * (field[i] - GROUND - 500))));
            }
        }
        return ArrayImgs.unsignedBytes(out, WIDTH, HEIGHT, 3);
    }

    private static double[] field(final List<Nucleus> nuclei, final long seed) {
        final Random random = new Random(seed);
        final double[] waves = random.doubles(3, 0, 2 * Math.PI).toArray();
        final double[] field = new double[WIDTH * HEIGHT];
        for (int i = 0; i < field.length; i++) {
            final int x = i % WIDTH;
            final int y = i / WIDTH;
            double above = 0;
            for (final Nucleus nucleus : nuclei) {
                final double depth = nucleus.radiusPx() - Math.hypot(x - nucleus.x(), y - nucleus.y());
                final double inside = 1 / (1 + Math.exp(-1.7 * depth / EDGE_PX));
                final double texture = 1 + 0.08 * Math.sin(0.9 * x + waves[0]) * Math.sin(0.8 * y + waves[1]);
                if (Math.abs(nucleus.brightness() * inside) > Math.abs(above)) above = nucleus.brightness() * inside * texture;
            }
            field[i] = 500 + GROUND + SLOPE * x + above + NOISE * random.nextGaussian();
        }
        return field;
    }
}
