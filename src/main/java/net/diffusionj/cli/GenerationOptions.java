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
package net.diffusionj.cli;

import java.nio.file.Path;
import java.util.Optional;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.CameraModel;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.PixelType;
import net.diffusionj.service.Seed;

import picocli.CommandLine.Option;

/** Options that every command which makes images has. What is not given is the model's to choose. */
final class GenerationOptions {

    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to draw. May be empty.")
    private String prompt;

    @Option(names = "--negative", paramLabel = "TEXT", defaultValue = "", description = "What to avoid. Has an effect where guidance is above 1.")
    private String negative;

    @Option(names = "--model", paramLabel = "NAME|FOLDER", defaultValue = "", description = "An installed model, or a folder with an ONNX model.")
    private String model;

    @Option(names = "--guidance", paramLabel = "SCALE", description = "How closely to follow the prompt. 1 or less: one model pass a step.")
    private Double guidance;

    @Option(names = "--guidance-from", paramLabel = "FRACTION",
        description = "Guidance begins after this part of the steps, 0 to 1; before, one model pass a step. Default: the model's own, usually 0.")
    private Double guidanceFrom;

    @Option(names = "--guidance-to", paramLabel = "FRACTION",
        description = "Guidance ends after this part of the steps, 0 to 1; afterwards, one model pass a step. Default: the model's own, usually 1.")
    private Double guidanceTo;

    @Option(names = "--steps", paramLabel = "N", description = "Denoising steps.")
    private Integer steps;

    @Option(names = "--scheduler", paramLabel = "NAME", defaultValue = "", completionCandidates = Choices.Schedulers.class,
        description = "One of ${COMPLETION-CANDIDATES}. Default: the model's own.")
    private String scheduler;

    @Option(names = "--seed", paramLabel = "N",
        description = "Seed of the first image; image k of a batch has seed N + k. Default, and with -1: drawn, and printed.")
    private String seed = Seed.RANDOM;

    @Option(names = "--width", paramLabel = "PX", description = "Width the model works at.")
    private Integer width;

    @Option(names = "--height", paramLabel = "PX", description = "Height the model works at.")
    private Integer height;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "1", description = "Number of images.")
    private int batch;

    @Option(names = "--provider", paramLabel = "NAME", defaultValue = "auto", completionCandidates = Choices.Providers.class,
        description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String provider;

    @Option(names = "--bits", paramLabel = "8|16|32", description = "Bits per channel: 8, 16 or 32 (float). Default: 8, or those of the input.")
    private Integer bits;

    @Option(names = "--latents", paramLabel = "FILE.npy", description = "Initial noise, instead of the seed's: float32 [image, channel, height, width].")
    private Path latents;

    @Option(names = "--camera", paramLabel = "FILE|VALUES",
        description = "Put a camera's noise on what is generated: gain=0.5,read=3,offset=100 in grey values, with bits=8|12|16 and blur=PX if wanted, or a file"
            + " with this text. The command camera finds the values in images. Default: none.")
    private String camera;

    @Option(names = "--cached", description = "Take the result of an equal request from the disk if there is one, and keep this one.")
    private boolean cached;

    /**
     * Puts the options into a request.
     *
     * @param fallback size to use where only one side was given
     * @return a builder to which the caller adds its own
     */
    DiffusionRequest.Builder toRequest(final Fallback fallback) {
        final DiffusionRequest.Builder request = DiffusionRequest.prompt(prompt).negative(negative).model(model).scheduler(scheduler).batch(batch)
            .provider(provider).seed(seed).useResultCache(cached);
        if (guidance != null) request.guidance(guidance);
        if (guidanceFrom != null) request.guidanceFrom(guidanceFrom);
        if (guidanceTo != null) request.guidanceTo(guidanceTo);
        if (steps != null) request.steps(steps);
        if (width != null || height != null) {
            request.size(width == null ? fallback.widthPx() : width, height == null ? fallback.heightPx() : height);
        }
        if (camera != null) request.camera(CameraModel.of(camera));
        if (bits != null) request.pixelType(pixelType(bits));
        Optional.ofNullable(latents).map(LatentFiles::read).ifPresent(request::initialNoise);
        return request;
    }

    /** The other side of an image of which one side was given. Asked only then, since it reads the model. */
    interface Fallback {
        int widthPx();

        int heightPx();
    }

    String model() {
        return model;
    }

    private static PixelType pixelType(final int bits) {
        return switch (bits) {
            case 8 -> PixelType.UINT8;
            case 16 -> PixelType.UINT16;
            case 32 -> PixelType.FLOAT32;
            default -> throw new InvalidInputException("--bits must be 8, 16 or 32, not " + bits + '.');
        };
    }
}
