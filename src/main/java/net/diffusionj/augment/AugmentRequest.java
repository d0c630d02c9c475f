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
package net.diffusionj.augment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import net.diffusionj.augment.layout.Layout;
import net.diffusionj.augment.layout.SplitShares;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.AugmentPlan;
import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.Inputs;
import net.diffusionj.augment.plan.Sweep;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.Cameras;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.image.CameraModel;

/**
 * Everything that determines an augmentation. Immutable; what can be judged without reading files is checked here.
 *
 * @param inputs where sources come from
 * @param output the folder to fill; made if it is not there
 * @param amount how many outputs
 * @param draw how they are drawn
 * @param transforms what is done to them after that
 * @param camera {@link #ESTIMATED}, {@link #NO_CAMERA}, or a file or values as {@code CameraModel.of} reads them
 * @param filter quality that outputs must have
 * @param split how the outputs are divided; empty for not at all
 * @param layout folders for a program that trains; empty for none
 */
public record AugmentRequest(Inputs inputs, Path output, Amount amount, DrawChoices draw, TransformChoices transforms, String camera,
    QualityFilter filter,
    Optional<SplitShares> split, Optional<Layout> layout) {

    /** The camera is estimated from the sources. */
    public static final String ESTIMATED = "auto";
    /** No noise is added. */
    public static final String NO_CAMERA = Cameras.NO_CAMERA;

    /** Checks that all are there, and the camera. */
    public AugmentRequest {
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(amount, "amount");
        Objects.requireNonNull(draw, "draw");
        Objects.requireNonNull(transforms, "transforms");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(layout, "layout");
        camera = camera.isBlank() ? ESTIMATED : camera.strip();
        givenCamera(camera);
    }

    /** @return the camera where it is given; empty where it is estimated or off */
    public Optional<CameraModel> givenCamera() {
        return givenCamera(camera);
    }

    private static Optional<CameraModel> givenCamera(final String camera) {
        return camera.equals(ESTIMATED) || camera.equals(NO_CAMERA) ? Optional.empty() : Optional.of(CameraModel.of(camera));
    }

    /**
     * @param plan made of this request
     * @return what makes another run another run, by the names that users know
     */
    Map<String, String> settings(final AugmentPlan plan) {
        final Map<String, String> settings = new LinkedHashMap<>();
        settings.put("labels", inputs.labels().isPresent() ? "given" : "none");
        settings.put("amount", amount.toText());
        settings.put("mode", draw.mode().id());
        settings.put("prompt", String.join(" | ", draw.prompts()));
        settings.put("negative", draw.negative());
        settings.put("strength", draw.strength().toText());
        settings.put("guidance", draw.guidance().map(Sweep::toText).orElse("model"));
        settings.put("steps", Integer.toString(plan.steps()));
        settings.put("scheduler", plan.scheduler());
        settings.put("scale", draw.scale());
        settings.put("seed", Long.toUnsignedString(draw.seed()));
        settings.put("model", plan.modelSha256());
        settings.put("provider", draw.provider());
        settings.put("transforms", transforms.toText());
        settings.put("camera", givenCamera().map(CameraModel::toString).orElse(camera));
        settings.put("filter", filter.toString());
        return settings;
    }
}
