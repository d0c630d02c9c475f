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
package net.diffusionj.ort.rewrite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.home.Sha256;
import net.diffusionj.ort.onnx.ModelHashes;

/**
 * Models with a form in int8 beside them, {@code model_int8.onnx} beside {@code model.onnx}, and which of the two was found faster on this machine:
 * {@code cache/int8} in the DiffusionJ home remembers it by what both files hold, the runtime's version, the processor and how it is to compute. Measures
 * nothing. A home that cannot be written costs the memory, nothing else.
 * <p>
 * Thread-safe, and safe for several processes: files are whole or absent.
 * </p>
 */
public final class Int8Models {

    private static final Logger LOG = System.getLogger(Int8Models.class.getName());
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
    private static final String SUFFIX = ".onnx";
    private static final String INT8_SUFFIX = "_int8.onnx";

    private final Path folder;
    private final ModelHashes hashes;
    private final String machine;

    /**
     * What was measured.
     *
     * @param usualMillis of a call of the model as it is
     * @param int8Millis of a call of its form in int8; empty if that does not run here
     */
    public record Verdict(double usualMillis, OptionalDouble int8Millis) {

        /** Images of the form in int8 differ a little, so a gain within the error of measurement is none. */
        private static final double LEAST_GAIN = 1.1;

        /** @return whether the form in int8 is clearly the faster one */
        public boolean pays() {
            return int8Millis.isPresent() && usualMillis >= LEAST_GAIN * int8Millis.getAsDouble();
        }
    }

    /** As a file has it: the second number is missing where the form does not run. */
    private record Kept(Double usualMillis, Double int8Millis) {}

    /**
     * @param home the DiffusionJ home; need not exist
     * @param runtimeVersion ONNX Runtime's version
     */
    public Int8Models(final Path home, final String runtimeVersion) {
        this(home, runtimeVersion, CpuFeatures.describe());
    }

    Int8Models(final Path home, final String runtimeVersion, final String cpu) {
        this.folder = home.resolve("cache").resolve("int8");
        this.hashes = new ModelHashes(home);
        this.machine = runtimeVersion + '\n' + cpu;
    }

    /** @param model an ONNX file
     *  @return its form in int8; empty if there is none */
    public static Optional<Path> of(final Path model) {
        final String name = model.getFileName().toString();
        if (!name.endsWith(SUFFIX) || isOne(model)) return Optional.empty();
        return Optional.of(model.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + INT8_SUFFIX)).filter(Files::isRegularFile);
    }

    /** @param file any
     *  @return whether its name is that of a model's form in int8 */
    public static boolean isOne(final Path file) {
        return file.getFileName().toString().endsWith(INT8_SUFFIX);
    }

    /**
     * @param model an ONNX file
     * @param int8 its form in int8
     * @param how it is to compute: a text that is equal for equal settings
     * @return what was measured of the two; empty if nothing was, or if the memory of it is damaged
     * @throws net.diffusionj.InvalidInputException if one of them cannot be read
     */
    public Optional<Verdict> known(final Path model, final Path int8, final String how) {
        final Path file = file(model, int8, how);
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            final Kept kept = GSON.fromJson(Files.readString(file), Kept.class);
            if (kept == null || kept.usualMillis() == null) return Optional.empty();
            return Optional.of(new Verdict(kept.usualMillis(), kept.int8Millis() == null ? OptionalDouble.empty() : OptionalDouble.of(kept.int8Millis())));
        }
        catch (final IOException | UncheckedIOException | JsonParseException e) {
            LOG.log(Level.DEBUG, "measured again: " + file, e);
            return Optional.empty();
        }
    }

    /**
     * Remembers what was measured, in place of what was known.
     *
     * @param model an ONNX file
     * @param int8 its form in int8
     * @param how it computed
     * @param verdict what was found
     */
    public void keep(final Path model, final Path int8, final String how, final Verdict verdict) {
        final Path file = file(model, int8, how);
        try {
            Files.createDirectories(folder);
            final String text =
                GSON.toJson(new Kept(verdict.usualMillis(), verdict.int8Millis().isPresent() ? verdict.int8Millis().getAsDouble() : null)) + '\n';
            AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        }
        catch (final IOException | DiffusionJException e) {
            LOG.log(Level.INFO, "Which form of {0} is the faster one is measured again next time, since {1} cannot be written: {2}", model, file,
                e.getMessage());
        }
    }

    private Path file(final Path model, final Path int8, final String how) {
        return folder.resolve(Sha256.of(hashes.of(model) + '\n' + hashes.of(int8) + '\n' + machine + '\n' + how).substring(0, 40) + ".json");
    }
}
