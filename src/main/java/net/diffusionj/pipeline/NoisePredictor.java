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

import net.diffusionj.model.UnetContract;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.ort.ModelCall;
import net.diffusionj.ort.TensorBuffer;

/**
 * The UNet, ready for one group of images: latents and a timestep in, a prediction for each image out, with classifier-free guidance where it
 * applies (Ho and Salimans 2022: unconditional + guidance × (conditional − unconditional)). Both passes go through the model as one batch,
 * the negative prompt first; in smaller shares when memory does not suffice.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class NoisePredictor implements AutoCloseable {

    private final LoadedModel model;
    private final UnetContract contract;
    private final LatentShape shape;
    private final List<Embeddings> embeddings;
    private final int images;
    private final int rows;
    private final float guidance;
    private final float[] unconditional;
    private final PartInUse part;
    private final MemoryLadder ladder;
    private int rowsAtOnce;
    private Optional<Ready> ready = Optional.empty();
    private long closedRunNanos;

    /** A call made for a number of rows. */
    private record Ready(ModelCall call, TensorBuffer sample, TensorBuffer timestep, TensorBuffer hidden, TensorBuffer prediction) {}

    /**
     * @param model the open model, which must outlive this
     * @param shape latents of one image
     * @param images images in the group
     * @param embeddings one pass each: the prompt's alone, or the negative prompt's and then the prompt's
     * @param guidance guidance scale
     */
    NoisePredictor(final LoadedModel model, final LatentShape shape, final int images, final List<Embeddings> embeddings,
        final double guidance) {
        this.model = model;
        this.contract = model.contract().unet();
        this.shape = shape;
        this.embeddings = List.copyOf(embeddings);
        this.images = images;
        this.rows = images * embeddings.size();
        this.guidance = (float) guidance;
        this.unconditional = new float[shape.size()];
        this.rowsAtOnce = rows;
        this.part = model.unetPart();
        this.ladder = part.ladder(this::fewerRows);
    }

    /** Rows go through in equal shares, so that one call serves all. */
    private Optional<String> fewerRows() {
        if (rowsAtOnce == 1 || contract.sample().shape().get(0) >= 0) return Optional.empty();
        int fewer = rowsAtOnce / 2;
        while (rows % fewer != 0) fewer--;
        rowsAtOnce = fewer;
        close();
        return Optional.of(fewer + " of the " + rows + " model passes of a step went through at once");
    }

    /**
     * Predicts for every image of the group.
     *
     * @param latents per image; not changed
     * @param inputScale what the latents are multiplied by on their way in
     * @param trainTimestep the timestep in training's terms
     * @param predictions per image; filled
     * @param last whether the UNet is not needed again for a while
     * @param cancel ends the model call early
     */
    void predict(final float[][] latents, final float inputScale, final double trainTimestep, final float[][] predictions, final boolean last,
        final CancelToken cancel) {
        ladder.run(() -> {
            try {
                if (ready.isEmpty()) ready = Optional.of(prepare());
                ready.get().timestep().fill(trainTimestep);
                for (int first = 0; first < rows; first += rowsAtOnce) {
                    predictRows(first, latents, inputScale, predictions, last && first + rowsAtOnce >= rows, cancel);
                }
                return predictions;
            }
            catch (final RuntimeException e) {
                // The buffers of a size that did not fit must not stand in the way of the next.
                close();
                throw e;
            }
        });
    }

    private void predictRows(final int first, final float[][] latents, final float inputScale, final float[][] predictions, final boolean last,
        final CancelToken cancel) {
        final Ready now = ready.orElseThrow();
        for (int row = 0; row < rowsAtOnce; row++) {
            final float[] image = latents[(first + row) % images];
            now.sample().put(image, row * image.length, inputScale);
        }
        if (rowsAtOnce < rows) putEmbeddings(now.hidden(), first);
        now.call().run(cancel, last);
        for (int row = 0; row < rowsAtOnce; row++) take(now.prediction(), row, first + row, predictions[(first + row) % images]);
    }

    /** With guidance the first pass leaves its prediction, on which the second builds: rows come in their order. */
    private void take(final TensorBuffer source, final int bufferRow, final int row, final float[] prediction) {
        if (row < images || embeddings.size() == 1) {
            source.get(bufferRow * prediction.length, prediction);
            return;
        }
        System.arraycopy(prediction, 0, unconditional, 0, prediction.length);
        source.get(bufferRow * prediction.length, prediction);
        for (int j = 0; j < prediction.length; j++) prediction[j] = unconditional[j] + guidance * (prediction[j] - unconditional[j]);
    }

    private Ready prepare() {
        final ModelCall call = part.newCall();
        try {
            final TensorBuffer sample = call.input(contract.sample(), rowsAtOnce, shape.channels(), shape.height(), shape.width());
            final TensorBuffer timestep = contract.timestep().rank() == 0 ? call.input(contract.timestep())
                : call.input(contract.timestep(), contract.timestep().shape().get(0) == 1 ? 1 : rowsAtOnce);
            final Embeddings one = embeddings.get(0);
            final TensorBuffer hidden = call.input(contract.hiddenStates(), rowsAtOnce, one.tokens(), one.width());
            putEmbeddings(hidden, 0);
            contract.timestepCond().ifPresent(spec -> {
                final int width = model.guidanceEmbeddingWidth();
                final TensorBuffer condition = call.input(spec, rowsAtOnce, width);
                final float[] embedding = GuidanceEmbedding.of(guidance, width);
                for (int row = 0; row < rowsAtOnce; row++) condition.put(embedding, row * width, 1);
            });
            contract.checkShapes(sample.shape(), timestep.shape(), hidden.shape(),
                contract.timestepCond().map(spec -> new long[] {rowsAtOnce, model.guidanceEmbeddingWidth()}));
            final TensorBuffer prediction = call.output(contract.prediction(), rowsAtOnce, shape.channels(), shape.height(), shape.width());
            return new Ready(call, sample, timestep, hidden, prediction);
        }
        catch (final RuntimeException e) {
            call.close();
            throw e;
        }
    }

    private void putEmbeddings(final TensorBuffer hidden, final int first) {
        for (int row = 0; row < rowsAtOnce; row++) {
            final float[] values = embeddings.get((first + row) / images).values();
            hidden.put(values, row * values.length, 1);
        }
    }

    long runNanos() {
        return closedRunNanos + ready.map(now -> now.call().runNanos()).orElse(0L);
    }

    /** Closes the buffers; a later prediction makes new ones. */
    @Override
    public void close() {
        closedRunNanos = runNanos();
        ready.ifPresent(now -> now.call().close());
        ready = Optional.empty();
    }
}
