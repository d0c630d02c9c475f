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
package net.diffusionj.cli;

import java.util.Locale;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Parameters;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.settings.SettingKeys;
import net.diffusionj.service.settings.SettingsFile;

/** {@code diffusionj settings}: shows and changes what is set once and for all. */
@Command(name = "settings", mixinStandardHelpOptions = true, subcommands = HelpCommand.class,
    description = "Shows and changes the settings in the DiffusionJ home. Each can also be given as -Ddiffusionj.KEY=VALUE.")
final class SettingsCommand implements Runnable {

    private final Printer printer;

    SettingsCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public void run() {
        list();
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists every setting: its value, where that comes from, what it means.")
    void list() {
        final SettingsFile file = file();
        for (final SettingsFile.Entry entry : file.entries()) {
            printer.result(String.format("%-22s %-18s %-9s %s", entry.key(), shown(entry.text()), entry.origin().name().toLowerCase(Locale.ROOT),
                entry.key().meaning()));
        }
        printer.note("Settings are kept in " + file.file());
    }

    @Command(mixinStandardHelpOptions = true, description = "Prints the value of one setting.")
    void get(@Parameters(paramLabel = "KEY") final String key) {
        final Optional<SettingsFile.Entry> found = file().entries().stream().filter(entry -> entry.key().name().equals(key)).findFirst();
        printer.result(found.orElseThrow(() -> SettingKeys.unknown(key, "the command")).text());
    }

    @Command(mixinStandardHelpOptions = true, description = "Stores a value.")
    void set(@Parameters(paramLabel = "KEY") final String key, @Parameters(paramLabel = "VALUE") final String value) {
        file().set(key, value);
        final String property = SettingKeys.find(key).orElseThrow().property();
        if (System.getProperty(property) != null) printer.note("Warning: stored, but the system property " + property + " overrides it in this process.");
    }

    @Command(mixinStandardHelpOptions = true, description = "Takes a value back, or all of them.")
    void reset(@Parameters(paramLabel = "KEY", arity = "0..1") final String key) {
        if (key == null) file().resetAll();
        else file().reset(key);
    }

    private static String shown(final String text) {
        return text.isEmpty() ? "(none)" : text;
    }

    private static SettingsFile file() {
        return new SettingsFile(DiffusionHome.locate());
    }
}
