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

import java.awt.event.TextListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.WindowManager;
import ij.gui.GenericDialog;
import net.diffusionj.DiffusionJException;

import org.scijava.Validated;
import org.scijava.ValidityProblem;
import org.scijava.module.MethodCallException;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

/**
 * One dialog for any command, made from the command's own parameters. It adds to ImageJ's {@link GenericDialog} what that cannot do: text areas,
 * a history of texts, callbacks of parameters, and a line that says at every keystroke what is wrong, with OK switched off meanwhile.
 * <p>
 * Reads and records nothing through {@code GenericDialog}, whose recorder neither knows our keys nor survives brackets.
 * </p>
 */
final class ParameterDialog {

    private final Module module;
    private final GenericDialog dialog;
    private final SourceImageService sources;
    private final List<ParameterField> fields = new ArrayList<>();
    private final List<MaskField> masks = new ArrayList<>();
    private final DialogMessage message;
    private boolean updating;

    /**
     * @param module ours; a screen must be there
     * @param sources remembers what was chosen as a mask
     */
    ParameterDialog(final Module module, final SourceImageService sources) {
        this.module = module;
        this.sources = sources;
        dialog = new GenericDialog(Modules.title(module.getInfo()));
        final TextListener typed = e -> dialog.getButtons()[0].setEnabled(update());
        for (final ModuleItem<?> item : Modules.options(module.getInfo())) {
            if (!module.isInputResolved(item.getName())) fields.add(ParameterField.add(dialog, item, module.getInput(item.getName()), typed));
        }
        for (final ModuleItem<?> item : Modules.masks(module.getInfo())) {
            if (!module.isInputResolved(item.getName())) masks.add(new MaskField(dialog, item, WindowManager.getCurrentImage()));
        }
        message = new DialogMessage(dialog);
        fields.forEach(field -> message.explainOnFocus(field.component(), () -> Modules.explanation(module, field.item())));
        masks.forEach(field -> message.explainOnFocus(field.component(), field::description));
        dialog.addDialogListener((d, e) -> update());
    }

    /**
     * Shows the dialog and waits.
     *
     * @return whether the user pressed OK; the module's inputs are set then, but not resolved
     */
    boolean ask() {
        dialog.getButtons()[0].setEnabled(update());
        dialog.showDialog();
        if (!dialog.wasOKed()) return false;
        update();
        masks.forEach(field -> field.resolve(module, sources));
        fields.forEach(ParameterField::remember);
        return true;
    }

    /** Takes over what the fields hold. Programmatic changes of fields come back here as events, hence the guard. */
    private boolean update() {
        if (updating) return true;
        updating = true;
        try {
            final Optional<String> problem = takeValues();
            message.problem(problem.orElse(""));
            return problem.isEmpty();
        }
        finally {
            updating = false;
        }
    }

    private Optional<String> takeValues() {
        final List<ModuleItem<?>> changed = new ArrayList<>();
        try {
            for (final ParameterField field : fields) {
                final ModuleItem<?> item = field.item();
                final Object value = field.value();
                if (value.equals(module.getInput(item.getName()))) continue;
                module.setInput(item.getName(), value);
                changed.add(item);
            }
            for (final ModuleItem<?> item : changed) {
                item.callback(module);
            }
        }
        catch (final DiffusionJException e) {
            return Optional.of(e.getMessage());
        }
        catch (final MethodCallException e) {
            throw new IllegalStateException(e);
        }
        if (!changed.isEmpty()) fields.forEach(field -> field.show(module.getInput(field.item().getName())));
        return problem();
    }

    private Optional<String> problem() {
        if (!(module.getDelegateObject() instanceof final Validated validated)) return Optional.empty();
        return validated.getProblems().stream().map(ValidityProblem::getMessage).findFirst();
    }
}
