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
package net.diffusionj.train.material;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.DoubleConsumer;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.LatentDistribution;
import net.diffusionj.pipeline.MaterialEncoder;
import net.diffusionj.pipeline.SourcePixels;
import net.diffusionj.scheduler.noise.TorchRandom;
import net.diffusionj.train.material.Streams.Purpose;

/**
 * Images to latents: each image is read once, cut, and its crops go through the VAE encoder; the image itself is then let go. An image that cannot be used is
 * passed over with a warning, unless none is left.
 * <p>
 * Not thread-safe.
 * </p>
 */
public final class MaterialMaker {

    private static final String TRAINING = "training";
    private static final String VALIDATION = "validation";
    private static final String BOTH = "both";

    private final MaterialEncoder encoder;
    private final Cropper cropper;
    private final long seed;
    private final DoubleConsumer progress;
    private final CancelToken cancel;
    private final List<LatentDistribution> training = new ArrayList<>();
    private final List<LatentDistribution> validation = new ArrayList<>();
    private final List<float[]> views = new ArrayList<>();
    private final List<float[]> thumbnails = new ArrayList<>();
    private final Map<String, SourceNote> sources = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Double> objectSizesPx = new ArrayList<>();
    private int wantedCrops;

    /**
     * @param encoder of the model; stays the caller's
     * @param widthPx width of a crop
     * @param heightPx height of a crop
     * @param seed of the tuning
     * @param progress is told the share that is done
     * @param cancel stops the work
     */
    public MaterialMaker(final MaterialEncoder encoder, final int widthPx, final int heightPx, final long seed, final DoubleConsumer progress,
        final CancelToken cancel) {
        this.encoder = encoder;
        this.cropper = new Cropper(widthPx, heightPx);
        this.seed = seed;
        this.progress = progress;
        this.cancel = cancel;
    }

    /**
     * Makes the material, without rehearsal.
     *
     * @param images at least one
     * @param caption the user's words
     * @param crops how many for training, at least 1
     * @param validationCrops how many for validation, at least 1
     * @return the material
     * @throws InvalidInputException if no image can be used
     */
    public Material make(final List<NamedImage> images, final String caption, final int crops, final int validationCrops) {
        final List<NamedImage> all = images.size() == 1 ? images.get(0).slices() : images;
        final Split split = Split.of(all, Streams.of(seed, Purpose.SPLIT, 0));
        wantedCrops = crops + validationCrops;
        if (split.isOneImage()) divide(split.training().get(0), crops, validationCrops);
        else {
            final List<NamedImage> used = split.training().subList(0, Math.min(crops, split.training().size()));
            if (used.size() < split.training().size()) {
                warnings
                    .add(used.size() + " of the " + all.size() + " images were drawn at random for training: one crop of each is as much as a tuning uses.");
            }
            eachImage(split.validation(), validationCrops, VALIDATION);
            eachImage(used, crops, TRAINING);
        }
        if (training.isEmpty() || validation.isEmpty()) {
            throw new InvalidInputException("None of the images " + (training.isEmpty() ? "" : "for validation ") + "can be used. "
                + String.join(" ", warnings.subList(0, Math.min(3, warnings.size()))));
        }
        final List<float[]> texts = List.of(encoder.embed(""), encoder.embed(caption));
        warnings.addAll(encoder.warnings());
        return new Material(encoder.latentShape(), training, validation, views, thumbnails, List.of(), List.of(), texts, List.copyOf(sources.values()),
            objectSize(), warnings);
    }

    private OptionalInt objectSize() {
        if (objectSizesPx.isEmpty()) return OptionalInt.empty();
        final double[] sizes = objectSizesPx.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return OptionalInt.of((int) Math.max(1, Math.round(sizes[sizes.length / 2])));
    }

    private void divide(final NamedImage image, final int crops, final int validationCrops) {
        final Optional<Picture> read = read(image, BOTH);
        if (read.isEmpty()) return;
        final Picture picture = read.get();
        final Quarter quarter = Quarter.of(picture, (int) Streams.seed(seed, Purpose.SPLIT, 1));
        final long area = quarter.training().stream().mapToLong(Region::area).sum();
        for (int i = 0; i < crops; i++) {
            final TorchRandom random = Streams.of(seed, Purpose.CROP, i);
            final Region region = quarter.training().get(random.uniform() * area < quarter.training().get(0).area() ? 0 : 1);
            learn(cropper.varied(picture, region, random));
        }
        for (int i = 0; i < validationCrops; i++) {
            judge(cropper.plain(picture, quarter.validation(), Streams.of(seed, Purpose.VALIDATION_CROP, i)));
        }
    }

    /** Crop i comes from image i modulo their number, so that every image has its share. */
    private void eachImage(final List<NamedImage> images, final int crops, final String side) {
        for (int k = 0; k < images.size() && k < crops; k++) {
            final List<Picture> pictures = new ArrayList<>();
            for (final NamedImage slice : slices(images.get(k))) read(slice, side).ifPresent(pictures::add);
            for (int i = k, turn = 0; i < crops && !pictures.isEmpty(); i += images.size(), turn++) {
                final Picture picture = pictures.get(turn % pictures.size());
                final boolean learned = side.equals(TRAINING);
                final TorchRandom random = Streams.of(seed, learned ? Purpose.CROP : Purpose.VALIDATION_CROP, i);
                if (learned) learn(cropper.varied(picture, Region.whole(picture), random));
                else judge(cropper.plain(picture, Region.whole(picture), random));
            }
        }
    }

    private List<NamedImage> slices(final NamedImage image) {
        try {
            return image.slices();
        }
        catch (final InvalidInputException e) {
            warnings.add(image.name() + " is left out. " + e.getMessage());
            return List.of();
        }
    }

    private Optional<Picture> read(final NamedImage image, final String side) {
        cancel.throwIfCancelled();
        try {
            final Picture picture = Picture.of(image);
            sources.put(image.name(), new SourceNote(image.name(), picture.sha256(), side));
            picture.objectSizePx().ifPresent(objectSizesPx::add);
            return Optional.of(picture);
        }
        catch (final InvalidInputException e) {
            warnings.add(image.name() + " is left out. " + e.getMessage());
            return Optional.empty();
        }
    }

    private void learn(final SourcePixels crop) {
        training.add(encoded(crop));
        thumbnails.add(Thumbnail.of(crop));
    }

    private void judge(final SourcePixels crop) {
        validation.add(encoded(crop));
        views.add(crop.values());
    }

    private LatentDistribution encoded(final SourcePixels crop) {
        cancel.throwIfCancelled();
        final LatentDistribution made = encoder.encode(crop);
        progress.accept((training.size() + validation.size() + 1.0) / wantedCrops);
        return made;
    }
}
