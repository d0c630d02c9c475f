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
package net.diffusionj.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.settings.SettingKeys;
import net.diffusionj.service.settings.SettingsFile;

/** Shows what is set once and for all, and changes one setting of it. */
@Plugin(type = Command.class, label = "Settings...",
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "Settings...")},
    description = "Shows the settings of DiffusionJ and changes one")
public class SettingsCommand extends PlainCommand {

    @Parameter(label = "Setting", required = false, persist = false, description = "Its name, such as cuda.memory. Empty: list all settings.")
    private String key = "";

    @Parameter(label = "Value", required = false, persist = false, description = "The new value. Empty: show the present one. default: take it back.")
    private String value = "";

    @Parameter(type = ItemIO.OUTPUT, label = "Report")
    private List<String> report;

    @Override
    void perform() {
        final SettingsFile file = new SettingsFile(DiffusionHome.locate());
        if (!key.isBlank()) change(file);
        report = file.entries().stream().filter(entry -> key.isBlank() || entry.key().name().equals(key.trim()))
            .map(entry -> entry.key() + " = " + entry.text() + "   " + entry.key().meaning()).toList();
    }

    private void change(final SettingsFile file) {
        if (value.trim().equalsIgnoreCase("default")) file.reset(key.trim());
        else if (!value.isBlank()) file.set(key.trim(), value);
        else SettingKeys.find(key.trim()).orElseThrow(() -> SettingKeys.unknown(key.trim(), "the dialog"));
    }
}
