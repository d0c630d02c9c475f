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
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;
import net.diffusionj.InvalidInputException;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/**
 * Fills a command's parameters from the options of {@code run(command, options)}. What a macro leaves out keeps its default and counts as given,
 * so that no dialog opens. Comes before every other preprocessor, sees what a caller has given by itself, and has {@link KeptInputsPreprocessor}
 * restore all of it after the one of Fiji that reads the options in its own way.
 */
@Plugin(type = PreprocessorPlugin.class, priority = Priority.EXTREMELY_HIGH)
public class MacroOptionsPreprocessor extends AbstractPreprocessorPlugin {

    @Parameter
    private SourceImageService sources;

    @Parameter
    private InputMemory memory;

    @Override
    public void process(final Module module) {
        if (!Modules.isOurs(module)) return;
        final String options = Macro.getOptions();
        try {
            if (options != null && !isCalledByScript(module)) fill(module, MacroOptions.parse(options));
            memory.keep(module);
        }
        catch (final InvalidInputException e) {
            cancel(e.getMessage());
        }
    }

    /** In Fiji a script sees the options of the macro that has called it, and so do the commands that it calls: there they are not ours. */
    private static boolean isCalledByScript(final Module module) {
        return Modules.writable(module.getInfo()).stream().anyMatch(item -> module.isInputResolved(item.getName()));
    }

    private void fill(final Module module, final Map<String, String> values) {
        ImagePlus source = WindowManager.getCurrentImage();
        for (final ModuleItem<?> item : Modules.images(module.getInfo())) {
            final String title = values.remove(item.getName());
            if (title == null) continue;
            source = imageTitled(value(title));
            Modules.resolve(module, item.getName(), SourceImages.lend(source, sources));
        }
        for (final ModuleItem<?> item : Modules.masks(module.getInfo())) {
            final String choice = values.remove(item.getName());
            if (choice != null) Masks.read(value(choice), source).ifPresent(mask -> module.setInput(item.getName(), mask));
            module.resolveInput(item.getName());
        }
        for (final ModuleItem<?> item : Modules.options(module.getInfo())) {
            final String name = item.getName();
            final String text = values.remove(name);
            if (text != null) module.setInput(name, OptionType.parse(name, value(text), item.getType()));
            module.resolveInput(name);
        }
        if (!values.isEmpty()) throw unknown(module, values.keySet().iterator().next());
    }

    private static InvalidInputException unknown(final Module module, final String key) {
        final String known = Stream.of(Modules.images(module.getInfo()), Modules.masks(module.getInfo()), Modules.options(module.getInfo()))
            .flatMap(List::stream).map(ModuleItem::getName).collect(Collectors.joining(", "));
        return new InvalidInputException(Modules.menuLabel(module.getInfo()) + " has no option \"" + key + "\". It has: " + known
            + ". Put brackets around text with spaces: prompt=[...].");
    }

    private static ImagePlus imageTitled(final String title) {
        final ImagePlus image = WindowManager.getImage(title);
        if (image == null) throw new InvalidInputException("No open image has the title \"" + title + "\". Open it first, or leave out the option.");
        return image;
    }

    /** ImageJ's own dialogs take {@code &name} for the value of a macro's variable: the one way to pass text that needs no care at all. */
    private static String value(final String text) {
        final Interpreter interpreter = Interpreter.getInstance();
        if (interpreter == null || !text.matches("&[A-Za-z_]\\w*")) return MacroText.decode(text);
        final String variable = interpreter.getVariableAsString(text.substring(1));
        return variable == null ? MacroText.decode(text) : MacroText.readAsUtf8(variable);
    }
}
