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

import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.model.tokenizer.TokenizedPrompt;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.ort.ModelCall;
import net.diffusionj.ort.SessionLease;
import net.diffusionj.ort.TensorBuffer;

/**
 * Token ids to embeddings. Does not tokenize.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class TextEncoder implements AutoCloseable {

    private final ModelCall call;
    private final TensorBuffer ids;
    private final TensorBuffer hidden;
    private final int tokens;
    private final int width;

    /**
     * @param lease an open text encoder, which must outlive this
     * @param contract what was found of its inputs and outputs
     * @param tokens token positions per prompt
     * @param width numbers per token
     */
    TextEncoder(final SessionLease lease, final TextEncoderContract contract, final int tokens, final int width) {
        this.tokens = tokens;
        this.width = width;
        this.call = lease.newCall();
        this.ids = call.input(contract.inputIds(), 1, tokens);
        contract.attentionMask().ifPresent(mask -> call.input(mask, 1, tokens).fill(1));
        this.hidden = call.output(contract.embeddings(), 1, tokens, width);
    }

    Embeddings encode(final TokenizedPrompt prompt, final CancelToken cancel) {
        ids.put(prompt.ids(), 0);
        call.run(cancel);
        return new Embeddings(hidden.toFloats(), tokens, width);
    }

    long runNanos() {
        return call.runNanos();
    }

    @Override
    public void close() {
        call.close();
    }
}
