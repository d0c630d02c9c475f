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

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import net.diffusionj.home.AtomicFile;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.Timings;

/** The file behind {@code --json}: settings, versions, warnings and timings of one run. */
final class RunReport {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private RunReport() {}

    static void write(final Path file, final DiffusionResult result) {
        final Map<String, Object> report = new LinkedHashMap<>();
        report.put("settings", result.settings());
        report.put("versions", versions(result));
        report.put("warnings", result.warnings());
        final Timings times = result.timings();
        report.put("load_ms", times.loadMillis());
        report.put("text_ms", times.textMillis());
        report.put("denoise_ms", times.denoiseMillis());
        report.put("step_ms", times.stepMillis());
        report.put("model_ms", times.modelMillis());
        report.put("decode_ms", times.decodeMillis());
        report.put("total_ms", times.totalMillis());
        PeakMemory.megabytes().ifPresent(megabytes -> report.put("peak_rss_mb", megabytes));
        AtomicFile.write(file, out -> out.write((GSON.toJson(report) + '\n').getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, String> versions(final DiffusionResult result) {
        final Map<String, String> versions = new LinkedHashMap<>();
        versions.put("diffusionj", VersionProvider.version());
        versions.put("onnxruntime", result.settings().getOrDefault("onnxruntime", "not used"));
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ' ' + System.getProperty("os.arch"));
        return versions;
    }
}
