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

import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.Component;
import java.awt.TextComponent;
import java.awt.TextField;
import java.awt.event.TextListener;
import java.util.List;
import java.util.Vector;
import java.util.function.Consumer;
import java.util.function.Supplier;

import ij.gui.GenericDialog;
import net.diffusionj.InvalidInputException;

import org.scijava.module.ModuleItem;

/**
 * One parameter in a dialog: its component, and the way from text to value and back.
 *
 * @param item the parameter
 * @param component what the user types into
 * @param read gives the text in it
 * @param write replaces the text
 * @param onClose called when the user has pressed OK
 */
record ParameterField(ModuleItem<?> item, Component component, Supplier<String> read, Consumer<String> write, Runnable onClose) {

    private static final String AREA = "text area";
    private static final String FOLDER = "directory";
    private static final String SLIDER = "slider";
    private static final int TEXT_COLUMNS = 30;
    private static final int NUMBER_COLUMNS = 10;

    /**
     * Adds the component that fits a parameter to the end of a dialog.
     *
     * @param dialog not yet shown
     * @param item the parameter
     * @param value its value now
     * @param typed is told of changes in components that the dialog does not know
     * @return the field
     */
    static ParameterField add(final GenericDialog dialog, final ModuleItem<?> item, final Object value, final TextListener typed) {
        final String label = item.getLabel() + ":";
        final String text = value == null ? "" : format(value);
        final List<String> choices = item.getChoices() == null ? List.of() : item.getChoices().stream().map(String::valueOf).toList();
        if (!choices.isEmpty()) {
            dialog.addChoice(label, choices.toArray(String[]::new), text);
            final Choice choice = (Choice) last(dialog.getChoices());
            return new ParameterField(item, choice, choice::getSelectedItem, choice::select, () -> {});
        }
        if (OptionType.of(item.getType()) == OptionType.FLAG) {
            dialog.addCheckbox(item.getLabel(), Boolean.parseBoolean(text));
            final Checkbox box = (Checkbox) last(dialog.getCheckboxes());
            return new ParameterField(item, box, () -> String.valueOf(box.getState()), t -> box.setState(Boolean.parseBoolean(t)), () -> {});
        }
        if (styled(item, AREA)) {
            final PromptArea area = new PromptArea(item.getName(), label, text, typed);
            dialog.addPanel(area.panel());
            area.text().addKeyListener(new CloseOnEscape(dialog));
            return text(item, area.text(), area::remember);
        }
        if (styled(item, SLIDER) && item.getMinimumValue() instanceof final Number min && item.getMaximumValue() instanceof final Number max) {
            final double step = item.getStepSize() == null ? 1 : item.getStepSize().doubleValue();
            dialog.addSlider(label, min.doubleValue(), max.doubleValue(), Double.parseDouble(text), step);
            return text(item, (TextField) last(dialog.getNumericFields()), () -> {});
        }
        if (styled(item, FOLDER)) dialog.addDirectoryField(label, text, TEXT_COLUMNS);
        else dialog.addStringField(label, text, OptionType.of(item.getType()) == OptionType.TEXT ? TEXT_COLUMNS : NUMBER_COLUMNS);
        return text(item, (TextField) last(dialog.getStringFields()), () -> {});
    }

    private static ParameterField text(final ModuleItem<?> item, final TextComponent component, final Runnable onClose) {
        return new ParameterField(item, component, component::getText, component::setText, onClose);
    }

    private static boolean styled(final ModuleItem<?> item, final String style) {
        return item.getWidgetStyle() != null && item.getWidgetStyle().contains(style);
    }

    private static Object last(final Vector<?> components) {
        return components.lastElement();
    }

    private static String format(final Object value) {
        final String text = String.valueOf(value);
        return value instanceof Double && text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** @return the sentence that explains the parameter */
    String description() {
        return item.getDescription() == null ? "" : item.getDescription();
    }

    /**
     * @return what the user chose, of the parameter's type
     * @throws InvalidInputException if it cannot be read or lies out of range
     */
    Object value() {
        final Object value = OptionType.parse(item.getLabel(), read.get(), item.getType());
        if (value instanceof final Number number) checkRange(number.doubleValue());
        return value;
    }

    private void checkRange(final double value) {
        final Object min = item.getMinimumValue();
        final Object max = item.getMaximumValue();
        final boolean tooSmall = min instanceof final Number low && value < low.doubleValue();
        final boolean tooLarge = max instanceof final Number high && value > high.doubleValue();
        if (!tooSmall && !tooLarge && !Double.isNaN(value)) return;
        throw new InvalidInputException(item.getLabel() + " must be " + (max == null ? "at least " + format(min) : format(min) + " to " + format(max))
            + ", not " + read.get().strip() + ".");
    }

    /**
     * Shows another value, unless the text that is there already means it.
     *
     * @param value of the parameter's type
     */
    void show(final Object value) {
        if (value != null && !value.equals(value())) write.accept(format(value));
    }

    /** To be called when the user has pressed OK. */
    void remember() {
        onClose.run();
    }
}
