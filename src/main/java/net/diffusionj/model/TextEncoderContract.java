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
package net.diffusionj.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * Which tensor of a text encoder plays which role. Immutable; runs nothing.
 *
 * @param file the ONNX file, for messages
 * @param inputIds token ids [batch, length], int32 or int64
 * @param attentionMask [batch, length], whole or floating-point numbers or booleans; diffusers gives ones where it is asked for at all
 * @param embeddings the last hidden state [batch, length, width], floating point
 */
public record TextEncoderContract(Path file, TensorSpec inputIds, Optional<TensorSpec> attentionMask, TensorSpec embeddings) {

    /**
     * Recognises the roles.
     *
     * @param file the ONNX file
     * @param inputs what its session says of its inputs
     * @param outputs what its session says of its outputs
     * @return the roles
     * @throws InvalidInputException if they cannot be made out, or something else is wanted too
     */
    public static TextEncoderContract of(final Path file, final List<TensorSpec> inputs, final List<TensorSpec> outputs) {
        final Roles in = new Roles(file, "inputs", inputs);
        final Optional<TensorSpec> mask = in.takeNamed(spec -> spec.rank() == 2, "mask");
        final TensorSpec ids = in.take("token ids [batch, length] of int32 or int64", Roles.integers(2), "input_ids", "ids");
        in.requireNothingLeft("token ids [batch, length] of int32 or int64");
        final Roles out = new Roles(file, "outputs", outputs);
        final TensorSpec hidden = out.take("a last hidden state [batch, length, width]", Roles.floats(3), "last_hidden_state",
            "hidden_state");
        return new TextEncoderContract(file, ids, mask, hidden);
    }

    /** @return tokens per prompt where the graph fixes their number */
    public OptionalInt fixedLength() {
        return Roles.fixed(inputIds, 1);
    }

    /** @return width of the embedding where the graph fixes it */
    public OptionalInt width() {
        return Roles.fixed(embeddings, 2);
    }
}
