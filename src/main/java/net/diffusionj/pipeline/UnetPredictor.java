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

import java.util.List;
import java.util.Optional;

import net.diffusionj.CancelToken;
import net.diffusionj.model.UnetContract;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.TensorBuffer;
import net.diffusionj.pipeline.part.PartInUse;
import net.diffusionj.pipeline.part.PartRole;
import net.diffusionj.pipeline.part.PreparedCall;

/**
 * The UNet, ready for one group of images of one size, with classifier-free guidance where it applies (Ho and Salimans 2022: unconditional +
 * guidance × (conditional − unconditional)). Both passes go through the model as one batch, the negative prompt first; in smaller shares when memory
 * does not suffice.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class UnetPredictor implements NoisePredictor {

    private final UnetInputs inputs;
    private final LatentShape shape;
    private final List<Conditioning> conditionings;
    private final int images;
    private final int passes;
    private final int rows;
    private final float[] unconditional;
    private final PreparedCall<Buffers> call;
    private int rowsAtOnce;

    /** Those of a call made for a number of rows. */
    private record Buffers(TensorBuffer sample, TensorBuffer timestep, TensorBuffer hidden, Optional<TensorBuffer> guidance, TensorBuffer prediction) {}

    /**
     * What the UNet takes.
     *
     * @param contract its inputs and output
     * @param guidanceWidth numbers in its guidance embedding; 0 if it takes none
     */
    record UnetInputs(UnetContract contract, int guidanceWidth) {}

    /**
     * @param part the UNet, which must outlive this
     * @param inputs what it takes
     * @param shape latents of one image, as large as the model is to see them at once
     * @param conditionings what it is told of each image of the group, all of as many passes
     * @param mostRows how many may go through it at once, at least 1
     */
    UnetPredictor(final PartInUse part, final UnetInputs inputs, final LatentShape shape, final List<Conditioning> conditionings, final int mostRows) {
        this.inputs = inputs;
        this.shape = shape;
        this.conditionings = List.copyOf(conditionings);
        this.images = conditionings.size();
        this.passes = conditionings.get(0).passes();
        if (conditionings.stream().anyMatch(one -> one.passes() != passes)) throw new IllegalArgumentException("images of one and of two passes together");
        this.rows = images * passes;
        this.unconditional = new float[shape.size()];
        this.rowsAtOnce = share(mostRows);
        this.call = new PreparedCall<>(part, this::prepare, this::fewerRows);
    }

    /** Rows go through in equal shares, so that one call serves all. */
    private Optional<String> fewerRows() {
        if (rowsAtOnce == 1 || inputs.contract().fixedBatch().isPresent()) return Optional.empty();
        rowsAtOnce = share(rowsAtOnce / 2);
        return Optional.of(rowsAtOnce + " of the " + rows + " model passes of a step went through at once");
    }

    private int share(final int most) {
        int share = Math.min(most, rows);
        while (rows % share != 0) share--;
        return share;
    }

    @Override
    public void predict(final float[][] latents, final DenoisingStep step, final float[][] predictions, final CancelToken cancel) {
        for (final float[] image : latents) FiniteCheck.requireLatents(image);
        call.attempt(() -> {
            call.buffers().timestep().fill(step.trainTimestep());
            for (int first = 0; first < rows; first += rowsAtOnce) predictRows(first, latents, step, predictions, cancel);
            return predictions;
        });
        for (final float[] image : predictions) FiniteCheck.require(image, PartRole.UNET.title(), inputs.contract().file());
    }

    private void predictRows(final int first, final float[][] latents, final DenoisingStep step, final float[][] predictions, final CancelToken cancel) {
        final Buffers now = call.buffers();
        for (int row = 0; row < rowsAtOnce; row++) {
            final float[] image = latents[(first + row) % images];
            now.sample().put(image, row * image.length, step.inputScale());
        }
        if (rowsAtOnce < rows) putConditioning(now, first);
        call.run(cancel, step.last() && first + rowsAtOnce >= rows);
        for (int row = 0; row < rowsAtOnce; row++) take(now.prediction(), row, first + row, predictions[(first + row) % images]);
    }

    /** With guidance the first pass leaves its prediction, on which the second builds: rows come in their order. */
    private void take(final TensorBuffer source, final int bufferRow, final int row, final float[] prediction) {
        if (row < images || passes == 1) {
            source.get(bufferRow * prediction.length, prediction);
            return;
        }
        final float guidance = (float) conditionings.get(row % images).guidance();
        System.arraycopy(prediction, 0, unconditional, 0, prediction.length);
        source.get(bufferRow * prediction.length, prediction);
        for (int j = 0; j < prediction.length; j++) prediction[j] = unconditional[j] + guidance * (prediction[j] - unconditional[j]);
    }

    private Buffers prepare(final ModelCall made) {
        final UnetContract contract = inputs.contract();
        final TensorBuffer sample = made.input(contract.sample(), rowsAtOnce, shape.channels(), shape.height(), shape.width());
        final TensorBuffer timestep = contract.timestep().rank() == 0 ? made.input(contract.timestep())
            : made.input(contract.timestep(), contract.timestep().shape().get(0) == 1 ? 1 : rowsAtOnce);
        final Embeddings one = conditionings.get(0).text().get(0);
        final TensorBuffer hidden = made.input(contract.hiddenStates(), rowsAtOnce, one.tokens(), one.width());
        final Optional<TensorBuffer> guidance = contract.timestepCond().map(spec -> made.input(spec, rowsAtOnce, inputs.guidanceWidth()));
        contract.checkShapes(sample.shape(), timestep.shape(), hidden.shape(), guidance.map(TensorBuffer::shape));
        final Buffers buffers = new Buffers(sample, timestep, hidden, guidance,
            made.output(contract.prediction(), rowsAtOnce, shape.channels(), shape.height(), shape.width()));
        putConditioning(buffers, 0);
        return buffers;
    }

    private void putConditioning(final Buffers buffers, final int first) {
        putEmbeddings(buffers.hidden(), first);
        buffers.guidance().ifPresent(buffer -> {
            for (int row = 0; row < rowsAtOnce; row++) {
                final float guidance = (float) conditionings.get((first + row) % images).guidance();
                buffer.put(GuidanceEmbedding.of(guidance, inputs.guidanceWidth()), row * inputs.guidanceWidth(), 1);
            }
        });
    }

    private void putEmbeddings(final TensorBuffer hidden, final int first) {
        for (int row = 0; row < rowsAtOnce; row++) {
            final float[] values = conditionings.get((first + row) % images).text().get((first + row) / images).values();
            hidden.put(values, row * values.length, 1);
        }
    }

    @Override
    public long runNanos() {
        return call.runNanos();
    }

    /** A later prediction makes new buffers. */
    @Override
    public void close() {
        call.close();
    }
}
