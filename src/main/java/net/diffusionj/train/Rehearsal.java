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
package net.diffusionj.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.DoubleConsumer;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.LatentImage;
import net.diffusionj.service.queue.Priority;
import net.diffusionj.train.material.Streams;
import net.diffusionj.train.material.Streams.Purpose;

/**
 * Pictures that a model draws before it is tuned and sees again while it is, so that it does not forget its other words (Ruiz and others, 2023, call it prior
 * preservation). Its words stand in {@code rehearsal.txt} in the model's folder, one prompt a line; a model without that file draws without words.
 *
 * @param prompts what was drawn
 * @param latents of each picture
 * @param promptOfEach for each picture, its place in {@code prompts}
 */
record Rehearsal(List<String> prompts, List<float[]> latents, List<Integer> promptOfEach) {

    static final Rehearsal NONE = new Rehearsal(List.of(), List.of(), List.of());

    private static final String FILE = "rehearsal.txt";
    /** Of a model that draws 128 x 128 pixels; larger pictures take longer, and so there are fewer. */
    private static final int PICTURES = 32;
    private static final int LEAST_PICTURES = 4;
    private static final double SMALL_PIXELS = 128 * 128;
    private static final int MOST_PROMPTS = 32;

    /**
     * @param diffusion draws
     * @param folder the model
     * @param provider what it runs on
     * @param seed of the tuning
     * @param progress is told the share that is done
     * @param cancel stops it
     * @return what was drawn, of the model's own size
     */
    static Rehearsal draw(final DiffusionEngine diffusion, final ModelFolder folder, final String provider, final long seed, final DoubleConsumer progress,
        final CancelToken cancel) {
        final double larger = Math.max(1, (double) folder.defaultWidthPx() * folder.defaultHeightPx() / SMALL_PIXELS);
        final int pictures = (int) Math.max(LEAST_PICTURES, PICTURES / larger);
        final List<String> prompts = prompts(folder).stream().limit(pictures).toList();
        final int each = Math.max(1, pictures / prompts.size());
        final List<float[]> latents = new ArrayList<>();
        final List<Integer> promptOfEach = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            final DiffusionRequest request = DiffusionRequest.prompt(prompts.get(i)).model(folder.root().toString()).provider(provider)
                .seed(Streams.seed(seed, Purpose.DRAWING, i)).batch(each).priority(Priority.BATCH).build();
            final DiffusionOutcome drawn = diffusion.generate(request, DiffusionListener.NONE, cancel);
            final LatentImage made = drawn.result().latents().orElseThrow();
            final int size = made.values().length / made.images();
            for (int k = 0; k < made.images(); k++) {
                latents.add(Arrays.copyOfRange(made.values(), k * size, (k + 1) * size));
                promptOfEach.add(i);
            }
            progress.accept((i + 1.0) / prompts.size());
        }
        return new Rehearsal(prompts, latents, promptOfEach);
    }

    /** @param folder a model
     *  @return its words, or no words */
    static List<String> prompts(final ModelFolder folder) {
        final Path file = folder.root().resolve(FILE);
        if (!Files.isRegularFile(file)) return List.of("");
        try {
            final LinkedHashSet<String> lines = new LinkedHashSet<>();
            Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).limit(MOST_PROMPTS).forEach(lines::add);
            return lines.isEmpty() ? List.of("") : List.copyOf(lines);
        }
        catch (final IOException e) {
            throw new InvalidInputException(file + " cannot be read: " + e.getMessage() + ". It should be text, one prompt a line.", e);
        }
    }
}
