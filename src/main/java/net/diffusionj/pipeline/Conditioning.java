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
package net.diffusionj.pipeline;

import java.util.Collections;
import java.util.List;

/**
 * What the UNet is told at a step beside the latents and the timestep; the same for all images of a group and all steps with guidance. Whatever else a kind of model
 * asks for belongs here, one entry a pass, so that what hands it on need not change.
 *
 * @param text embeddings, one entry a model pass: with classifier-free guidance the negative prompt's and then the prompt's, else the prompt's alone
 * @param guidance guidance scale
 */
record Conditioning(List<Embeddings> text, double guidance) {

    Conditioning {
        text = List.copyOf(text);
    }

    /** @return model passes per image and step */
    int passes() {
        return text.size();
    }

    /** @return this with the prompt in every pass, so that guidance changes nothing: for a UNet of a fixed batch, which cannot do with fewer passes */
    Conditioning withPromptInEveryPass() {
        return new Conditioning(Collections.nCopies(passes(), text.get(passes() - 1)), guidance);
    }

    /** @return this with the prompt's pass alone: for steps without guidance, and for a UNet that takes guidance as an input */
    Conditioning inOnePass() {
        return new Conditioning(text.subList(text.size() - 1, text.size()), guidance);
    }
}
