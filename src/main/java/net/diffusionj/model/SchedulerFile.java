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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import net.diffusionj.InvalidInputException;

/**
 * A model's {@code scheduler_config.json} as a pipeline of diffusers takes it: the constructors of its Stable Diffusion pipelines set two keys,
 * whatever the file says or leaves out and whatever scheduler is used. Its latent consistency pipelines set none. Knows no scheduler.
 */
final class SchedulerFile {

    /** What the constructors set. Old files left the keys out, and the schedulers' own defaults are wrong for latents. */
    private static final Map<String, Object> SET_BY_PIPELINE = Map.of("steps_offset", 1L, "clip_sample", false);
    private static final String KEEPS_THE_FILE = "LatentConsistency";
    /** Keys listed here count as absent. */
    private static final String FILLED_IN = "_use_default_values";

    /** Any of these keys says something of the noise that the model was trained with. */
    private static final Set<String> NOISE_KEYS = Set.of("_class_name", "beta_start", "beta_end", "beta_schedule", "trained_betas");

    private SchedulerFile() {}

    /**
     * @param file {@code scheduler_config.json}
     * @param pipelineClass {@code _class_name} of {@code model_index.json}; a folder without one is taken for Stable Diffusion
     * @return its values by key, unmodifiable; keys that are null left out
     * @throws InvalidInputException if the file is missing, cannot be read, or says nothing of the noise
     */
    static Map<String, Object> read(final Path file, final Optional<String> pipelineClass) {
        if (!Files.exists(file)) {
            throw new InvalidInputException(file + " is missing: without it the noise schedule is unknown. Copy the file from the model that"
                + " this one was exported from.");
        }
        final Map<String, Object> written = JsonFile.readMap(file);
        if (Collections.disjoint(written.keySet(), NOISE_KEYS)) {
            throw new InvalidInputException(file + " says nothing about the noise schedule: neither a class (_class_name) nor betas (such as beta_start) are in"
                + " it. Copy the file from the model that this one was exported from.");
        }
        if (pipelineClass.filter(name -> name.contains(KEEPS_THE_FILE)).isPresent()) return written;
        final Map<String, Object> taken = new HashMap<>(written);
        taken.putAll(SET_BY_PIPELINE);
        if (written.get(FILLED_IN) instanceof final List<?> keys) {
            final List<Object> others = new ArrayList<>(keys);
            others.removeAll(SET_BY_PIPELINE.keySet());
            taken.put(FILLED_IN, List.copyOf(others));
        }
        return Collections.unmodifiableMap(taken);
    }
}
