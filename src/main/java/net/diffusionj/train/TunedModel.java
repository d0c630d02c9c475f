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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

import net.diffusionj.home.AtomicFolder;
import net.diffusionj.home.FileTree;
import net.diffusionj.ort.rewrite.ModelWeights;
import net.diffusionj.train.step.Weights;

/**
 * Writes a tuned model: the parts of the model that it was made from, its own UNet, its card. The folder appears as a whole. Stateless.
 *
 * @param base folder of the model that it was made from
 * @param unet that model's UNet
 */
record TunedModel(Path base, ModelWeights unet) {

    private static final String UNET = "unet";
    private static final String PREFERENCES = "diffusionj.json";

    /**
     * @param target the model's folder; a model that lies there gives way
     * @param weights of the UNet
     * @param card what it says of itself
     * @param objectSizePx how large the objects of the images are
     * @throws net.diffusionj.InvalidInputException if it cannot be written, saying why
     */
    void install(final Path target, final Weights weights, final ModelCard card, final OptionalInt objectSizePx) {
        try {
            Files.createDirectories(target.getParent());
            try (AtomicFolder folder = AtomicFolder.begin(target)) {
                final Path part = folder.part();
                fill(part, weights);
                final Path preferences = part.resolve(PREFERENCES);
                final String before = Files.exists(preferences) ? Files.readString(preferences) : "";
                Files.writeString(preferences, ModelCard.preferences(objectSizePx, before));
                Files.write(part.resolve(ModelCard.TEXT), card.text().getBytes(StandardCharsets.UTF_8));
                Files.write(part.resolve(ModelCard.DATA), card.data().getBytes(StandardCharsets.UTF_8));
                FileTree.delete(target);
                folder.commit();
            }
        }
        catch (final IOException e) {
            throw RunFolder.unwritable(target, e);
        }
    }

    /**
     * Writes a model without a card, to draw with.
     *
     * @param target the model's folder; a model that lies there gives way
     * @param weights of the UNet
     */
    void write(final Path target, final Weights weights) {
        try (AtomicFolder folder = AtomicFolder.begin(target)) {
            fill(folder.part(), weights);
            FileTree.delete(target);
            folder.commit();
        }
        catch (final IOException e) {
            throw RunFolder.unwritable(target, e);
        }
    }

    private void fill(final Path folder, final Weights weights) throws IOException {
        RunFolder.copy(base, folder);
        keepOwnUnetAlone(folder.resolve(UNET));
        unet.writeTo(folder.resolve(UNET).resolve("model.onnx"), weights.byName(""));
    }

    /** The weights of the other UNet must not stay, nor be written into: they are that model's own by a second name. */
    private static void keepOwnUnetAlone(final Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (final Path file : files) {
                final String name = file.getFileName().toString();
                if (!name.equals("config.json") && !name.equals("training.onnx")) FileTree.delete(file);
            }
        }
    }
}
