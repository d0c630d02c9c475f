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

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Supplier;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.FileStamps;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.TextEncoderContract;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.pipeline.part.LoadingPart;
import net.diffusionj.pipeline.part.OpenParts;
import net.diffusionj.pipeline.part.PartInUse;
import net.diffusionj.pipeline.part.PartRole;

/**
 * The text side of a model: its tokenizer and its text encoder, which is opened at once only if nothing is known of it yet, otherwise when a prompt
 * needs it.
 * <p>
 * Not thread-safe: one run's own. The tokenizer is borrowed and stays its owner's.
 * </p>
 */
final class TextModel {

    private final ModelFolder folder;
    private final OpenParts parts;
    private final LoadingPart<Tokenizer> tokenizer;
    private final Reuse reuse;
    private final Supplier<OptionalInt> unetWidth;
    private final FileStamps files;
    private int found;
    private int made;

    /**
     * @param folder the model
     * @param parts has the text encoder
     * @param tokenizer perhaps still being opened
     * @param reuse knows of the encoder what an earlier run has found
     * @param unetWidth how wide the UNet wants embeddings; asked, and so waited for, only where the text encoder does not say
     */
    TextModel(final ModelFolder folder, final OpenParts parts, final LoadingPart<Tokenizer> tokenizer, final Reuse reuse,
        final Supplier<OptionalInt> unetWidth) {
        this.folder = folder;
        this.parts = parts;
        this.tokenizer = tokenizer;
        this.reuse = reuse;
        this.unetWidth = unetWidth;
        this.files = FileStamps.of(folder.textEncoder().getParent());
    }

    /** Begins to open the encoder if its inputs and outputs are not known. */
    void begin() {
        if (reuse.textContracts().get(files).isEmpty()) parts.begin(PartRole.TEXT_ENCODER);
    }

    /** @return the tokenizer, waited for */
    Tokenizer tokenizer() {
        return parts.await(tokenizer);
    }

    /** @return the encoder's inputs and outputs, from an earlier run where it left them */
    TextEncoderContract contract() {
        return reuse.textContracts().get(files).orElseGet(() -> {
            final PartInUse part = parts.use(PartRole.TEXT_ENCODER);
            final TextEncoderContract made = TextEncoderContract.of(part.file(), part.inputs(), part.outputs());
            reuse.textContracts().put(files, made);
            return made;
        });
    }

    /** @param ids of a tokenized prompt
     *  @return what its embeddings are kept under */
    Reuse.EmbeddingKey key(final int[] ids) {
        return new Reuse.EmbeddingKey(files, parts.expectedProviders(PartRole.TEXT_ENCODER), Arrays.stream(ids).boxed().toList());
    }

    /** @return the encoder, opened if it was not; to be closed before the model */
    TextEncoder newEncoder() {
        return new TextEncoder(parts.use(PartRole.TEXT_ENCODER), contract(), tokenizer().maxLength(), width());
    }

    private int width() {
        final TextEncoderContract text = contract();
        return text.width().isPresent() ? text.width().getAsInt()
            : unetWidth.get().orElseThrow(() -> new InvalidInputException(text.file()
                + " does not say how wide its embeddings are, nor does the UNet. Export the model again, with a fixed embedding width."));
    }

    /** @param wasKept whether the embeddings of a prompt were there from an earlier run */
    void counts(final boolean wasKept) {
        if (wasKept) found++;
        else made++;
    }

    /** @return prompts whose embeddings were there */
    int found() {
        return found;
    }

    /** @return prompts that went through the encoder */
    int made() {
        return made;
    }

    /** @return whether the model's files tell already that guidance is an input of the UNet; false where they do not tell */
    boolean saysGuidanceDistilled() {
        return folder.unetConfig().timeCondProjDim().isPresent();
    }
}
