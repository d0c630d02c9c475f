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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.pipeline.PipelineRequest;

/** Writes down everything that makes an image again, in words that the command line and macros take. */
final class ResultSettings {

    /** Names the source by what its pixels hold; see {@link net.diffusionj.image.SourceImage#pixelSha256()}. */
    private static final String SOURCE_HASH = "source-sha256";

    private ResultSettings() {}

    /**
     * @param run what was run
     * @param provider what it ran on
     * @param runtimeVersion ONNX Runtime's version; empty where no model ran
     * @return keys and values in a fixed order
     */
    static Map<String, String> of(final ResolvedRun run, final String provider, final String runtimeVersion) {
        final PipelineRequest request = run.settings();
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("task", run.source().isPresent() ? "img2img" : "txt2img");
        settings.put("prompt", request.prompt());
        settings.put("negative", request.negative());
        settings.put("guidance", number(request.guidance()));
        // Where neither the run nor the model has an interval, nobody need read of one.
        if (!request.guided().equals(GuidanceInterval.ALWAYS) || !RunDefaults.of(run.folder()).guided().equals(GuidanceInterval.ALWAYS)) {
            settings.put("guidance-from", number(request.guided().from()));
            settings.put("guidance-to", number(request.guided().to()));
        }
        settings.put("steps", Integer.toString(request.steps()));
        settings.put("seed", Seed.text(request.firstSeed()));
        final Optional<Source> atOwnPixels = run.source().filter(source -> source.scale().isPresent());
        if (atOwnPixels.isPresent()) describe(atOwnPixels.get(), settings);
        else {
            settings.put("width", Integer.toString(request.widthPx()));
            settings.put("height", Integer.toString(request.heightPx()));
        }
        settings.put("batch", Integer.toString(request.images()));
        settings.put("scheduler", run.scheduler().id());
        run.source().ifPresent(source -> {
            settings.put("strength", number(request.strength()));
            settings.put("intensity", source.mapping().toText());
            source.mask().ifPresent(mask -> settings.put("mask", mask.pixels() + " pixels"));
            settings.put(SOURCE_HASH, source.image().pixelSha256());
        });
        // A source that comes back unchanged had no exposure.
        if (!runtimeVersion.isEmpty()) run.camera().ifPresent(camera -> settings.put("camera", camera.toString()));
        if (request.initialNoise().isPresent()) settings.put("noise", "given");
        settings.put("model", run.folder().name());
        settings.put("provider", provider);
        settings.put("diffusionj", version());
        if (!runtimeVersion.isEmpty()) settings.put("onnxruntime", runtimeVersion);
        return settings;
    }

    /**
     * @param run what was run
     * @param sharedSteps steps that several results share; 0 for one that shares none
     * @param branch how this one went on
     * @param provider what it ran on
     * @param runtimeVersion ONNX Runtime's version
     * @return as {@link #of(ResolvedRun, String, String)}, with this branch's choices, and those of the shared steps where they differ
     */
    static Map<String, String> of(final ResolvedRun run, final int sharedSteps, final PipelineBranch branch, final String provider,
        final String runtimeVersion) {
        final Map<String, String> settings = of(run, provider, runtimeVersion);
        final Map<String, String> changed = new LinkedHashMap<>();
        branch.prompt().ifPresent(text -> changed.put("prompt", text));
        branch.negative().ifPresent(text -> changed.put("negative", text));
        branch.guidance().ifPresent(scale -> changed.put("guidance", number(scale)));
        if (sharedSteps > 0) {
            settings.put("shared-steps", Integer.toString(sharedSteps));
            changed.keySet().forEach(key -> settings.put("shared-" + key, settings.get(key)));
        }
        branch.noiseSeed().ifPresent(seed -> settings.put("noise-seed", Seed.text(seed)));
        settings.putAll(changed);
        return settings;
    }

    /** At its own pixels an image has no width and height to ask for: the fit and the scale are what makes it again. */
    private static void describe(final Source source, final Map<String, String> settings) {
        settings.put("fit", Fit.NATIVE.id());
        settings.put("scale", number(source.scale().getAsDouble()));
        settings.put("working-size", source.framing().widthPx() + "x" + source.framing().heightPx());
    }

    /** Whole numbers without a fraction, so that 7.5 and 7 read as they were written. */
    private static String number(final double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : Double.toString(value);
    }

    /** @return this program's version */
    static String version() {
        final String version = ResultSettings.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
