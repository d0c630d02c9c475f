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

import java.awt.Window;

import ij.IJ;
import ij.Menus;
import ij.WindowManager;

import org.scijava.command.CommandService;

/** What the session monitor asks of the ImageJ around it. Apart, so that nothing else of the monitor names a class of {@code ij}. Stateless. */
final class MonitorHost {

    private static final String SETTINGS = "Settings...";
    private static final String COMMAND = "net.diffusionj.commands.SettingsCommand";

    private MonitorHost() {}

    /** Opens the settings' dialog: through the menu in plain ImageJ, which shows a bad value's reason; through SciJava in Fiji. */
    static void openSettings(final CommandService commands) {
        final Object entry = Menus.getCommands() == null ? null : Menus.getCommands().get(SETTINGS);
        if (entry != null && entry.toString().contains(COMMAND)) IJ.doCommand(SETTINGS);
        else commands.run(COMMAND, true);
    }

    /** @param window listed in ImageJ's Window menu from now on */
    static void enter(final Window window) {
        WindowManager.addWindow(window);
    }

    /** @param window listed no more */
    static void leave(final Window window) {
        WindowManager.removeWindow(window);
    }
}
