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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import net.diffusionj.model.tokenizer.TokenizedPrompt;
import net.diffusionj.ort.CancelToken;
import net.diffusionj.scheduler.NoiseSource;
import net.diffusionj.scheduler.StartedPlan;

/**
 * From a prompt, and a picture where there is one, to decoded pixels: encode the prompt, prepare the latents, denoise, decode. Large batches go
 * through in groups, so that memory does not grow with them.
 * <p>
 * Not thread-safe: one run's own. The model is borrowed.
 * </p>
 */
public final class DiffusionPipeline {

    /** Latent pixels that go through the UNet at once: four images of 512 x 512 with a factor of 8. */
    private static final int GROUP_LATENT_PIXELS = 4 * 64 * 64;
    private static final int SHOWN_CHARACTERS = 160;

    private final LoadedModel model;
    private final PipelineRequest request;
    private final PipelineListener listener;
    private final CancelToken cancel;
    private final LatentShape shape;
    private final StageTimes times = new StageTimes();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Prepares a run; nothing happens yet.
     *
     * @param model open for as long as the run takes; opened with its VAE encoder if the request has a source
     * @param request what to make
     * @param listener is told of progress
     * @param cancel stops the run, also inside a model call
     */
    public DiffusionPipeline(final LoadedModel model, final PipelineRequest request, final PipelineListener listener, final CancelToken cancel) {
        this.model = model;
        this.request = request;
        this.listener = listener;
        this.cancel = cancel;
        this.shape = model.latentShape(request.widthPx(), request.heightPx());
    }

    /**
     * Runs once.
     *
     * @return pixels, latents, warnings and times
     * @throws java.util.concurrent.CancellationException if the token was cancelled
     */
    public PipelineResult run() {
        return run(request.source().map(this::encodeSource));
    }

    /**
     * Runs from a source that is encoded already.
     *
     * @param source what the encoder made of the source; empty for text to image
     * @return as {@link #run()}
     */
    PipelineResult run(final Optional<EncodedSource> source) {
        final List<Embeddings> embeddings = encodePrompts();
        final float[] latents = new float[request.images() * shape.size()];
        final float[] pixels = new float[request.images() * SourcePixels.CHANNELS * request.heightPx() * request.widthPx()];
        final StartedPlan started = source.isPresent()
            ? request.scheduler().scheduleFrom(request.steps(), request.strength(), model.guidanceDistilled())
            : new StartedPlan(request.scheduler().schedule(request.steps()), 0);
        final int groupSize = Math.max(1, GROUP_LATENT_PIXELS / (shape.height() * shape.width()));
        try (VaeDecoder decoder = model.newDecoder(shape)) {
            for (int first = 0; first < request.images(); first += groupSize) {
                final int count = Math.min(groupSize, request.images() - first);
                final float[][] group = denoiseGroup(first, count, embeddings, started, source, decoder);
                for (int i = 0; i < count; i++) System.arraycopy(group[i], 0, latents, (first + i) * shape.size(), shape.size());
                decodeGroup(first, group, decoder, pixels);
            }
            times.addModel(decoder.runNanos());
        }
        return new PipelineResult(new DecodedPixels(pixels, request.images(), request.heightPx(), request.widthPx()), latents, shape.channels(),
            shape.height(), shape.width(), warnings, times);
    }

    /** Classifier-free guidance needs the negative prompt's pass first; without it there is the prompt's alone. */
    private List<Embeddings> encodePrompts() {
        listener.stage("encoding prompt");
        final long start = System.nanoTime();
        final List<Embeddings> embeddings = new ArrayList<>();
        try (TextEncoder encoder = model.newTextEncoder()) {
            if (request.guidance() > 1 && !model.guidanceDistilled()) embeddings.add(encode(encoder, request.negative(), "negative prompt"));
            embeddings.add(encode(encoder, request.prompt(), "prompt"));
            times.addModel(encoder.runNanos());
        }
        times.addText(System.nanoTime() - start);
        return embeddings;
    }

    private Embeddings encode(final TextEncoder encoder, final String text, final String what) {
        final TokenizedPrompt tokenized = model.tokenizer().encode(text);
        tokenized.cutText().ifPresent(cut -> warnings.add("The " + what + " is longer than the " + model.tokenizer().maxLength()
            + " tokens that this model reads. Left out: \"" + abbreviated(cut) + "\""));
        return encoder.encode(tokenized, cancel);
    }

    private static String abbreviated(final String text) {
        return text.length() <= SHOWN_CHARACTERS ? text
            : text.substring(0, SHOWN_CHARACTERS) + "… (" + (text.length() - SHOWN_CHARACTERS) + " more characters)";
    }

    private EncodedSource encodeSource(final SourcePixels source) {
        listener.stage("encoding image");
        final long start = System.nanoTime();
        try (VaeEncoder encoder = model.newEncoder(shape)) {
            final EncodedSource encoded = encoder.encode(source, cancel);
            times.addModel(encoder.runNanos());
            times.addEncode(System.nanoTime() - start);
            return encoded;
        }
    }

    private float[][] denoiseGroup(final int first, final int count, final List<Embeddings> embeddings, final StartedPlan started,
        final Optional<EncodedSource> source, final VaeDecoder decoder)
    {
        listener.stage("denoising");
        final long start = System.nanoTime();
        final float[][] latents = new float[count][];
        final NoiseSource[] stepNoise = new NoiseSource[count];
        try (NoisePredictor predictor = new NoisePredictor(model, shape, count, embeddings, request.guidance())) {
            for (int i = 0; i < count; i++) {
                final ImageNoise noise = new ImageNoise(request.firstSeed() + first + i, shape);
                latents[i] = prepare(first + i, noise, started, source);
                stepNoise[i] = noise.steps();
            }
            new Denoiser(predictor, started.plan(), started.beginIndex(), times).denoiseInPlace(latents, stepNoise, (step, steps, scale) -> {
                listener.step(step, steps, first);
                if (listener.wantsPreview(step)) listener.preview(preview(latents[0], scale, decoder));
            }, cancel);
            times.addModel(predictor.runNanos());
        }
        times.addDenoise(System.nanoTime() - start);
        return latents;
    }

    /** Latents of one image at the noise level where denoising begins. */
    private float[] prepare(final int image, final ImageNoise noise, final StartedPlan started, final Optional<EncodedSource> source) {
        if (source.isEmpty()) {
            final float[] latents = givenNoise(image).orElseGet(noise::next);
            final float sigma = (float) started.plan().initialNoiseSigma();
            for (int i = 0; i < latents.length; i++) latents[i] *= sigma;
            return latents;
        }
        final float[] encoded = source.get().sample(noise);
        final float[] latents = new float[encoded.length];
        if (started.beginIndex() >= started.plan().modelCalls()) return encoded;
        started.plan().addNoise(encoded, givenNoise(image).orElseGet(noise::next), started.beginIndex(), latents);
        return latents;
    }

    private Optional<float[]> givenNoise(final int image) {
        return request.initialNoise().map(all -> Arrays.copyOfRange(all, image * shape.size(), (image + 1) * shape.size()));
    }

    private DecodedPixels preview(final float[] latents, final float scale, final VaeDecoder decoder) {
        final float[] unit = latents.clone();
        for (int i = 0; i < unit.length; i++) unit[i] *= scale;
        return new DecodedPixels(decoder.decode(unit, cancel), 1, request.heightPx(), request.widthPx());
    }

    private void decodeGroup(final int first, final float[][] latents, final VaeDecoder decoder, final float[] pixels) {
        listener.stage("decoding");
        final long start = System.nanoTime();
        for (int i = 0; i < latents.length; i++) {
            final float[] image = decoder.decode(latents[i], cancel);
            System.arraycopy(image, 0, pixels, (first + i) * image.length, image.length);
        }
        times.addDecode(System.nanoTime() - start);
    }
}
