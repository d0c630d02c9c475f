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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import com.google.gson.Gson;
import com.google.gson.JsonObject;

import net.diffusionj.pipeline.LatentDistribution;
import net.diffusionj.train.material.Material;
import net.diffusionj.train.material.SourceNote;

/** Material on the disk, so that a tuning that goes on need not read the images again. Stateless. */
final class MaterialFile {

    private static final Gson GSON = new Gson();

    private MaterialFile() {}

    /** What is no array.
     *
     * @param objectSizePx 0 for unknown */
    private record Notes(int[] latentShape, int training, int validation, List<Integer> rehearsedTexts, int texts, List<SourceNote> sources, int objectSizePx,
        List<String> warnings) {}

    static void write(final Path file, final Material material) {
        final Map<String, float[]> arrays = new LinkedHashMap<>();
        distributions(arrays, "training", material.training());
        distributions(arrays, "validation", material.validation());
        put(arrays, "view ", material.views());
        put(arrays, "thumbnail ", material.thumbnails());
        put(arrays, "rehearsed ", material.rehearsed());
        put(arrays, "text ", material.texts());
        final Notes notes = new Notes(material.latentShape(), material.training().size(), material.validation().size(), material.rehearsedTexts(),
            material.texts().size(), material.sources(), material.objectSizePx().orElse(0), material.warnings());
        new ArrayFile(GSON.toJsonTree(notes).getAsJsonObject(), arrays).write(file);
    }

    private static void put(final Map<String, float[]> arrays, final String what, final List<float[]> values) {
        for (int i = 0; i < values.size(); i++) arrays.put(what + i, values.get(i));
    }

    private static List<float[]> get(final ArrayFile read, final String what, final int count) {
        return IntStream.range(0, count).mapToObj(i -> read.arrays().get(what + i)).toList();
    }

    private static void distributions(final Map<String, float[]> arrays, final String what, final List<LatentDistribution> crops) {
        for (int i = 0; i < crops.size(); i++) {
            arrays.put(what + " mean " + i, crops.get(i).mean());
            arrays.put(what + " deviation " + i, crops.get(i).deviation());
        }
    }

    static Material read(final Path file) {
        final ArrayFile read = ArrayFile.read(file);
        final JsonObject json = read.notes();
        final Notes notes = GSON.fromJson(json, Notes.class);
        return new Material(notes.latentShape(), distributions(read, "training", notes.training()), distributions(read, "validation", notes.validation()),
            get(read, "view ", notes.validation()), get(read, "thumbnail ", notes.training()), get(read, "rehearsed ", notes.rehearsedTexts().size()),
            notes.rehearsedTexts(), get(read, "text ", notes.texts()), notes.sources(),
            notes.objectSizePx() > 0 ? OptionalInt.of(notes.objectSizePx()) : OptionalInt.empty(),
            notes.warnings());
    }

    private static List<LatentDistribution> distributions(final ArrayFile read, final String what, final int count) {
        final List<LatentDistribution> crops = new ArrayList<>();
        for (int i = 0; i < count; i++) crops.add(new LatentDistribution(read.arrays().get(what + " mean " + i), read.arrays().get(what + " deviation " + i)));
        return crops;
    }
}
