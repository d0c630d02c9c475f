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
package net.diffusionj.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.rewrite.Int8Models;

/**
 * A folder of ONNX parts in the layout of diffusers, as legacy exports (no configuration beside the parts) and optimum write it: where the
 * parts lie and what the configuration files say. Opening reads the configuration and the parts' structure, not their weights, and runs
 * nothing. Immutable and thread-safe; files that change afterwards are not noticed.
 */
public final class ModelFolder {

    /** Positions of CLIP's text encoders, for exports that do not say. */
    private static final int CLIP_POSITIONS = 77;
    private static final int DEFAULT_CHANNELS = 4;
    private static final int DEFAULT_SIZE_PX = 512;
    private static final int MOST_POSITIONS = 8192;
    private static final int MOST_TOKENS = 1_000_000;
    private static final int MOST_CHANNELS = 512;
    private static final String INDEX = "model_index.json";
    private static final String SCHEDULER = "scheduler/scheduler_config.json";

    private final Path root;
    private final Config index;
    private final Map<String, Object> schedulerConfig;
    private final Path textEncoder;
    private final Path unet;
    private final Path vaeDecoder;
    private final Optional<Path> vaeEncoder;
    private final UnetConfig unetConfig;
    private final LatentSpace latents;
    private final int textLength;
    private final OptionalInt textRows;
    private final SizeRule sizes;
    private final ModelPreferences preferences;

    private ModelFolder(final Path root) {
        this.root = root;
        index = config(root.resolve(INDEX));
        UnsupportedKind.ofFolder(index.text("_class_name").orElse(""), root).ifPresent(kind -> {
            throw UnsupportedKind.refuse(root, kind);
        });
        final Config unetValues = config(root.resolve("unet/config.json"));
        unetConfig = UnetConfig.of(unetValues);
        final Config vae = vaeConfig(root);
        final int channels = vae.count("latent_channels", 1, MOST_CHANNELS)
            .orElse(unetValues.count("out_channels", 1, MOST_CHANNELS).orElse(DEFAULT_CHANNELS));
        UnsupportedKind.ofChannels(unetConfig.inChannels(), channels).ifPresent(kind -> {
            throw UnsupportedKind.refuse(root, kind);
        });
        if (unetConfig.additionEmbedType().filter("text_time"::equals).isPresent()) {
            throw UnsupportedKind.refuse(root, "a Stable Diffusion XL model");
        }
        textEncoder = ModelParts.require(root, "text_encoder");
        unet = ModelParts.require(root, "unet");
        vaeDecoder = ModelParts.require(root, "vae_decoder");
        vaeEncoder = ModelParts.find(root, "vae_encoder");
        schedulerConfig = SchedulerFile.read(root.resolve(SCHEDULER), pipelineClass());
        final Config text = config(root.resolve("text_encoder/config.json"));
        textLength = text.count("max_position_embeddings", 2, MOST_POSITIONS).orElse(CLIP_POSITIONS);
        final OptionalLong tokens = OnnxFile.read(textEncoder).tokenRows();
        textRows = tokens.isPresent() ? OptionalInt.of((int) Math.min(MOST_TOKENS, tokens.getAsLong())) : text.count("vocab_size", 2, MOST_TOKENS);
        final OnnxFile denoiser = OnnxFile.read(unet);
        final OnnxFile decoder = OnnxFile.read(vaeDecoder);
        vaeEncoder.ifPresent(OnnxFile::read);
        latents = new LatentSpace(channels, ShrinkFactor.of(vae, decoder.upsamplings()), LatentScaling.of(vae));
        sizes = new SizeRule(latents.spatialFactor(), latents.spatialFactor() * ShrinkFactor.of(unetValues, denoiser.upsamplings()),
            denoiser.fitsSkipConnections());
        preferences = ModelPreferences.of(config(root.resolve(ModelPreferences.FILE)));
    }

    /**
     * Describes a model folder.
     *
     * @param folder a folder with {@code unet/model.onnx} and the other parts, or a Hugging Face download of one
     * @return its description
     * @throws InvalidInputException if there is no such folder, or it is not a model folder, lacks a part, holds an unreadable file, or a kind of
     *         model that this version does not run; the message says which and what to do
     */
    public static ModelFolder open(final Path folder) {
        final Path root = HubCache.orSnapshot(folder.toAbsolutePath().normalize());
        ModelParts.requireModelFolder(root);
        return new ModelFolder(root);
    }

    /**
     * @param folder any path
     * @return whether it looks like a model folder at first sight: it may still be incomplete or of a kind that does not run
     */
    public static boolean looksLikeOne(final Path folder) {
        return Files.isRegularFile(folder.resolve(INDEX)) || ModelParts.find(folder, "unet").isPresent();
    }

    /** @return the folder's own name; OWNER/NAME of a Hugging Face download */
    public String name() {
        return HubCache.modelName(root).orElseGet(() -> Objects.toString(root.getFileName(), root.toString()));
    }

    /** @return the folder, absolute */
    public Path root() {
        return root;
    }

    /** @return the text encoder's ONNX file */
    public Path textEncoder() {
        return textEncoder;
    }

    /** @return the UNet's ONNX file */
    public Path unet() {
        return unet;
    }

    /** @return the UNet's form in int8, such as {@code unet/model_int8.onnx}, which {@code scripts/optimize} makes and a CPU may run in place of the UNet; empty where there is none */
    public Optional<Path> int8Unet() {
        return Int8Models.of(unet);
    }

    /** @return {@code unet/training.onnx}, the training step that {@code scripts/training} makes; empty where there is none */
    public Optional<Path> trainingStep() {
        return Optional.of(root.resolve("unet").resolve(ModelParts.TRAINING)).filter(Files::isRegularFile);
    }

    /** @return the VAE decoder's ONNX file */
    public Path vaeDecoder() {
        return vaeDecoder;
    }

    /** @return the VAE encoder's ONNX file, which image to image needs and text to image does not */
    public Optional<Path> vaeEncoder() {
        return vaeEncoder;
    }

    /**
     * @return the VAE encoder's ONNX file
     * @throws InvalidInputException if the folder has none
     */
    public Path requireVaeEncoder() {
        return vaeEncoder.orElseThrow(() -> new InvalidInputException(root + " has no vae_encoder/model.onnx, so it cannot start from an image."
            + " Export the model with its VAE encoder, or use text to image."));
    }

    /** @return the folder that holds the tokenizer's files */
    public Path tokenizer() {
        return root.resolve("tokenizer");
    }

    /**
     * @return {@code scheduler_config.json} as diffusers' pipelines take it, with the keys that they set: String, Boolean, Long, Double, List or
     *         Map by key; unmodifiable; keys that are null left out
     */
    public Map<String, Object> schedulerConfig() {
        return schedulerConfig;
    }

    /** @return the scheduler's {@code _class_name}, such as {@code PNDMScheduler}; empty where the file does not say */
    public Optional<String> schedulerClass() {
        return new Config(root.resolve(SCHEDULER), schedulerConfig).text("_class_name");
    }

    /** @return the pipeline's {@code _class_name} in model_index.json */
    public Optional<String> pipelineClass() {
        return index.text("_class_name");
    }

    /** @return the latent space as the files tell it; {@link ModelContract#latents()} is also checked against the sessions */
    public LatentSpace latents() {
        return latents;
    }

    /** @return what the UNet's configuration says */
    public UnetConfig unetConfig() {
        return unetConfig;
    }

    /** @return image width in pixels that the model was trained for; 512 where the files do not say */
    public int defaultWidthPx() {
        return sizePx(unetConfig.sampleWidth());
    }

    /** @return image height in pixels that the model was trained for; 512 where the files do not say */
    public int defaultHeightPx() {
        return sizePx(unetConfig.sampleHeight());
    }

    /** @return tokens that the text encoder takes, start and end included; 77 where the files do not say */
    public int textLength() {
        return textLength;
    }

    /** @return how many token ids the text encoder knows, from 0; empty where the files do not say */
    public OptionalInt textRows() {
        return textRows;
    }

    /** @return which widths and heights the model takes */
    public SizeRule sizes() {
        return sizes;
    }

    /** @return what the model's maker recommends */
    public ModelPreferences preferences() {
        return preferences;
    }

    /** @return how the model is best run */
    public ModelFamily family() {
        final boolean consistency = unetConfig.timeCondProjDim().isPresent()
            || schedulerClass().filter("LCMScheduler"::equals).isPresent()
            || pipelineClass().filter(name -> name.contains("LatentConsistency")).isPresent();
        if (consistency) return ModelFamily.LATENT_CONSISTENCY;
        final String called = (name() + ' ' + index.text("_name_or_path").orElse("")).toLowerCase(Locale.ROOT);
        return called.contains("turbo") || hasTurboSchedule() ? ModelFamily.TURBO : ModelFamily.STANDARD;
    }

    /** The scheduler that SD-Turbo comes with; models with zero terminal SNR also space timesteps that way, but predict v. */
    private boolean hasTurboSchedule() {
        final Config scheduler = new Config(root.resolve(SCHEDULER), schedulerConfig);
        return scheduler.text("_class_name").filter(name -> name.startsWith("Euler")).isPresent()
            && scheduler.text("timestep_spacing").filter("trailing"::equals).isPresent()
            && scheduler.text("prediction_type").orElse("epsilon").equals("epsilon");
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private int sizePx(final OptionalInt latentPixels) {
        return latentPixels.isPresent() ? latentPixels.getAsInt() * latents.spatialFactor() : DEFAULT_SIZE_PX;
    }

    private static Config vaeConfig(final Path root) {
        return Stream.of("vae_decoder", "vae_encoder", "vae").map(part -> root.resolve(part).resolve("config.json")).filter(Files::exists)
            .findFirst().map(ModelFolder::config)
            .orElse(new Config(root, Map.of()));
    }

    private static Config config(final Path file) {
        return Files.exists(file) ? new Config(file, JsonFile.readMap(file)) : new Config(file, Map.of());
    }

    /** @param folder a folder
     *  @return its subfolders that look like models, by name */
    static List<Path> modelsIn(final Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).filter(child -> !ModelParts.isHidden(child))
                .filter(child -> looksLikeOne(child) || HubCache.isDownload(child))
                .sorted(Comparator.comparing(path -> path.getFileName().toString())).toList();
        }
        catch (final IOException e) {
            throw new InvalidInputException(folder + " cannot be read (" + FileFault.reason(e) + "). Check its permissions.", e);
        }
    }
}
