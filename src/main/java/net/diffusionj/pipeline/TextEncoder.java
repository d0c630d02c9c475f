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

import java.util.Optional;

import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.model.tokenizer.TokenizedPrompt;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.ort.ModelCall;
import net.diffusionj.ort.TensorBuffer;

/**
 * Token ids to embeddings. Does not tokenize.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class TextEncoder implements AutoCloseable {

    private final PartInUse part;
    private final TextEncoderContract contract;
    private final MemoryLadder ladder;
    private final int tokens;
    private final int width;
    private Optional<Ready> ready = Optional.empty();
    private long closedRunNanos;

    private record Ready(ModelCall call, TensorBuffer ids, TensorBuffer hidden) {}

    /**
     * @param part an open text encoder, which must outlive this
     * @param contract what was found of its inputs and outputs
     * @param tokens token positions per prompt
     * @param width numbers per token
     */
    TextEncoder(final PartInUse part, final TextEncoderContract contract, final int tokens, final int width) {
        this.part = part;
        this.contract = contract;
        this.tokens = tokens;
        this.width = width;
        this.ladder = part.ladder();
    }

    Embeddings encode(final TokenizedPrompt prompt, final CancelToken cancel) {
        return ladder.run(() -> attempt(prompt, cancel));
    }

    private Embeddings attempt(final TokenizedPrompt prompt, final CancelToken cancel) {
        try {
            if (ready.isEmpty()) ready = Optional.of(prepare());
            final Ready now = ready.get();
            now.ids().put(prompt.ids(), 0);
            // Prompts are few and short, and which one is the last is not known here.
            now.call().run(cancel, true);
            return new Embeddings(now.hidden().toFloats(), tokens, width);
        }
        catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    private Ready prepare() {
        final ModelCall call = part.newCall();
        try {
            final TensorBuffer ids = call.input(contract.inputIds(), 1, tokens);
            contract.attentionMask().ifPresent(mask -> call.input(mask, 1, tokens).fill(1));
            return new Ready(call, ids, call.output(contract.embeddings(), 1, tokens, width));
        }
        catch (final RuntimeException e) {
            call.close();
            throw e;
        }
    }

    long runNanos() {
        return closedRunNanos + ready.map(now -> now.call().runNanos()).orElse(0L);
    }

    /** Closes the buffers; a later run makes new ones. */
    @Override
    public void close() {
        closedRunNanos = runNanos();
        ready.ifPresent(now -> now.call().close());
        ready = Optional.empty();
    }
}
