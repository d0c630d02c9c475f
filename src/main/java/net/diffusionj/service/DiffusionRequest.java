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
package net.diffusionj.service;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.CameraModel;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.service.queue.Priority;
import net.imglib2.RandomAccessibleInterval;

/**
 * Everything that determines one generation: one list of choices, read here and made in its builder, hence the length. Immutable; what is left open is taken from the model ({@link ModelDefaults}). What can be judged
 * without the model is checked here, the rest when the request runs.
 * <p>
 * With an image it is image to image, without one text to image. An image is read, never written, and must not change while the request runs.
 * </p>
 */
public final class DiffusionRequest {

    /** Strength of image to image where none is given. At this strength most objects keep their place and their outline; docs/real-images.md has figures. */
    public static final double DEFAULT_STRENGTH = 0.4;

    private final Builder values;

    private DiffusionRequest(final Builder values) {
        this.values = values;
    }

    /**
     * @param prompt what to draw; may be empty
     * @return a builder with every choice open but the prompt
     */
    public static Builder prompt(final String prompt) {
        return new Builder(prompt);
    }

    /** @return a builder that starts from the values of this request */
    public Builder with() {
        return values.copy();
    }

    /** @return name of an installed model or path of a model folder; empty for the default model */
    public String model() {
        return values.model;
    }

    /** @return what to draw */
    public String prompt() {
        return values.prompt;
    }

    /** @return what to avoid; empty for nothing */
    public String negative() {
        return values.negative;
    }

    /** @return guidance scale; 1 or less means one model pass a step */
    public OptionalDouble guidance() {
        return values.guidance;
    }

    /** @return fraction of the steps before guidance begins, see {@link GuidanceInterval} */
    public OptionalDouble guidanceFrom() {
        return values.guidanceFrom;
    }

    /** @return fraction of the steps after which guidance has ended, see {@link GuidanceInterval} */
    public OptionalDouble guidanceTo() {
        return values.guidanceTo;
    }

    /** @return denoising steps, at least 1 */
    public OptionalInt steps() {
        return values.steps;
    }

    /** @return 64 bits of the first image's seed, see {@link Seed}; image k of a batch equals the single image of seed + k */
    public long seed() {
        return values.seed;
    }

    /** @return width in pixels */
    public OptionalInt widthPx() {
        return values.widthPx;
    }

    /** @return height in pixels */
    public OptionalInt heightPx() {
        return values.heightPx;
    }

    /** @return number of images, at least 1 */
    public int batch() {
        return values.batch;
    }

    /** @return scheduler id, such as "euler"; empty for the model's own */
    public String scheduler() {
        return values.scheduler;
    }

    /** @return how far image to image may go from the source: 0 (the source, unchanged) to 1 (nothing of it left) */
    public double strength() {
        return values.strength;
    }

    /** @return execution provider, by the id of a {@link net.diffusionj.ort.provider.ProviderChoice}: auto unless set */
    public String provider() {
        return values.provider;
    }

    /** @return the source of image to image: x, y and, for colour, a third axis of 3 channels; any real type or ARGB */
    public Optional<RandomAccessibleInterval<?>> image() {
        return Optional.ofNullable(values.image);
    }

    /** @return how the source of image to image is brought to the model; native unless it was asked otherwise */
    public Fit fit() {
        return values.fit;
    }

    /** @return by how much the source's sides are multiplied on the way to the model */
    public ImageScale scale() {
        return values.scale;
    }

    /** @return which pixels of the source may change: those where the mask, of the source's width and height, is not 0; empty for all */
    public Optional<RandomAccessibleInterval<?>> mask() {
        return Optional.ofNullable(values.mask);
    }

    /** @return initial noise to use instead of the seed's, unit variance */
    public Optional<LatentImage> initialNoise() {
        return Optional.ofNullable(values.initialNoise);
    }

    /** @return the pixel type of the result; in image to image empty means that of the source */
    public Optional<PixelType> pixelType() {
        return Optional.ofNullable(values.pixelType);
    }

    /** @return the camera whose noise is put on what is generated; empty for none */
    public Optional<CameraModel> camera() {
        return Optional.ofNullable(values.camera);
    }

    /** @return whether a result that was made before and kept on disk will do, and whether this one is to be kept */
    public boolean usesResultCache() {
        return values.useResultCache;
    }

    /** @return how urgent it is; interactive unless set */
    public Priority priority() {
        return values.priority;
    }

    /** @return whose it is, where callers share a queue fairly; empty for the thread that asks */
    public Optional<String> caller() {
        return Optional.ofNullable(values.caller);
    }

    /** Collects the choices. Not thread-safe. */
    public static final class Builder {
        private String model = "";
        private String prompt;
        private String negative = "";
        private OptionalDouble guidance = OptionalDouble.empty();
        private OptionalDouble guidanceFrom = OptionalDouble.empty();
        private OptionalDouble guidanceTo = OptionalDouble.empty();
        private OptionalInt steps = OptionalInt.empty();
        private long seed;
        private OptionalInt widthPx = OptionalInt.empty();
        private OptionalInt heightPx = OptionalInt.empty();
        private int batch = 1;
        private String scheduler = "";
        private double strength = DEFAULT_STRENGTH;
        private String provider = "auto";
        private RandomAccessibleInterval<?> image;
        private Fit fit = Fit.NATIVE;
        private ImageScale scale = ImageScale.MODELS_OWN;
        private RandomAccessibleInterval<?> mask;
        private LatentImage initialNoise;
        private PixelType pixelType;
        private CameraModel camera;
        private boolean useResultCache;
        private Priority priority = Priority.INTERACTIVE;
        private String caller;

        private Builder(final String prompt) {
            this.prompt = Objects.requireNonNull(prompt, "prompt");
        }

        private Builder copy() {
            final Builder b = new Builder(prompt);
            b.model = model;
            b.negative = negative;
            b.guidance = guidance;
            b.guidanceFrom = guidanceFrom;
            b.guidanceTo = guidanceTo;
            b.steps = steps;
            b.seed = seed;
            b.widthPx = widthPx;
            b.heightPx = heightPx;
            b.batch = batch;
            b.scheduler = scheduler;
            b.strength = strength;
            b.provider = provider;
            b.image = image;
            b.fit = fit;
            b.scale = scale;
            b.mask = mask;
            b.initialNoise = initialNoise;
            b.pixelType = pixelType;
            b.camera = camera;
            b.useResultCache = useResultCache;
            b.priority = priority;
            b.caller = caller;
            return b;
        }

        /** @param value name of an installed model, or path of a model folder
         *  @return this */
        public Builder model(final String value) {
            model = Objects.requireNonNull(value, "model");
            return this;
        }

        /** @param value another prompt
         *  @return this */
        public Builder promptText(final String value) {
            prompt = Objects.requireNonNull(value, "prompt");
            return this;
        }

        /** @param value what to avoid
         *  @return this */
        public Builder negative(final String value) {
            negative = Objects.requireNonNull(value, "negative");
            return this;
        }

        /** @param value guidance scale, finite, at least 0
         *  @return this */
        public Builder guidance(final double value) {
            if (!Double.isFinite(value) || value < 0) {
                throw new InvalidInputException("Guidance must be a number of 0 or more, not " + value + ". Usual values are 1 to 12.");
            }
            guidance = OptionalDouble.of(value);
            return this;
        }

        /** @param value fraction of the steps before guidance begins, 0 to 1; without effect where there is no pass for guidance
         *  @return this */
        public Builder guidanceFrom(final double value) {
            guidanceFrom = OptionalDouble.of(new GuidanceInterval(value, GuidanceInterval.ALWAYS.to()).from());
            return this;
        }

        /** @param value fraction of the steps after which guidance has ended, 0 to 1; without effect where there is no pass for guidance
         *  @return this */
        public Builder guidanceTo(final double value) {
            guidanceTo = OptionalDouble.of(new GuidanceInterval(GuidanceInterval.ALWAYS.from(), value).to());
            return this;
        }

        /** @param value denoising steps, at least 1
         *  @return this */
        public Builder steps(final int value) {
            if (value < 1) {
                throw new InvalidInputException("Steps must be at least 1, not " + value + ". Usual values are 10 to 50.");
            }
            steps = OptionalInt.of(value);
            return this;
        }

        /** @param value any number; a seed of 2^63 or more by its 64 bits, as {@link Seed#parse} gives it
         *  @return this */
        public Builder seed(final long value) {
            seed = value;
            return this;
        }

        /** @param text a seed as people write it; -1 draws one, see {@link Seed}
         *  @return this */
        public Builder seed(final String text) {
            return seed(Seed.parse(text));
        }

        /** @param width width in pixels, at least 1
         *  @param height height in pixels, at least 1
         *  @return this */
        public Builder size(final int width, final int height) {
            if (width < 1 || height < 1) {
                throw new InvalidInputException("Width and height must be at least 1 pixel, not " + width + " x " + height + ".");
            }
            widthPx = OptionalInt.of(width);
            heightPx = OptionalInt.of(height);
            return this;
        }

        /** @param value number of images, 1 to 1000
         *  @return this */
        public Builder batch(final int value) {
            if (value < 1 || value > 1000) {
                throw new InvalidInputException("Batch must be 1 to 1000 images, not " + value + ".");
            }
            batch = value;
            return this;
        }

        /** @param value scheduler id
         *  @return this */
        public Builder scheduler(final String value) {
            scheduler = Objects.requireNonNull(value, "scheduler");
            return this;
        }

        /** @param value 0 to 1
         *  @return this */
        public Builder strength(final double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new InvalidInputException("Strength must be between 0 and 1, not " + value + ".");
            }
            strength = value;
            return this;
        }

        /** @param value id of a {@link net.diffusionj.ort.provider.ProviderChoice}, such as auto, cpu or cuda
         *  @return this */
        public Builder provider(final String value) {
            provider = Objects.requireNonNull(value, "provider");
            return this;
        }

        /** @param value x, y and possibly channel
         *  @return this */
        public Builder image(final RandomAccessibleInterval<?> value) {
            image = Objects.requireNonNull(value, "image");
            return this;
        }

        /** @param value how the source is brought to the model
         *  @return this */
        public Builder fit(final Fit value) {
            fit = Objects.requireNonNull(value, "fit");
            return this;
        }

        /** @param value by how much the source's sides are multiplied on the way to the model
         *  @return this */
        public Builder scale(final ImageScale value) {
            scale = Objects.requireNonNull(value, "scale");
            return this;
        }

        /** @param value x and y as the source has; where it is 0, the source's pixels come back bit for bit. Must not change while the request runs
         *  @return this */
        public Builder mask(final RandomAccessibleInterval<?> value) {
            mask = Objects.requireNonNull(value, "mask");
            return this;
        }

        /** @param value unit-variance noise
         *  @return this */
        public Builder initialNoise(final LatentImage value) {
            initialNoise = Objects.requireNonNull(value, "initialNoise");
            return this;
        }

        /** @param value the pixel type of the result
         *  @return this */
        public Builder pixelType(final PixelType value) {
            pixelType = Objects.requireNonNull(value, "pixelType");
            return this;
        }

        /** @param value whose noise is put on what is generated, seeded by the image's own seed; pixels that a mask keeps stay as they are
         *  @return this */
        public Builder camera(final CameraModel value) {
            camera = Objects.requireNonNull(value, "camera");
            return this;
        }

        /** @param value whether a result that was made before and kept on disk will do, and whether this one is to be kept; false unless set
         *  @return this */
        public Builder useResultCache(final boolean value) {
            useResultCache = value;
            return this;
        }

        /** @param value how urgent it is: what runs many requests, and needs none of them at once, says batch
         *  @return this */
        public Builder priority(final Priority value) {
            priority = Objects.requireNonNull(value, "priority");
            return this;
        }

        /** @param value whose it is, such as a user's name: callers are served in turns. The thread that asks unless set
         *  @return this */
        public Builder caller(final String value) {
            caller = Objects.requireNonNull(value, "caller");
            return this;
        }

        /** @return the request
         *  @throws InvalidInputException if guidance would end before it begins */
        public DiffusionRequest build() {
            if (guidanceFrom.isPresent() && guidanceTo.isPresent()) new GuidanceInterval(guidanceFrom.getAsDouble(), guidanceTo.getAsDouble());
            return new DiffusionRequest(copy());
        }
    }
}
