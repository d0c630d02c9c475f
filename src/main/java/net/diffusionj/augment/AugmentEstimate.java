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
package net.diffusionj.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.run.AugmentProgress;

/**
 * What a run would do and take.
 *
 * @param plan what it would draw
 * @param millisPerImage what one image took, once the model was open
 * @param totalMillis what all would take at that pace, by their pixels; draws after the gate's refusals not counted
 * @param diskBytes what the files would take
 */
public record AugmentEstimate(AugmentPlan plan, double millisPerImage, long totalMillis, long diskBytes) {

    private static final double MB = 1e6;

    /** @return lines for a person */
    public List<String> inWords() {
        final List<String> lines = new ArrayList<>();
        lines.add(plan.outputs() + " outputs from " + plan.sources().size() + (plan.sources().size() == 1 ? " source" : " sources") + ", in "
            + plan.batches().size() + " requests of " + plan.steps() + " steps");
        plan.outputsByClass().forEach((name, number) -> {
            final long sources = plan.sources().stream().filter(source -> source.className().equals(name)).count();
            if (!name.isEmpty()) lines.add("Class " + name + ": " + number + " outputs beside " + sources + " sources");
        });
        plan.skipped().forEach(source -> lines.add("Skipped: " + source.file().getFileName() + ". " + source.reason()));
        lines.add(String.format(Locale.ROOT, "Time: about %s, at %.0f ms an image, measured on one; images that are drawn again come on top",
            AugmentProgress.duration(totalMillis), millisPerImage));
        lines.add(String.format(Locale.ROOT, "Disk: about %.1f MB", diskBytes / MB));
        return lines;
    }
}
