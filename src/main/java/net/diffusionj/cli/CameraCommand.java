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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.image.CameraEstimate;
import net.diffusionj.image.CameraModel;
import net.diffusionj.io.ImageFiles;

/** {@code diffusionj camera}: a camera's noise, found in images that it took. */
@Command(name = "camera", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Finds gain, read noise and offset of a camera in images that it took, for --camera of the commands that generate.")
final class CameraCommand implements Callable<Integer> {

    private static final List<String> ENDINGS = List.of(".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".npy");

    private final Printer printer;

    @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Images of one camera and one kind of exposure, or folders of them.")
    private List<Path> inputs;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Also write the values into a file.")
    private Path output;

    CameraCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public Integer call() {
        if (output != null) AtomicFile.checkWritable(output);
        final var images = inputs.stream().flatMap(CameraCommand::files).map(file -> ImageFiles.read(file).image()).toList();
        if (images.isEmpty()) throw new InvalidInputException("There are no images in " + inputs.get(0) + ". Name image files, or folders that hold some.");
        final CameraModel camera = CameraEstimate.of(images).orElseThrow(() -> new InvalidInputException(
            "No noise of a camera was found: the images are too small, or noise was removed from them. Give more or other images, or write the values yourself."));
        printer.result(camera.toString());
        if (output != null) AtomicFile.write(output, out -> out.write((camera + "\n").getBytes(StandardCharsets.UTF_8)));
        return 0;
    }

    private static Stream<Path> files(final Path input) {
        if (!Files.isDirectory(input)) return Stream.of(input);
        try (Stream<Path> files = Files.list(input)) {
            return files.filter(file -> ENDINGS.stream().anyMatch(file.getFileName().toString().toLowerCase(Locale.ROOT)::endsWith)).sorted().toList().stream();
        }
        catch (final IOException | UncheckedIOException e) {
            throw new InvalidInputException("The folder " + input + " cannot be read: " + e.getMessage() + '.', e);
        }
    }
}
