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

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Component;
import java.awt.Panel;
import java.awt.TextArea;
import java.awt.event.FocusAdapter;
import java.awt.event.FocusEvent;
import java.util.function.Supplier;

import ij.gui.GenericDialog;

/** Lines at the bottom of a dialog: what is wrong, or else what the parameter with the focus means. For the thread of the dialog. */
final class DialogMessage {

    private static final Color PROBLEM = new Color(0xb0, 0, 0);

    private final TextArea text = new TextArea("", 2, 60, TextArea.SCROLLBARS_NONE);
    private String problem = "";
    private String explanation = "";

    /** @param dialog gets the lines at its present end */
    DialogMessage(final GenericDialog dialog) {
        text.setEditable(false);
        text.setFocusable(false);
        text.setBackground(dialog.getBackground());
        final Panel panel = new Panel(new BorderLayout());
        panel.add(text);
        dialog.addPanel(panel);
    }

    /** @param newProblem a sentence; empty for none */
    void problem(final String newProblem) {
        problem = newProblem;
        show();
    }

    /**
     * @param component of a parameter
     * @param description shown while the component has the focus, as it is when it gets it
     */
    void explainOnFocus(final Component component, final Supplier<String> description) {
        component.addFocusListener(new FocusAdapter() {
            @Override
            public void focusGained(final FocusEvent e) {
                explanation = description.get();
                show();
            }
        });
    }

    private void show() {
        final String now = problem.isEmpty() ? explanation : problem;
        if (now.equals(text.getText())) return;
        text.setForeground(problem.isEmpty() ? Color.BLACK : PROBLEM);
        text.setText(now);
    }
}
