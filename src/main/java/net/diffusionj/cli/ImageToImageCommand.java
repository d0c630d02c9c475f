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
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.io.ImageFile;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.Fit;
import net.diffusionj.service.ImageScale;

/** {@code diffusionj img2img}: a picture from a picture and a prompt. */
@Command(name = "img2img", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Changes an image as a prompt says. The result has the input's size, type and calibration.")
final class ImageToImageCommand implements Callable<Integer> {

    private final Printer printer;

    @Option(names = {"-i", "--input"}, required = true, paramLabel = "FILE", description = "Image to start from: TIFF, PNG, JPEG, BMP, GIF or NPY.")
    private Path input;

    @Option(names = "--strength", paramLabel = "0..1", defaultValue = "" + DiffusionRequest.DEFAULT_STRENGTH,
        description = "How far to go from the input: 0 leaves it unchanged, 0.3 changes texture, 0.4 loses a few objects, 0.6 many, 1 keeps nothing."
            + " Default: ${DEFAULT-VALUE}.")
    private double strength;

    @Option(names = "--fit", paramLabel = "native|model", defaultValue = "native",
        description = "native: at the input's own pixels, in overlapping tiles where it is large. model: resized to the model's size. Default: ${DEFAULT-VALUE}.")
    private String fit;

    @Option(names = "--scale", paramLabel = "FACTOR|auto", defaultValue = "",
        description = "Resize the input by this before, and back after, so that its objects have the size that the model knows. auto: estimated."
            + " Default: the model's own.")
    private String scale;

    @Option(names = "--mask", paramLabel = "FILE",
        description = "Image of the input's size. Where it is 0, the input's pixels stay as they are, bit for bit.")
    private Path mask;

    @Mixin
    private GenerationOptions generation;

    @Mixin
    private BranchOptions branches;

    @Mixin
    private OutputOptions output;

    ImageToImageCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public Integer call() {
        output.check();
        final ImageFile source = read(input);
        try (DiffusionEngine engine = new DiffusionEngine(DiffusionHome.locate())) {
            final DiffusionRequest.Builder builder = generation.toRequest(new ModelSize(engine, generation.model())).image(source.image())
                .strength(strength).fit(Fit.parse(fit)).scale(ImageScale.parse(scale));
            if (mask != null) builder.mask(read(mask).image());
            final DiffusionRequest request = builder.build();
            return new Generation(printer).run(engine, request, branches.toRequest(request), source.metadata(), output);
        }
    }

    private ImageFile read(final Path file) {
        final ImageFile image = ImageFiles.read(file);
        image.warnings().forEach(warning -> printer.note("Warning: " + warning));
        return image;
    }
}
