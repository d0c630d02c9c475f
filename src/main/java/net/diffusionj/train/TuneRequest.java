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

import java.util.Objects;

import net.diffusionj.InvalidInputException;
import net.diffusionj.train.material.ImageSet;

/**
 * A tuning that is asked for.
 *
 * @param images what the model is to learn
 * @param caption the words by which it will be asked for them
 * @param name of the model that comes out
 * @param budget how long
 * @param options how
 * @param resume whether a tuning of this name that was stopped is to go on
 */
public record TuneRequest(ImageSet images, String caption, String name, Budget budget, TuneOptions options, boolean resume) {

    /** Checks the words. */
    public TuneRequest {
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(options, "options");
        caption = caption.strip();
        name = name.strip();
        if (caption.isEmpty()) {
            throw new InvalidInputException("The caption is empty. Give the words by which you will ask for such images, such as \"my cells\".");
        }
        if (name.isEmpty()) throw new InvalidInputException("The model has no name. Give one, such as \"my-cells\".");
    }
}
