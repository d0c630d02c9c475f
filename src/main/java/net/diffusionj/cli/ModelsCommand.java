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

import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Parameters;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.train.TuneEngine;

/** {@code diffusionj models}: what is installed, and how to take it away. */
@Command(name = "models", mixinStandardHelpOptions = true, subcommands = HelpCommand.class, description = "Lists the installed models and removes them.")
final class ModelsCommand implements Runnable {

    private final Printer printer;

    ModelsCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public void run() {
        list();
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the installed models.")
    void list() {
        final InstalledModels models = new InstalledModels(DiffusionHome.locate());
        models.names().forEach(printer::result);
        printer.note("Models are kept in " + models.folder());
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes a model, and what is left of a tuning of that name.")
    void remove(@Parameters(paramLabel = "NAME") final String name) {
        final Path home = DiffusionHome.locate();
        try (DiffusionEngine engine = new DiffusionEngine(home)) {
            printer.result(new TuneEngine(engine, home).remove(name));
        }
    }
}
