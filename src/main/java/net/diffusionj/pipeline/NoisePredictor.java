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

import net.diffusionj.model.UnetContract;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.ort.ModelCall;
import net.diffusionj.ort.TensorBuffer;

/**
 * The UNet, ready for one group of images: latents and a timestep in, a prediction for each image out, with classifier-free guidance where it
 * applies (Ho and Salimans 2022: unconditional + guidance × (conditional − unconditional)). Both passes go through the model as one batch,
 * the negative prompt first.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class NoisePredictor implements AutoCloseable {

    private final ModelCall call;
    private final TensorBuffer sample;
    private final TensorBuffer timestep;
    private final TensorBuffer prediction;
    private final int images;
    private final int passes;
    private final float guidance;
    private final float[] unconditional;

    /**
     * @param model the open model, which must outlive this
     * @param shape latents of one image
     * @param images images in the group
     * @param embeddings one pass each: the prompt's alone, or the negative prompt's and then the prompt's
     * @param guidance guidance scale
     */
    NoisePredictor(final LoadedModel model, final LatentShape shape, final int images, final List<Embeddings> embeddings,
        final double guidance)
    {
        final UnetContract contract = model.contract().unet();
        this.images = images;
        this.passes = embeddings.size();
        this.guidance = (float) guidance;
        this.unconditional = new float[shape.size()];
        this.call = model.unet().newCall();
        final int rows = images * passes;
        try {
            sample = call.input(contract.sample(), rows, shape.channels(), shape.height(), shape.width());
            timestep = contract.timestep().rank() == 0 ? call.input(contract.timestep())
                : call.input(contract.timestep(), contract.timestep().shape().get(0) == 1 ? 1 : rows);
            final Embeddings first = embeddings.get(0);
            final TensorBuffer hidden = call.input(contract.hiddenStates(), rows, first.tokens(), first.width());
            for (int row = 0; row < rows; row++) {
                final float[] values = embeddings.get(row / images).values();
                hidden.put(values, row * values.length, 1);
            }
            contract.timestepCond().ifPresent(spec -> {
                final int width = model.guidanceEmbeddingWidth();
                final TensorBuffer condition = call.input(spec, rows, width);
                final float[] embedding = GuidanceEmbedding.of(guidance, width);
                for (int row = 0; row < rows; row++) condition.put(embedding, row * width, 1);
            });
            contract.checkShapes(sample.shape(), timestep.shape(), hidden.shape(),
                contract.timestepCond().map(spec -> new long[] {rows, model.guidanceEmbeddingWidth()}));
            prediction = call.output(contract.prediction(), rows, shape.channels(), shape.height(), shape.width());
        }
        catch (final RuntimeException e) {
            call.close();
            throw e;
        }
    }

    /**
     * Predicts for every image of the group.
     *
     * @param latents per image; not changed
     * @param inputScale what the latents are multiplied by on their way in
     * @param trainTimestep the timestep in training's terms
     * @param predictions per image; filled
     * @param cancel ends the model call early
     */
    void predict(final float[][] latents, final float inputScale, final double trainTimestep, final float[][] predictions,
        final CancelToken cancel)
    {
        for (int row = 0; row < images * passes; row++) {
            final float[] image = latents[row % images];
            sample.put(image, row * image.length, inputScale);
        }
        timestep.fill(trainTimestep);
        call.run(cancel);
        for (int i = 0; i < images; i++) {
            final float[] conditional = predictions[i];
            prediction.get((images * (passes - 1) + i) * conditional.length, conditional);
            if (passes == 2) {
                prediction.get(i * conditional.length, unconditional);
                for (int j = 0; j < conditional.length; j++) {
                    conditional[j] = unconditional[j] + guidance * (conditional[j] - unconditional[j]);
                }
            }
        }
    }

    long runNanos() {
        return call.runNanos();
    }

    @Override
    public void close() {
        call.close();
    }
}
