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
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Option;

import net.diffusionj.home.AtomicFile;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.service.DiffusionResult;

/** Where results go. Every file is checked before the work starts and appears whole or not at all. */
final class OutputOptions {

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE", description = "Image to write: .tif, .png or .npy.")
    private Path output;

    @Option(names = "--save-latents", paramLabel = "FILE.npy", description = "Also write the final latents, float32 [image, channel, height, width].")
    private Path saveLatents;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write settings, versions and timings.")
    private Path json;

    /** Refuses what could not be written, before any time is spent. */
    void check() {
        ImageFiles.checkWritable(output);
        Optional.ofNullable(saveLatents).ifPresent(AtomicFile::checkWritable);
        Optional.ofNullable(json).ifPresent(AtomicFile::checkWritable);
    }

    /**
     * Writes everything that was asked for.
     *
     * @param result what was made
     * @param suffix put behind the name of every file, before its ending; empty for none
     * @param metadata calibration and the like of the source; its settings are replaced by the result's
     * @param printer is told of each file
     */
    void write(final DiffusionResult result, final String suffix, final ImageMetadata metadata, final Printer printer) {
        final List<Path> written = ImageFiles.write(named(output, suffix), result.image(), metadata.withSettings(result.settings()));
        written.forEach(file -> printer.result(file.toString()));
        if (saveLatents != null) {
            if (result.latents().isPresent()) LatentFiles.write(named(saveLatents, suffix), result.latents().get());
            else printer.note("No latents were written: the strength is too small for a single step.");
        }
        if (json != null) RunReport.write(named(json, suffix), result);
    }

    private static Path named(final Path file, final String suffix) {
        final String name = file.getFileName().toString();
        final int ending = name.lastIndexOf('.');
        return suffix.isEmpty() ? file : file.resolveSibling(ending < 1 ? name + suffix : name.substring(0, ending) + suffix + name.substring(ending));
    }
}
