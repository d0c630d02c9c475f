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

import java.awt.GraphicsEnvironment;

import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

import net.diffusionj.train.TuneListener;
import net.diffusionj.train.TuneProgress;
import net.diffusionj.train.TuneService;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/**
 * Joins tunings to ImageJ: plots the losses of each in a window, and lends the images that are open. Touches ImageJ only while a tuning runs, for this service
 * is made long before Fiji has patched it.
 */
@Plugin(type = Service.class)
public class TunePlotService extends AbstractService implements SciJavaService {

    @Parameter
    private TuneService tune;

    @Override
    public void initialize() {
        tune.openImages(() -> OpenImages.list());
        if (!GraphicsEnvironment.isHeadless()) tune.watch(new Plotting());
    }

    /** Begins a new plot with every tuning. Used by one thread at a time, since no two tunings run at once. */
    private static final class Plotting implements TuneListener {

        private TunePlot plot;

        @Override
        public void progress(final TuneProgress progress) {
            if (progress.phase() != TuneProgress.Phase.TRAINING) {
                plot = null;
                return;
            }
            if (plot == null) plot = new TunePlot(progress.name());
            plot.add(progress);
        }

        @Override
        public boolean wantsPictures() {
            return true;
        }

        @Override
        public void pictures(final String name, final long step, final Img<UnsignedByteType> pictures) {
            if (plot != null) plot.show(pictures, step);
        }
    }
}
