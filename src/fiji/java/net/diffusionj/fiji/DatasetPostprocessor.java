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
package net.diffusionj.fiji;

import java.util.Map;

import net.imagej.Dataset;
import net.imagej.DatasetService;
import net.imglib2.img.Img;

import org.scijava.Priority;
import org.scijava.display.DisplayService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.ui.UIService;

/**
 * Shows what text to image draws as a dataset: named, with axes, merged to RGB. Results of image to image stay with the display of {@code ij1},
 * which gives them the calibration and the look-up tables of their source, and so do results without a screen, which macros must find.
 */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.NORMAL)
public class DatasetPostprocessor extends AbstractPostprocessorPlugin {

    private static final String OUR_COMMANDS = "net.diffusionj.commands.";

    @Parameter(required = false)
    private DatasetService datasets;

    @Parameter(required = false)
    private DisplayService displays;

    @Parameter(required = false)
    private UIService ui;

    @Override
    public void process(final Module module) {
        if (datasets == null || displays == null || ui == null || ui.isHeadless()) return;
        if (!module.getInfo().getDelegateClassName().startsWith(OUR_COMMANDS) || module.getInputs().get("image") != null) return;
        for (final ModuleItem<?> output : module.getInfo().outputs()) {
            final String name = output.getName();
            if (module.isOutputResolved(name) || !(module.getOutput(name) instanceof final Img<?> image)) continue;
            final Dataset dataset = Datasets.of(datasets, image, module.getOutput("settings") instanceof final Map<?, ?> map ? map : Map.of());
            displays.createDisplay(dataset.getName(), dataset);
            module.resolveOutput(name);
        }
    }
}
