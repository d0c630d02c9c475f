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

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

import ij.ImagePlus;
import ij.gui.Plot;
import ij.gui.PlotWindow;

import net.diffusionj.train.TuneProgress;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/** The losses of one tuning in ImageJ's own plot: of the batches in grey, of the validation images in blue; and what the model draws meanwhile. Used by one thread. */
final class TunePlot {

    private static final long REFRESH_NANOS = 1_000_000_000L;

    private final String title;
    private final List<double[]> losses = new ArrayList<>();
    private final List<double[]> validations = new ArrayList<>();
    private PlotWindow window;
    private ImagePlus pictures;
    private long drawnNanos;

    /** @param name of the model that comes out */
    TunePlot(final String name) {
        this.title = "Tuning " + name;
    }

    /** @param progress with a loss, a validation or both */
    void add(final TuneProgress progress) {
        progress.loss().ifPresent(loss -> losses.add(new double[] {progress.step(), loss}));
        final boolean looked = progress.loss().isEmpty() && progress.validation().isPresent();
        if (looked) validations.add(new double[] {progress.step(), progress.validation().getAsDouble()});
        if (!looked && System.nanoTime() - drawnNanos < REFRESH_NANOS) return;
        draw();
        drawnNanos = System.nanoTime();
    }

    /**
     * @param drawn by the model as it is now
     * @param step steps made
     */
    void show(final Img<UnsignedByteType> drawn, final long step) {
        final ImagePlus image = ResultImages.of(drawn, title + ": step " + step);
        if (pictures == null) {
            pictures = image;
            pictures.show();
        }
        else if (pictures.isVisible()) {
            pictures.setImage(image);
            pictures.setTitle(image.getTitle());
        }
    }

    private void draw() {
        final Plot plot = new Plot(title, "Step", "Loss");
        plot.setColor(Color.GRAY);
        plot.add("line", column(losses, 0), column(losses, 1));
        plot.setColor(Color.BLUE);
        plot.setLineWidth(2);
        plot.add("connected circle", column(validations, 0), column(validations, 1));
        plot.addLegend("training\tvalidation");
        plot.setLimitsToFit(true);
        // A plot that the user has closed stays closed.
        if (window == null) window = plot.show();
        else if (window.isVisible()) window.drawPlot(plot);
    }

    private static double[] column(final List<double[]> points, final int column) {
        return points.stream().mapToDouble(point -> point[column]).toArray();
    }
}
