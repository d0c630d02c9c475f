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
import java.awt.Button;
import java.awt.Label;
import java.awt.MenuItem;
import java.awt.Panel;
import java.awt.PopupMenu;
import java.awt.TextArea;
import java.awt.event.TextListener;

/** A text of several lines with a label and a menu of the texts that were used before. For the thread of the dialog. */
final class PromptArea {

    private static final int ROWS = 3;
    private static final int COLUMNS = 60;
    private static final int LONGEST_ENTRY = 80;

    private final TextArea area;
    private final Panel panel = new Panel(new BorderLayout());
    private final PromptHistory history;

    /**
     * @param name of the parameter; each has a history of its own
     * @param label above the text
     * @param text to begin with
     * @param typed is told of changes
     */
    PromptArea(final String name, final String label, final String text, final TextListener typed) {
        history = new PromptHistory(name);
        area = new TextArea(text, ROWS, COLUMNS, TextArea.SCROLLBARS_VERTICAL_ONLY);
        area.addTextListener(typed);
        final Panel top = new Panel(new BorderLayout());
        top.add(new Label(label), BorderLayout.WEST);
        top.add(historyButton(), BorderLayout.EAST);
        panel.add(top, BorderLayout.NORTH);
        panel.add(area, BorderLayout.CENTER);
    }

    private Button historyButton() {
        final Button button = new Button("History");
        button.setEnabled(!history.entries().isEmpty());
        final PopupMenu menu = new PopupMenu();
        for (final String entry : history.entries()) {
            final String line = entry.replaceAll("\\s+", " ");
            final MenuItem item = new MenuItem(line.length() <= LONGEST_ENTRY ? line : line.substring(0, LONGEST_ENTRY) + "...");
            item.addActionListener(e -> area.setText(entry));
            menu.add(item);
        }
        button.add(menu);
        button.addActionListener(e -> menu.show(button, 0, button.getHeight()));
        return button;
    }

    /** @return label, text and history */
    Panel panel() {
        return panel;
    }

    /** @return the text itself */
    TextArea text() {
        return area;
    }

    /** Puts the text into the history. */
    void remember() {
        history.add(area.getText());
    }
}
