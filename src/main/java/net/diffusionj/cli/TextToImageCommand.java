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

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.service.DiffusionEngine;

/** {@code diffusionj txt2img}: a picture from a prompt. */
@Command(name = "txt2img", mixinStandardHelpOptions = true, sortOptions = false, description = "Makes an image from a prompt.")
final class TextToImageCommand implements Callable<Integer> {

    private final Printer printer;

    @Mixin
    private GenerationOptions generation;

    @Mixin
    private BranchOptions branches;

    @Mixin
    private OutputOptions output;

    TextToImageCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    public Integer call() {
        output.check();
        try (DiffusionEngine engine = new DiffusionEngine(DiffusionHome.locate())) {
            final var request = generation.toRequest(new ModelSize(engine, generation.model())).build();
            return new Generation(printer).run(engine, request, branches.toRequest(request), ImageMetadata.NONE, output);
        }
    }
}
