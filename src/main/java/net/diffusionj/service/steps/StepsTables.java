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
package net.diffusionj.service.steps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.AtomicFile;

/** {@code steps/HASH.json} in the DiffusionJ home: the latest table of each model. Thread-safe: files are whole or absent. */
public final class StepsTables {

    private static final System.Logger LOG = System.getLogger(StepsTables.class.getName());
    private static final int FORMAT = 1;
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final Path folder;

    /** As a file has it. */
    private record Kept(int format, StepsTable table) {}

    /** @param home the DiffusionJ home, which need not exist */
    public StepsTables(final Path home) {
        this.folder = home.resolve("steps");
    }

    /** @param modelHash SHA-256 over a model's files
     *  @return where its table is, or would be */
    public Path file(final String modelHash) {
        return folder.resolve(modelHash + ".json");
    }

    /**
     * @param table takes the place of the model's table before
     * @return the file
     * @throws net.diffusionj.DiffusionJException if it cannot be written
     */
    public Path keep(final StepsTable table) {
        final Path file = file(table.modelHash());
        try {
            Files.createDirectories(folder);
        }
        catch (final IOException e) {
            throw new DiffusionJException("Cannot make " + folder + " (" + e.getMessage() + "). Make the DiffusionJ home writable, or choose another with"
                + " -Ddiffusionj.home=FOLDER.", e);
        }
        AtomicFile.write(file, out -> out.write((GSON.toJson(new Kept(FORMAT, table)) + '\n').getBytes(StandardCharsets.UTF_8)));
        return file;
    }

    /**
     * @param modelHash SHA-256 over a model's files
     * @return what was measured of it; empty if nothing was, or if the file is damaged or of another version: it can be measured again
     */
    public Optional<StepsTable> of(final String modelHash) {
        final Path file = file(modelHash);
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            final Kept kept = GSON.fromJson(Files.readString(file), Kept.class);
            return kept == null || kept.format() != FORMAT || !kept.table().modelHash().equals(modelHash) ? Optional.empty() : Optional.of(kept.table());
        }
        catch (final IOException | RuntimeException e) {
            // What is missing in a damaged file is null, which no record here takes; the library wraps that in whatever it likes.
            LOG.log(System.Logger.Level.DEBUG, "no table in " + file, e);
            return Optional.empty();
        }
    }
}
