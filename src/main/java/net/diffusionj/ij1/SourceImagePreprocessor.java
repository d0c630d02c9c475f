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

import java.util.List;

import ij.ImagePlus;
import net.diffusionj.JavaErrors;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.thread.ThreadService;

/**
 * Gives the active image to a command that takes one, unless a macro or a script has named one. Where ImageJ has no image, another host may still have one: {@link DialogPreprocessor}
 * complains if nobody does.
 */
@Plugin(type = PreprocessorPlugin.class, priority = KeptInputsPreprocessor.PRIORITY - 1)
public class SourceImagePreprocessor extends AbstractPreprocessorPlugin {

    @Parameter
    private SourceImageService sources;

    @Parameter
    private ThreadService threads;

    @Override
    public void process(final Module module) {
        if (!Modules.isOurs(module)) return;
        final List<ModuleItem<?>> images = Modules.images(module.getInfo());
        if (images.isEmpty()) return;
        final String name = images.get(0).getName();
        if (module.isInputResolved(name) || module.getInput(name) != null) return;
        final ImagePlus active = CallerImage.active(threads);
        try {
            if (active != null && active.getProcessor() != null) Modules.resolve(module, name, SourceImages.lend(active, sources));
        }
        catch (final OutOfMemoryError e) {
            cancel(JavaErrors.inPlainWords(e));
        }
    }
}
