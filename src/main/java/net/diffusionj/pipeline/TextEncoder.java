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

import net.diffusionj.CancelToken;
import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.model.tokenizer.TokenizedPrompt;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.TensorBuffer;
import net.diffusionj.pipeline.part.PartInUse;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.pipeline.part.PreparedCall;

/**
 * Token ids to embeddings. Does not tokenize.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class TextEncoder implements AutoCloseable {

    private final TextEncoderContract contract;
    private final int tokens;
    private final int width;
    private final PreparedCall<Buffers> call;

    private record Buffers(TensorBuffer ids, TensorBuffer hidden) {}

    /**
     * @param part an open text encoder, which must outlive this
     * @param contract what was found of its inputs and outputs
     * @param tokens token positions per prompt
     * @param width numbers per token
     */
    TextEncoder(final PartInUse part, final TextEncoderContract contract, final int tokens, final int width) {
        this.contract = contract;
        this.tokens = tokens;
        this.width = width;
        this.call = new PreparedCall<>(part, this::prepare);
    }

    /**
     * @param prompt as many tokens as this was made for
     * @param cancel ends the model call early
     * @return its embeddings
     */
    Embeddings encode(final TokenizedPrompt prompt, final CancelToken cancel) {
        return call.attempt(() -> {
            final Buffers now = call.buffers();
            now.ids().put(prompt.ids(), 0);
            // Prompts are few and short, and which one is the last is not known here.
            call.run(cancel, true);
            return new Embeddings(FiniteCheck.require(now.hidden().toFloats(), PartRole.TEXT_ENCODER.title(), contract.file()), tokens, width);
        });
    }

    private Buffers prepare(final ModelCall made) {
        final TensorBuffer ids = made.input(contract.inputIds(), 1, tokens);
        contract.attentionMask().ifPresent(mask -> made.input(mask, 1, tokens).fill(1));
        return new Buffers(ids, made.output(contract.embeddings(), 1, tokens, width));
    }

    long runNanos() {
        return call.runNanos();
    }

    /** Closes the buffers; a later run makes new ones. */
    @Override
    public void close() {
        call.close();
    }
}
