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

import java.awt.Choice;
import java.awt.Component;
import java.util.List;

import ij.ImagePlus;
import ij.gui.GenericDialog;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

/** The choice of a mask in a dialog. Its image is read when the user has pressed OK. */
final class MaskField {

    private final ModuleItem<?> item;
    private final ImagePlus source;
    private final Choice choice;

    /**
     * Adds the choice to the end of a dialog.
     *
     * @param dialog not yet shown
     * @param item the parameter that takes the mask
     * @param source the image that the command starts from
     */
    MaskField(final GenericDialog dialog, final ModuleItem<?> item, final ImagePlus source) {
        this.item = item;
        this.source = source;
        final List<String> choices = Masks.choices(source);
        dialog.addChoice(item.getLabel() + ":", choices.toArray(String[]::new), Masks.offered(source));
        choice = (Choice) dialog.getChoices().lastElement();
    }

    Component component() {
        return choice;
    }

    String description() {
        return item.getDescription() == null ? "" : item.getDescription();
    }

    /**
     * Gives the mask to the command.
     *
     * @param module gets it
     * @param sources remembers what was chosen, for the recorder
     */
    void resolve(final Module module, final SourceImageService sources) {
        Masks.read(choice.getSelectedItem(), source).ifPresent(mask -> {
            module.setInput(item.getName(), mask);
            sources.rememberChoice(mask, choice.getSelectedItem());
        });
        module.resolveInput(item.getName());
    }
}
