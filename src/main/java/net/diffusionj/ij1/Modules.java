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

import net.imglib2.RandomAccessibleInterval;

import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleInfo;
import org.scijava.module.ModuleItem;

/** What the processors of this package ask of a module. Stateless. */
final class Modules {

    private static final String OUR_PACKAGES = "net.diffusionj.";

    private Modules() {}

    /** @return whether the module is a command of this project: all others do not concern us */
    static boolean isOurs(final Module module) {
        return module.getInfo().getDelegateClassName().startsWith(OUR_PACKAGES);
    }

    /** @return the last entry of the menu path, such as "Text to Image...", which is also the name in {@code run(name, options)} */
    static String menuLabel(final ModuleInfo info) {
        final var path = info.getMenuPath();
        return path == null || path.isEmpty() ? info.getTitle() : path.getLeaf().getName();
    }

    /** @return the label without the dots that announce a dialog */
    static String title(final ModuleInfo info) {
        return menuLabel(info).replace("...", "");
    }

    /** @return inputs with a value that a person types or a macro names, in the order of the dialog */
    static List<ModuleItem<?>> options(final ModuleInfo info) {
        final List<ModuleItem<?>> options = new ArrayList<>();
        for (final ModuleItem<?> item : info.inputs()) {
            if (item.getVisibility() == ItemVisibility.NORMAL && OptionType.of(item.getType()) != OptionType.NONE) options.add(item);
        }
        return options;
    }

    /**
     * @param module ours
     * @param item one of its inputs
     * @return what the input means, and behind it what the module itself has to say of it: a message whose name is the input's with {@code note} added
     */
    static String explanation(final Module module, final ModuleItem<?> item) {
        final ModuleItem<?> note = module.getInfo().getInput(item.getName() + "note");
        final boolean noted = note != null && note.getVisibility() == ItemVisibility.MESSAGE && module.getInput(note.getName()) instanceof String;
        return noted ? (item.getDescription() + ' ' + module.getInput(note.getName())).strip() : item.getDescription();
    }

    /** @return inputs that take an image to start from */
    static List<ModuleItem<?>> images(final ModuleInfo info) {
        return pictures(info).stream().filter(ModuleItem::isRequired).toList();
    }

    /** @return inputs that take an image which may be left out: a mask */
    static List<ModuleItem<?>> masks(final ModuleInfo info) {
        return pictures(info).stream().filter(item -> !item.isRequired()).toList();
    }

    private static List<ModuleItem<?>> pictures(final ModuleInfo info) {
        final List<ModuleItem<?>> pictures = new ArrayList<>();
        for (final ModuleItem<?> item : info.inputs()) {
            if (RandomAccessibleInterval.class.isAssignableFrom(item.getType())) pictures.add(item);
        }
        return pictures;
    }

    /** @return inputs into which another host can write what it finds in a macro's options: all but services, hidden ones too */
    static List<ModuleItem<?>> writable(final ModuleInfo info) {
        final List<ModuleItem<?>> writable = new ArrayList<>(pictures(info));
        for (final ModuleItem<?> item : info.inputs()) {
            if (OptionType.of(item.getType()) != OptionType.NONE) writable.add(item);
        }
        return writable;
    }

    /**
     * Sets a value and marks it as final, so that no other host fills or asks for it.
     *
     * @param module ours
     * @param name of an input
     * @param value of its type
     */
    static void resolve(final Module module, final String name, final Object value) {
        module.setInput(name, value);
        module.resolveInput(name);
    }
}
