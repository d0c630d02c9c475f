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

import java.nio.file.InvalidPathException;
import java.util.function.BooleanSupplier;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.JavaErrors;
import net.diffusionj.PathNames;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns every failure into one line on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private final Printer printer;
    private final BooleanSupplier verbose;

    Failures(final Printer printer, final BooleanSupplier verbose) {
        this.printer = printer;
        this.verbose = verbose;
    }

    @Override
    public int handleParseException(final ParameterException e, final String[] args) {
        final String command = e.getCommandLine().getCommandSpec().qualifiedName();
        printer.note("diffusionj: " + oneLine(e.getMessage()) + " See '" + command + " --help'.");
        return BAD_INPUT;
    }

    @Override
    public int handleExecutionException(final Exception e, final CommandLine line, final ParseResult parsed) {
        return handle(e instanceof final InvalidPathException unnameable ? PathNames.refused(unnameable) : e);
    }

    /**
     * @param e what a command threw
     * @return the exit code
     */
    int handle(final Exception e) {
        printer.note("diffusionj: " + message(e));
        if (verbose.getAsBoolean()) printer.trace(e);
        return e instanceof InvalidInputException ? BAD_INPUT : FAILED;
    }

    /**
     * @param e a throwable that is not an exception, such as a lack of memory
     * @return the exit code
     */
    int handle(final Error e) {
        printer.note("diffusionj: " + oneLine(JavaErrors.inPlainWords(e)));
        if (verbose.getAsBoolean()) printer.trace(e);
        return FAILED;
    }

    private static String message(final Exception e) {
        if (e instanceof DiffusionJException) return oneLine(e.getMessage());
        return "unexpected error: " + oneLine(String.valueOf(e)) + " Run again with --verbose and report what it prints.";
    }

    private static String oneLine(final String message) {
        // Names out of damaged files may hold what a terminal would act on.
        final String line = message.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?").trim();
        return line.matches(".*[.!?]") ? line : line + '.';
    }
}
