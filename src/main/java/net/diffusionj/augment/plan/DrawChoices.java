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
package net.diffusionj.augment.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;
import net.diffusionj.service.ImageScale;

/**
 * How outputs are drawn. Immutable.
 *
 * @param mode what may change
 * @param prompts templates, at least one, each in turn; {@code {class}} stands for the class of the source
 * @param negative what to avoid; may be empty
 * @param strength how far from the source, 0 to 1
 * @param guidance guidance scale; empty for the model's own
 * @param steps denoising steps; empty for the model's own
 * @param scheduler id; empty for the model's own
 * @param scale by how much the sides of a source are multiplied on the way to the model: a number, {@code auto}, or nothing for the model's own
 * @param model name or folder; empty for the default model
 * @param provider id of a {@code ProviderChoice}
 * @param seed every other seed comes from it
 */
public record DrawChoices(Mode mode, List<String> prompts, String negative, Sweep strength, Optional<Sweep> guidance, OptionalInt steps, String scheduler,
    String scale, String model, String provider, long seed) {

    /** Strength where none is given: labels were measured to be lost above 0.4. */
    public static final double DEFAULT_STRENGTH = 0.3;

    /** Stands in a prompt for the class of the source. */
    public static final String CLASS_MARK = "{class}";

    /** Variations of everything, with an empty prompt, at the default strength. */
    public static final DrawChoices DEFAULT = new DrawChoices(Mode.VARY, List.of(""), "", Sweep.of(DEFAULT_STRENGTH), Optional.empty(), OptionalInt.empty(), "",
        "", "", "auto", 0);

    /** Copies the prompts and checks what can be judged without the model. */
    public DrawChoices {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(negative, "negative");
        Objects.requireNonNull(strength, "strength");
        Objects.requireNonNull(guidance, "guidance");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(provider, "provider");
        prompts = List.copyOf(prompts);
        if (prompts.isEmpty()) throw new InvalidInputException("Give a prompt. It may be empty.");
        if (!(strength.least() > 0)) throw new InvalidInputException("Strength must be above 0: at 0 an output is a copy of its source.");
        ImageScale.parse(scale);
        if (steps.isPresent() && steps.getAsInt() < 1) throw new InvalidInputException("Steps must be at least 1, not " + steps.getAsInt() + ".");
    }

    /** @return whether a prompt names the class */
    public boolean namesClass() {
        return prompts.stream().anyMatch(prompt -> prompt.contains(CLASS_MARK));
    }
}
