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
package net.diffusionj.pipeline;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.JsonElement;

import net.diffusionj.io.Npy;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.scheduler.Scheduler;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.LinkedModel;
import net.diffusionj.testing.Models;

/** One run of diffusers' pipelines, as {@code scripts/fixtures/pipelines.py} recorded it. */
record RecordedCase(String id, String model, String task, String prompt, String negative, double guidance, int steps, long seed, int batch,
    int width, int height, String scheduler, Double strength, String source, boolean fromEncoded, String config, String encoded, String noise,
    String initial, String latents, String images) {
    static final Path FOLDER = Folders.RESOURCES.resolve("pipeline");

    private record CaseJson(String id, String model, String task, String prompt, String negative, double guidance, int steps, long seed, int batch,
        int width, int height, String scheduler, Double strength, String source, boolean fromEncoded, JsonElement config, String encoded,
        String noise, String initial, @com.google.gson.annotations.SerializedName("final") String latents, String images) {
        RecordedCase toCase() {
            return new RecordedCase(id, model, task, prompt, negative, guidance, steps, seed, batch, width, height, scheduler, strength, source,
                fromEncoded, config == null || config.isJsonNull() ? null : config.toString(), encoded, noise, initial, latents, images);
        }
    }

    /** A recorded embedding. */
    record Embedding(String model, String prompt, int[] ids, String embedding) {}

    private record File(List<CaseJson> cases, List<Embedding> embeddings) {}

    static List<RecordedCase> all() {
        return file().cases().stream().map(CaseJson::toCase).toList();
    }

    static List<Embedding> embeddings() {
        return file().embeddings();
    }

    private static File file() {
        try (Reader reader = Files.newBufferedReader(FOLDER.resolve("cases.json"))) {
            return new Gson().fromJson(reader, File.class);
        }
        catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    ModelFolder folder() {
        return ModelFolder.open(path());
    }

    /** @return the model's folder; where the case has a scheduler configuration of its own, one with that and with links to the model's parts */
    Path path() {
        final Path shared = Models.of(model);
        return config == null ? shared : LinkedModel.make(Folders.target("linked-models").resolve(id), shared, config);
    }

    PipelineRequest request() {
        final Scheduler steps = Schedulers.create(SchedulerKind.ofDiffusersName(scheduler).orElseThrow(), folder().schedulerConfig());
        final Optional<SourcePixels> pixels = source == null || fromEncoded ? Optional.empty()
            : Optional.of(new SourcePixels(floats(source + ".npy"), height, width));
        return new PipelineRequest(prompt, negative, guidance, this.steps, seed, batch, width, height, steps, strength == null ? 1 : strength, pixels,
            Optional.empty());
    }

    static float[] floats(final String name) {
        return Npy.read(FOLDER.resolve(name)).floats();
    }

    byte[] expectedImages() {
        return Npy.read(FOLDER.resolve(images)).bytes();
    }

    @Override
    public String toString() {
        return id;
    }
}
