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

import ij.Macro;
import net.diffusionj.DiffusionJException;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.widget.InputHarvester;

/**
 * Asks for the parameters that were not given, in the same dialog in every host. Without a screen, defaults stand. Comes after everything that
 * fills parameters and before SciJava's own dialogs, which then find nothing left to ask.
 */
@Plugin(type = PreprocessorPlugin.class, priority = InputHarvester.PRIORITY + 2)
public class DialogPreprocessor extends AbstractPreprocessorPlugin {

    /** The parameter by which a command takes results that were kept: a person who asks for the same again gets it at once. */
    private static final String KEPT_RESULTS = "cached";

    @Parameter
    private SourceImageService sources;

    @Override
    public void process(final Module module) {
        if (!Modules.isOurs(module)) return;
        for (final ModuleItem<?> image : Modules.images(module.getInfo())) {
            if (image.isRequired() && module.getInput(image.getName()) == null) {
                cancel("There is no image open to start from. Open one (File > Open...), then run " + Modules.menuLabel(module.getInfo())
                    + " again.");
                return;
            }
        }
        final boolean asks = !GraphicsEnvironment.isHeadless() && Macro.getOptions() == null && asks(module);
        try {
            if (asks && !new ParameterDialog(module, sources).ask()) {
                cancel("");
                return;
            }
        }
        catch (final DiffusionJException e) {
            // The mask was closed while the dialog was open.
            cancel(e.getMessage());
            return;
        }
        Modules.masks(module.getInfo()).forEach(item -> module.resolveInput(item.getName()));
        if (module.getInfo().getInput(KEPT_RESULTS) != null && !module.isInputResolved(KEPT_RESULTS)) Modules.resolve(module, KEPT_RESULTS, asks);
        Modules.options(module.getInfo()).forEach(item -> module.resolveInput(item.getName()));
    }

    private static boolean asks(final Module module) {
        return Modules.options(module.getInfo()).stream().anyMatch(item -> !module.isInputResolved(item.getName()));
    }
}
