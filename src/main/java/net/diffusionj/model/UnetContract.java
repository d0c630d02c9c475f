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
import java.util.function.Predicate;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * Which tensor of a UNet plays which role. Immutable; runs nothing.
 *
 * @param file the ONNX file, for messages
 * @param sample noisy latents [batch, channels, latentHeight, latentWidth], floating point
 * @param timestep a scalar, or [1] or [batch]; int32, int64 or floating point
 * @param hiddenStates the text encoder's embeddings [batch, length, width], floating point
 * @param timestepCond guidance embedding [batch, dim] of latent consistency models, floating point
 * @param prediction [batch, channels, latentHeight, latentWidth], floating point
 */
public record UnetContract(Path file, TensorSpec sample, TensorSpec timestep, TensorSpec hiddenStates, Optional<TensorSpec> timestepCond,
    TensorSpec prediction) {
    private static final Predicate<TensorSpec> NUMBER = spec -> spec.rank() <= 1 && (spec.type().isFloat() || spec.type().isInteger());

    /**
     * Recognises the roles.
     *
     * @param file the ONNX file
     * @param inputs what its session says of its inputs
     * @param outputs what its session says of its outputs
     * @return the roles
     * @throws InvalidInputException if they cannot be made out, if something else is wanted too, or if it is the UNet of a kind of model that
     *         this version does not run
     */
    public static UnetContract of(final Path file, final List<TensorSpec> inputs, final List<TensorSpec> outputs) {
        UnsupportedKind.ofInputs(inputs.stream().map(TensorSpec::name).toList()).ifPresent(kind -> {
            throw UnsupportedKind.refuse(file, kind);
        });
        final Roles in = new Roles(file, "inputs", inputs);
        final TensorSpec sample = in.take("noisy latents [batch, channels, height, width]", Roles.floats(4), "sample", "latent");
        final TensorSpec hidden = in.take("text embeddings [batch, length, width]", Roles.floats(3), "encoder_hidden_states", "hidden_state");
        final Optional<TensorSpec> cond = in.takeNamed(Roles.floats(2), "timestep_cond", "cond");
        final TensorSpec timestep = in.take("a timestep (scalar or [batch])", NUMBER, "timestep", "time", "t");
        in.requireNothingLeft("latents, a timestep, text embeddings and possibly timestep_cond");
        final Roles out = new Roles(file, "outputs", outputs);
        final TensorSpec prediction = out.take("a prediction [batch, channels, height, width]", Roles.floats(4), "out_sample", "sample");
        final UnetContract contract = new UnetContract(file, sample, timestep, hidden, cond, prediction);
        contract.checkChannels(out);
        return contract;
    }

    private void checkChannels(final Roles out) {
        final OptionalInt taken = channels();
        final OptionalInt given = Roles.fixed(prediction, 1);
        if (taken.isPresent() && given.isPresent() && taken.getAsInt() != given.getAsInt()) {
            UnsupportedKind.ofChannels(taken, given.getAsInt()).ifPresent(kind -> {
                throw UnsupportedKind.refuse(file, kind);
            });
            throw out.refuse("as many channels as the sample has, " + taken.getAsInt());
        }
    }

    /** @return channels of the latents where the graph fixes their number */
    public OptionalInt channels() {
        return Roles.fixed(sample, 1);
    }

    /** @return width of the embeddings where the graph fixes it */
    public OptionalInt embeddingWidth() {
        return Roles.fixed(hiddenStates, 2);
    }

    /** @return tokens of the embeddings where the graph fixes their number */
    public OptionalInt embeddingLength() {
        return Roles.fixed(hiddenStates, 1);
    }

    /** @return latent height where the graph fixes it */
    public OptionalInt latentHeight() {
        return Roles.fixed(sample, 2);
    }

    /** @return latent width where the graph fixes it */
    public OptionalInt latentWidth() {
        return Roles.fixed(sample, 3);
    }

    /** @return batch size where the graph fixes it */
    public OptionalInt fixedBatch() {
        return Roles.fixed(sample, 0);
    }

    /** @return width of the guidance embedding where the UNet takes one and the graph fixes its width */
    public OptionalInt timestepCondWidth() {
        return timestepCond.isPresent() ? Roles.fixed(timestepCond.get(), 1) : OptionalInt.empty();
    }

    /**
     * Checks shapes before a run: ONNX Runtime runs some batch mismatches silently.
     *
     * @param sampleShape of the latents
     * @param timestepValueShape of the timestep
     * @param hiddenStatesShape of the embeddings
     * @param timestepCondShape of the guidance embedding, given exactly where the UNet takes one
     * @throws InvalidInputException if one does not fit the graph's fixed sizes, or if they disagree about the batch
     */
    public void checkShapes(final long[] sampleShape, final long[] timestepValueShape, final long[] hiddenStatesShape,
        final Optional<long[]> timestepCondShape) {
        final ShapeCheck check = new ShapeCheck(file);
        check.fits(sample, sampleShape).fits(timestep, timestepValueShape).fits(hiddenStates, hiddenStatesShape);
        check.sameBatch(sample, sampleShape, hiddenStates, hiddenStatesShape);
        if (timestepValueShape.length == 1 && timestepValueShape[0] != 1) {
            check.sameBatch(sample, sampleShape, timestep, timestepValueShape);
        }
        if (timestepCond.isPresent() != timestepCondShape.isPresent()) {
            throw new InvalidInputException(file + (timestepCond.isPresent() ? " needs" : " does not take") + " a guidance embedding (timestep_cond).");
        }
        if (timestepCond.isPresent()) {
            check.fits(timestepCond.get(), timestepCondShape.get());
            check.sameBatch(sample, sampleShape, timestepCond.get(), timestepCondShape.get());
        }
    }
}
