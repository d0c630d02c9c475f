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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import net.diffusionj.CancelToken;
import net.diffusionj.model.tokenizer.TokenizedPrompt;

/**
 * Prompts to embeddings, through the text encoder only where no earlier run has left them.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class PromptEncoder implements AutoCloseable {

    private static final int SHOWN_CHARACTERS = 160;

    private final TextModel model;
    private final ByteBoundedCache<Reuse.EmbeddingKey, Embeddings> kept;
    private final CancelToken cancel;
    private final List<String> warnings = new ArrayList<>();
    private Optional<TextEncoder> encoder = Optional.empty();

    /**
     * @param model the tokenizer and the text encoder, which must outlive this
     * @param kept embeddings of earlier runs; takes these too
     * @param cancel ends a model call early
     */
    PromptEncoder(final TextModel model, final ByteBoundedCache<Reuse.EmbeddingKey, Embeddings> kept, final CancelToken cancel) {
        this.model = model;
        this.kept = kept;
        this.cancel = cancel;
    }

    /**
     * Classifier-free guidance needs the negative prompt's pass first; without it there is the prompt's alone. Does not wait for the UNet, so a pass
     * may be made that turns out not to be wanted.
     *
     * @param prompt what to draw
     * @param negative what to avoid
     * @param guidance guidance scale
     * @return one entry a pass
     */
    List<Embeddings> passes(final String prompt, final String negative, final double guidance) {
        final List<Embeddings> embeddings = new ArrayList<>();
        if (guidance > 1 && !model.saysGuidanceDistilled()) embeddings.add(encode(negative, "negative prompt"));
        embeddings.add(encode(prompt, "prompt"));
        return embeddings;
    }

    private Embeddings encode(final String text, final String what) {
        final TokenizedPrompt tokenized = model.tokenizer().encode(text);
        tokenized.cutText().ifPresent(cut -> warn("The " + what + " is longer than the " + model.tokenizer().maxLength()
            + " tokens that this model reads. Left out: \"" + abbreviated(cut) + "\""));
        final Reuse.EmbeddingKey key = model.key(tokenized.ids());
        final Optional<Embeddings> earlier = kept.get(key);
        model.counts(earlier.isPresent());
        return earlier.orElseGet(() -> {
            if (encoder.isEmpty()) encoder = Optional.of(model.newEncoder());
            final Embeddings made = encoder.get().encode(tokenized, cancel);
            kept.put(key, made);
            return made;
        });
    }

    private void warn(final String warning) {
        if (!warnings.contains(warning)) warnings.add(warning);
    }

    private static String abbreviated(final String text) {
        return text.length() <= SHOWN_CHARACTERS ? text
            : text.substring(0, SHOWN_CHARACTERS) + "… (" + (text.length() - SHOWN_CHARACTERS) + " more characters)";
    }

    /** @return what was cut from prompts */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** @return nanoseconds inside ONNX Runtime */
    long runNanos() {
        return encoder.map(TextEncoder::runNanos).orElse(0L);
    }

    @Override
    public void close() {
        encoder.ifPresent(TextEncoder::close);
    }
}
