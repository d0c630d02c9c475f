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

import java.nio.charset.Charset;
import java.nio.file.Path;

import net.diffusionj.InvalidInputException;
import net.diffusionj.PathNames;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The program {@code diffusionj}: hands over to its subcommands. */
@Command(name = "diffusionj", mixinStandardHelpOptions = true, versionProvider = VersionProvider.class,
    description = "Makes micrographs and other pictures from prompts and pictures, with Stable Diffusion models in ONNX format.",
    subcommands = {TextToImageCommand.class, ImageToImageCommand.class, AugmentCommand.class, TuneCommand.class, ModelsCommand.class,
        InfoCommand.class, CameraCommand.class, BenchCommand.class, SettingsCommand.class, MonitorCommand.class, ServeCommand.class,
        CommandLine.HelpCommand.class})
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", description = "Print the whole stack trace of an error.", scope = CommandLine.ScopeType.INHERIT)
    private boolean verbose;

    private final Printer printer;

    Main(final Printer printer) {
        this.printer = printer;
    }

    /** @param args the command line */
    public static void main(final String... args) {
        Logging.configure();
        System.exit(runTyped(Printer.console(), args));
    }

    private static int runTyped(final Printer printer, final String... args) {
        try {
            final Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
            return run(printer, TrueArguments.of(args, Path.of("/proc/self/cmdline"), charset));
        }
        catch (final InvalidInputException e) {
            return new Failures(printer, () -> false).handle(e);
        }
    }

    /**
     * Runs one command line.
     *
     * @param printer where everything is printed
     * @param args the command line
     * @return the exit code
     */
    static int run(final Printer printer, final String... args) {
        final Main main = new Main(printer);
        final CommandLine line = new CommandLine(main, new CommandFactory(printer));
        final Failures failures = new Failures(printer, () -> main.verbose);
        line.setParameterExceptionHandler(failures);
        line.setExecutionExceptionHandler(failures);
        line.registerConverter(Path.class, Main::path);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        try {
            return line.execute(args);
        }
        catch (final Error e) {
            return failures.handle(e);
        }
    }

    private static Path path(final String name) {
        try {
            return PathNames.path(name);
        }
        catch (final InvalidInputException e) {
            throw (TypeConversionException) new TypeConversionException(e.getMessage()).initCause(e);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
            "Say what to do: txt2img, img2img, augment, tune, models, camera, bench, info, monitor, serve or settings.");
    }
}
