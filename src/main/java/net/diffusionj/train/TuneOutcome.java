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
package net.diffusionj.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a tuning ended.
 *
 * @param model folder of the installed model; empty where no step was better than none
 * @param steps that were made
 * @param stepSeconds that the steps took, those before a stop too, without all that is around them
 * @param bestStep after which the weights were kept
 * @param before validation loss before the first step
 * @param best validation loss of the weights that were kept
 * @param cancelled whether somebody stopped it; it can go on
 * @param stopped why it stopped before its end, beside that
 */
public record TuneOutcome(Optional<Path> model, long steps, double stepSeconds, long bestStep, double before, double best, boolean cancelled,
    Optional<String> stopped) {

    /** @return lines for a person */
    public List<String> inWords() {
        final List<String> lines = new ArrayList<>();
        stopped.ifPresent(lines::add);
        final String losses = String.format(Locale.ROOT, "Validation loss: %.4f before, %.4f after step %d of %d, which took %.1f s.", before, best,
            bestStep, steps, stepSeconds);
        if (model.isPresent()) {
            lines.add("The model " + model.get().getFileName() + " is installed in " + model.get().getParent() + ".");
            lines.add(losses);
            if (!cancelled) lines.add("Its README.md has a table and " + Comparing.SHEET + " shows real pictures, those drawn before and those drawn after.");
        }
        else if (cancelled) {
            lines.add("Cancelled after " + steps + " steps, before any was better than none: no model was installed. Resume it to go on.");
        }
        else {
            lines.add("No step made the validation loss lower, so no model was installed. More images, more steps or a lower learning rate may help.");
            if (Double.isFinite(before)) lines.add(losses);
        }
        return lines;
    }
}
