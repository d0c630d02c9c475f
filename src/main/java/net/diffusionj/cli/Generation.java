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

import java.util.List;
import java.util.Optional;

import net.diffusionj.CancelToken;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.Seed;

/** What txt2img and img2img do alike once the request stands: run it, show progress, write the files. */
final class Generation {

    /** The shell's code for a program ended by Ctrl-C. */
    private static final int INTERRUPTED = 130;

    private final Printer printer;

    Generation(final Printer printer) {
        this.printer = printer;
    }

    /**
     * @param engine runs the request
     * @param request what to make
     * @param branches variations of it to make instead
     * @param metadata of the source image, for the result
     * @param output where results go
     * @return the exit code
     */
    @SuppressWarnings("try") // the interrupt is armed for the time of the run, not used
    int run(final DiffusionEngine engine, final DiffusionRequest request, final Optional<BranchRequest> branches, final ImageMetadata metadata,
        final OutputOptions output) {
        final CancelToken cancel = new CancelToken();
        try (Interrupt interrupt = new Interrupt(cancel); TerminalProgress progress = new TerminalProgress(printer, request.batch())) {
            final List<DiffusionOutcome> outcomes = branches.map(several -> engine.branch(several, progress, cancel))
                .orElseGet(() -> List.of(engine.generate(request, progress, cancel)));
            if (outcomes.stream().anyMatch(DiffusionOutcome::isCancelled) || cancel.isCancelled()) {
                printer.note("diffusionj: interrupted; nothing was written.");
                return INTERRUPTED;
            }
            for (int i = 0; i < outcomes.size(); i++) {
                output.write(outcomes.get(i).result(), branches.isPresent() ? "-" + (i + 1) : "", metadata, printer);
            }
            final DiffusionResult last = outcomes.get(outcomes.size() - 1).result();
            printer.note("seed " + Seed.text(request.seed()) + ", " + Math.round(last.timings().totalMillis()) + " ms"
                + (last.settings().containsKey("cache") ? ", from the " + last.settings().get("cache") : ""));
            return 0;
        }
    }
}
