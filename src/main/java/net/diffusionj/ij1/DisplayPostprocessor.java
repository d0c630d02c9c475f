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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;
import net.diffusionj.JavaErrors;
import net.imglib2.img.Img;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.thread.ThreadService;

/**
 * Writes a command's report to ImageJ's log and shows its images as ImageJ windows, so that what a macro does next acts on them, with or without a
 * screen. Callers still get the raw {@code Img} from {@code getOutput}.
 */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.LOW)
public class DisplayPostprocessor extends AbstractPostprocessorPlugin {

    private static final String SETTINGS = "settings";
    private static final String WARNINGS = "warnings";
    private static final String REPORT = "report";

    @Parameter
    private SourceImageService sources;

    @Parameter
    private ThreadService threads;

    @Override
    public void process(final Module module) {
        if (!Modules.isOurs(module)) return;
        for (final ModuleItem<?> output : module.getInfo().outputs()) {
            final String name = output.getName();
            if (module.isOutputResolved(name)) continue;
            if (module.getOutput(name) instanceof final Img<?> image && canShow()) {
                showOrSayWhyNot(module, image);
                module.resolveOutput(name);
            }
            if (name.equals(WARNINGS) && module.getOutput(name) instanceof final Iterable<?> warnings) {
                warnings.forEach(warning -> IJ.log("DiffusionJ: " + warning));
            }
            if (name.equals(REPORT) && module.getOutput(name) instanceof final Iterable<?> lines) {
                lines.forEach(line -> IJ.log(String.valueOf(line)));
                module.resolveOutput(name);
            }
            if (name.equals(SETTINGS) || name.equals(WARNINGS)) module.resolveOutput(name);
        }
    }

    private void showOrSayWhyNot(final Module module, final Img<?> image) {
        try {
            show(module, image);
        }
        catch (final OutOfMemoryError e) {
            IJ.error(Modules.title(module.getInfo()), "The result cannot be shown. " + JavaErrors.inPlainWords(e));
        }
    }

    private void show(final Module module, final Img<?> image) {
        final Map<String, String> settings = settings(module);
        final Optional<Appearance> source = source(module);
        final String title = ResultTitle.of(settings, Modules.title(module.getInfo()));
        final ImagePlus result = ResultImages.described(image, WindowManager.makeUniqueName(source.map(a -> a.titled(title)).orElse(title)), settings);
        source.ifPresent(appearance -> appearance.applyTo(result));
        result.show();
        CallerImage.activate(threads, result);
    }

    private Optional<Appearance> source(final Module module) {
        return Modules.images(module.getInfo()).stream().map(item -> sources.appearance(module.getInput(item.getName()))).flatMap(Optional::stream)
            .findFirst();
    }

    private static Map<String, String> settings(final Module module) {
        final LinkedHashMap<String, String> settings = new LinkedHashMap<>();
        if (module.getOutput(SETTINGS) instanceof final Map<?, ?> map) {
            map.forEach((key, value) -> settings.put(String.valueOf(key), String.valueOf(value)));
        }
        return settings;
    }

    /** Without a screen an unpatched ImageJ can show an image only to a macro. */
    private static boolean canShow() {
        return !GraphicsEnvironment.isHeadless() || IJ.isMacro() || Interpreter.isBatchMode();
    }
}
