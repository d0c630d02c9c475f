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
package net.diffusionj.augment.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.plan.PlannedSource;
import net.diffusionj.augment.transform.Transform;
import net.diffusionj.augment.transform.Transformer;
import net.diffusionj.home.Sha256;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.labels.LabelImage;

/** Writes an output's image and labels, each whole or not at all. No date goes into them, so that the same output is the same file. Stateless. */
final class OutputWriter {

    /** The largest label that 16 bits hold. */
    private static final int MOST_LABEL = 0xffff;

    private OutputWriter() {}

    /**
     * @param imageSha256 of the image's file
     * @param labels path of the labels in the folder, with {@code /}; empty for none
     * @param labelsSha256 of their file; empty for none
     */
    record Written(String imageSha256, String labels, String labelsSha256) {}

    /**
     * @param folder where to
     * @param name of the image
     * @param image with its noise
     * @param labels of the source
     * @param transform done to both
     * @param metadata of the source
     * @param settings what the image says of itself
     * @return what was written
     */
    static Written write(final Path folder, final String name, final RandomAccessibleInterval<?> image, final Optional<LabelImage> labels,
        final Transform transform, final ImageMetadata metadata, final Map<String, String> settings) {
        final Img<?> changed = Transformer.image(image, transform);
        final Path file = folder.resolve(name);
        ImageFiles.write(file, changed, metadata.withSettings(settings));
        if (labels.isEmpty()) return new Written(hash(file), "", "");
        final Path labelsFile = folder.resolve(OutputFolder.LABELS).resolve(name);
        ImageFiles.write(labelsFile, shorts(Transformer.labels(labels.get(), transform)),
            new ImageMetadata(metadata.pixelSize(), List.of(), List.of(), Map.of()));
        return new Written(hash(file), OutputFolder.LABELS + '/' + name, hash(labelsFile));
    }

    private static RandomAccessibleInterval<?> shorts(final LabelImage labels) {
        final boolean tooLarge = labels.ids().stream().anyMatch(id -> id > MOST_LABEL);
        final int[] ids = (tooLarge ? labels.renumbered() : labels).toArray();
        final short[] values = new short[ids.length];
        for (int i = 0; i < ids.length; i++) values[i] = (short) ids[i];
        return ArrayImgs.unsignedShorts(values, labels.widthPx(), labels.heightPx());
    }

    /**
     * @param draw how an image was drawn
     * @param source what it comes from
     * @param camera noise that was added
     * @param transform done after that
     * @param said what the service said of the request: the model's name, and the hash of the source's pixels
     * @return what the image says of itself, in order
     */
    static Map<String, String> settings(final DrawEntry draw, final PlannedSource source, final String camera, final Transform transform,
        final Map<String, String> said) {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("task", "augment");
        settings.put("mode", draw.mode());
        settings.put("prompt", draw.prompt());
        settings.put("negative", draw.negative());
        settings.put("guidance", Double.toString(draw.guidance()));
        settings.put("guidance-from", Double.toString(draw.guided().from()));
        settings.put("guidance-to", Double.toString(draw.guided().to()));
        settings.put("steps", Integer.toString(draw.steps()));
        settings.put("seed", Long.toUnsignedString(draw.seed()));
        settings.put("batch", Integer.toString(draw.batch()));
        settings.put("batch-index", Integer.toString(draw.batchIndex()));
        settings.put("scheduler", draw.scheduler());
        settings.put("strength", Double.toString(draw.strength()));
        settings.put("intensity", draw.intensity());
        settings.put("source", source.shown());
        if (said.containsKey("source-sha256")) settings.put("source-sha256", said.get("source-sha256"));
        settings.put("source-file-sha256", source.sha256());
        settings.put("camera", camera);
        settings.put("transforms", transform.toText());
        settings.put("model", said.getOrDefault("model", ""));
        settings.put("model-sha256", draw.modelSha256());
        settings.put("provider", draw.provider());
        if (said.containsKey("unet")) settings.put("unet", said.get("unet"));
        settings.put("diffusionj", draw.diffusionj());
        settings.put("onnxruntime", draw.onnxruntime());
        return settings;
    }

    private static String hash(final Path file) {
        try {
            return Sha256.of(file);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The output " + file + " cannot be read back: " + e.getMessage() + '.', e);
        }
    }
}
