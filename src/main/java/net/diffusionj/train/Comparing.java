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

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

import net.diffusionj.CancelToken;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.PixelType;
import net.diffusionj.service.queue.Priority;
import net.diffusionj.train.material.Material;
import net.diffusionj.train.report.Comparison;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.view.Views;

/**
 * Draws with a model as it was and with the tuned one, from the same seeds, and adds sheet and table to the tuned model's folder.
 *
 * @param diffusion draws
 * @param provider what it runs on
 * @param cancel stops it
 */
record Comparing(DiffusionEngine diffusion, String provider, CancelToken cancel) {

    /** In the model's folder. */
    static final String SHEET = "tuning.png";

    private static final int PICTURES = 4;
    private static final int LOOKED_AT = 2;
    private static final int OTHER_PROMPTS = 3;
    private static final long FIRST_SEED = 1;

    /**
     * @param base the model as it was
     * @param tuned folder of the tuned model
     * @param card of the tuned model
     * @param material that it was tuned on
     * @return lines of the table
     */
    List<String> compare(final ModelFolder base, final Path tuned, final ModelCard card, final Material material) {
        final List<String> prompts = Rehearsal.prompts(base).stream().filter(prompt -> !prompt.isEmpty()).limit(OTHER_PROMPTS).toList();
        final Comparison comparison =
            new Comparison(material.views(), draw(base.root(), card.caption(), PICTURES), draw(tuned, card.caption(), PICTURES), prompts,
                others(base.root(), prompts), others(tuned, prompts), base.defaultHeightPx(), base.defaultWidthPx());
        final List<String> table = comparison.table(material);
        ImageFiles.write(tuned.resolve(SHEET), comparison.sheet(), ImageMetadata.NONE);
        final String text = card.text() + "\n## What has changed\n\n![rows: real, before, after; then other prompts before and after](" + SHEET + ")\n\n"
            + String.join("\n", table) + "\n";
        AtomicFile.write(tuned.resolve(ModelCard.TEXT), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        return table;
    }

    /**
     * @param model folder of a model
     * @param prompt what to draw
     * @param base the model that it comes from
     * @return pictures side by side
     */
    Img<UnsignedByteType> look(final Path model, final String prompt, final ModelFolder base) {
        return Comparison.rows(List.of(draw(model, prompt, LOOKED_AT)), base.defaultHeightPx(), base.defaultWidthPx());
    }

    private List<float[]> others(final Path model, final List<String> prompts) {
        return prompts.stream().flatMap(prompt -> draw(model, prompt, 1).stream()).toList();
    }

    private List<float[]> draw(final Path model, final String prompt, final int count) {
        final Img<?> image = diffusion.generate(DiffusionRequest.prompt(prompt).model(model.toString()).provider(provider).seed(FIRST_SEED).batch(count)
            .pixelType(PixelType.UINT8).priority(Priority.BATCH).build(), DiffusionListener.NONE, cancel).result().image();
        if (count == 1) return List.of(pixels(image));
        return LongStream.range(0, count).mapToObj(i -> pixels(Views.hyperSlice(image, 3, i))).toList();
    }

    private static float[] pixels(final RandomAccessibleInterval<?> image) {
        final float[] pixels = new float[Math.toIntExact(Views.flatIterable(image).size())];
        int at = 0;
        for (final Object pixel : Views.flatIterable(image)) pixels[at++] = (float) (((RealType<?>) pixel).getRealDouble() / 127.5 - 1);
        return pixels;
    }
}
