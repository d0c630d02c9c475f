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
package net.diffusionj.ij1;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.measure.Calibration;
import ij.process.ColorProcessor;
import ij.process.LUT;

/**
 * What an image has beside its pixels: title, calibration, look-up tables and display ranges (which ImageJ's {@link LUT} carries), and what is drawn
 * over it.
 *
 * @param title without the ending of a file name
 * @param widthPx width of the image
 * @param heightPx height of the image
 * @param calibration a copy
 * @param luts one for each channel, with display range; empty for RGB and for a picture of indexed colours, whose colours are in its pixels
 * @param drawn selection and overlay
 */
record Appearance(String title, int widthPx, int heightPx, Calibration calibration, List<LUT> luts, Drawn drawn) {

    private static final Pattern FILE_ENDING = Pattern.compile("\\.(tiff?|png|jpe?g|gif|bmp|dcm|fits?|pgm|zip)$", Pattern.CASE_INSENSITIVE);

    Appearance {
        luts = List.copyOf(luts);
    }

    /**
     * @param image not changed
     * @return its appearance as it is now
     */
    static Appearance of(final ImagePlus image) {
        return new Appearance(FILE_ENDING.matcher(image.getTitle()).replaceFirst(""), image.getWidth(), image.getHeight(), image.getCalibration().copy(),
            lutsOf(image), Drawn.on(image));
    }

    private static List<LUT> lutsOf(final ImagePlus image) {
        if (image instanceof final CompositeImage composite) {
            final List<LUT> luts = new ArrayList<>();
            if (composite.getNChannels() != 3) {
                return List.of(ranged(composite.getChannelLut(), composite.getDisplayRangeMin(), composite.getDisplayRangeMax()));
            }
            for (int c = 1; c <= composite.getNChannels(); c++) {
                final LUT lut = composite.getChannelLut(c);
                luts.add(ranged(lut, lut.min, lut.max));
            }
            return luts;
        }
        if (image.getProcessor() instanceof ColorProcessor || SourceImages.hasColourTable(image)) return List.of();
        return List.of(ranged(image.getProcessor().getLut(), image.getDisplayRangeMin(), image.getDisplayRangeMax()));
    }

    private static LUT ranged(final LUT lut, final double min, final double max) {
        final LUT copy = (LUT) lut.clone();
        copy.min = min;
        copy.max = max;
        return copy;
    }

    /**
     * @param made what a result would be called by itself
     * @return a title that names this image as the source
     */
    String titled(final String made) {
        return title + " - " + made;
    }

    /**
     * Gives another image this appearance, all but the title. Where it has another size, pixels are scaled so that it covers the same field.
     *
     * @param result with as many channels, or its look-up tables stay as they are
     */
    void applyTo(final ImagePlus result) {
        final Calibration target = calibration.copy();
        target.pixelWidth *= (double) widthPx / result.getWidth();
        target.pixelHeight *= (double) heightPx / result.getHeight();
        target.xOrigin *= (double) result.getWidth() / widthPx;
        target.yOrigin *= (double) result.getHeight() / heightPx;
        result.setCalibration(target);
        drawn.applyTo(result, (double) result.getWidth() / widthPx, (double) result.getHeight() / heightPx);
        if (result.getType() == ImagePlus.COLOR_RGB || luts.size() != result.getNChannels()) return;
        if (result instanceof final CompositeImage composite) {
            composite.setLuts(luts.toArray(LUT[]::new));
        }
        else {
            result.setLut(luts.get(0));
            result.setDisplayRange(luts.get(0).min, luts.get(0).max);
        }
    }
}
