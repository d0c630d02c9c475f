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

import net.diffusionj.augment.planes.Gaussian;
import net.diffusionj.augment.planes.Plane;

/**
 * What is known of a pixel: the brightness of every channel at four scales, and of their mean the surroundings, curvatures, slopes and local contrast.
 * Nothing finer than a sigma of one pixel, since image to image changes that and the labels do not depend on it. Immutable; arrays are never written.
 */
final class PixelFeatures {

    private static final double[] SIGMAS_PX = {1, 2, 4, 8};
    private static final double SURROUNDINGS_PX = 16;
    private static final double[] CONTRAST_PX = {2, 4};
    private static final double REACH = 3;

    /** By feature, then [heightPx, widthPx] row-major. */
    private final List<float[]> planes = new ArrayList<>();
    /** Every channel, smoothed at the finest scale. */
    private final List<Plane> channels = new ArrayList<>();

    PixelFeatures(final GatePicture picture) {
        for (final Plane channel : picture.channels()) {
            channels.add(new Gaussian(SIGMAS_PX[0], REACH).smooth(channel));
            planes.add(channels.get(channels.size() - 1).values());
            for (int i = 1; i < SIGMAS_PX.length; i++) planes.add(new Gaussian(SIGMAS_PX[i], REACH).smooth(channel).values());
        }
        final Plane grey = picture.brightness();
        planes.add(new Gaussian(SURROUNDINGS_PX, REACH).smooth(grey).values());
        for (final double sigmaPx : SIGMAS_PX) addShape(grey, new Gaussian(sigmaPx, REACH));
        for (final double sigmaPx : CONTRAST_PX) planes.add(contrast(grey, new Gaussian(sigmaPx, REACH)));
    }

    /** By channel: smoothed by one pixel, so that a camera's noise counts little and a line between two objects stays. */
    List<Plane> channels() {
        return channels;
    }

    int count() {
        return planes.size();
    }

    /** Writes the features of one pixel. */
    void read(final int pixel, final double[] out) {
        for (int f = 0; f < out.length; f++) out[f] = planes.get(f)[pixel];
    }

    int pixels() {
        return planes.get(0).length;
    }

    /** Both main curvatures and the slope, in units that do not depend on the scale. */
    private void addShape(final Plane grey, final Gaussian gaussian) {
        final double sigmaPx = gaussian.sigmaPx();
        final float[] xx = gaussian.derivative(grey, 2, 0).values();
        final float[] yy = gaussian.derivative(grey, 0, 2).values();
        final float[] xy = gaussian.derivative(grey, 1, 1).values();
        final float[] x = gaussian.derivative(grey, 1, 0).values();
        final float[] y = gaussian.derivative(grey, 0, 1).values();
        final float[] slope = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            final double mean = (xx[i] + yy[i]) / 2;
            final double difference = Math.hypot((xx[i] - yy[i]) / 2, xy[i]);
            slope[i] = (float) (sigmaPx * Math.hypot(x[i], y[i]));
            xx[i] = (float) (sigmaPx * sigmaPx * (mean + difference));
            yy[i] = (float) (sigmaPx * sigmaPx * (mean - difference));
        }
        planes.add(xx);
        planes.add(yy);
        planes.add(slope);
    }

    private static float[] contrast(final Plane grey, final Gaussian gaussian) {
        final float[] smooth = gaussian.smooth(grey).values();
        final float[] square = new float[smooth.length];
        for (int i = 0; i < square.length; i++) square[i] = (grey.values()[i] - smooth[i]) * (grey.values()[i] - smooth[i]);
        final float[] out = gaussian.smooth(new Plane(square, grey.widthPx())).values();
        for (int i = 0; i < out.length; i++) out[i] = (float) Math.sqrt(Math.max(0, out[i]));
        return out;
    }
}
