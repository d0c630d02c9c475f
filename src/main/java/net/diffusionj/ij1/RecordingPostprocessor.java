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

import ij.IJ;
import ij.Macro;
import ij.plugin.frame.Recorder;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/**
 * Writes a finished run to ImageJ's recorder, with the parameters' names as keys. Our commands opt out of Fiji's own recording (attribute
 * {@code no-record}), which would write brackets and letters that its macros cannot read back.
 */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.VERY_LOW)
public class RecordingPostprocessor extends AbstractPostprocessorPlugin {

    private static final String OPT_OUT = "no-record";

    @Parameter
    private SourceImageService sources;

    @Override
    public void process(final Module module) {
        if (!Modules.isOurs(module) || !module.getInfo().is(OPT_OUT)) return;
        if (!Recorder.record || IJ.isMacro() || Macro.getOptions() != null) return;
        Recorder.setCommand(Modules.menuLabel(module.getInfo()));
        for (final ModuleItem<?> item : Modules.options(module.getInfo())) {
            final Object value = module.getInput(item.getName());
            if (value == null || value.equals("")) continue;
            Recorder.recordOption(item.getName(), Recorder.fixString(MacroText.encode(value.toString())));
        }
        for (final ModuleItem<?> item : Modules.masks(module.getInfo())) {
            sources.choice(module.getInput(item.getName()))
                .ifPresent(choice -> Recorder.recordOption(item.getName(), Recorder.fixString(MacroText.encode(choice))));
        }
        Recorder.saveCommand();
    }
}
