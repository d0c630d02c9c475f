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
package net.diffusionj.augment.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;

/**
 * What {@code manifest.json} says of a run as a whole, by which a folder is known to belong to it.
 *
 * @param settings what was asked for, by name
 * @param sources hash of each source and its labels, by the name of its outputs
 * @param camera the camera of all sources together, estimated once: the noise of outputs whose source does not tell its own
 * @param measured of all outputs together, by name; empty while the run goes on
 * @param finish what was made of the finished outputs, such as splits and layouts; empty while the run goes on
 */
record RunRecord(Map<String, String> settings, Map<String, String> sources, String camera, Map<String, String> measured,
    Map<String, String> finish) {

    /** Raised when a record of an older version cannot be gone on with. */
    private static final String FORMAT = "1";

    /** The file, as Gson reads it. */
    private static final class Stored {
        private Inner run;

        private static final class Inner {
            private String format;
            private Map<String, String> settings;
            private Map<String, String> sources;
            private String camera;
            private Map<String, String> measured;
            private Map<String, String> finish;
        }
    }

    /**
     * @param folder an output folder
     * @return the record of the run that it holds; empty if it holds none
     * @throws InvalidInputException if the file is there and is not a record
     */
    static Optional<RunRecord> read(final Path folder) {
        final Path json = folder.resolve(Manifest.JSON);
        if (!Files.exists(json)) return Optional.empty();
        try {
            final Stored stored = new Gson().fromJson(Files.readString(json, StandardCharsets.UTF_8), Stored.class);
            if (stored != null && stored.run != null && FORMAT.equals(stored.run.format) && stored.run.settings != null && stored.run.sources != null
                && stored.run.camera != null && stored.run.measured != null && stored.run.finish != null) {
                return Optional.of(new RunRecord(stored.run.settings, stored.run.sources, stored.run.camera, stored.run.measured, stored.run.finish));
            }
            throw foreign(json, null);
        }
        catch (final IOException | JsonParseException e) {
            throw foreign(json, e);
        }
    }

    private static InvalidInputException foreign(final Path json, final Exception cause) {
        return new InvalidInputException(
            "The file " + json + " does not come from an augmentation that this version can go on with. Choose another output folder.",
            cause);
    }

    /** @param folder where to write
     *  @param rows in their order */
    void write(final Path folder, final List<ManifestRow> rows) {
        final Map<String, Object> run = new LinkedHashMap<>();
        run.put("format", FORMAT);
        run.put("settings", settings);
        run.put("sources", sources);
        run.put("camera", camera);
        run.put("measured", measured);
        run.put("finish", finish);
        Manifest.writeJson(folder.resolve(Manifest.JSON), run, rows);
    }

    /** @param values of all outputs together
     *  @return the same run, measured */
    RunRecord measured(final Map<String, String> values) {
        return new RunRecord(settings, sources, camera, values, finish);
    }

    /** @param made what was made of the finished outputs
     *  @return the same run, finished */
    RunRecord finished(final Map<String, String> made) {
        return new RunRecord(settings, sources, camera, measured, made);
    }

    /**
     * @param folder an output folder, for the message
     * @param other the record that it holds
     * @throws InvalidInputException if that is another run's, naming what differs
     */
    void checkSame(final Path folder, final RunRecord other) {
        for (final String key : union(settings, other.settings)) {
            final String here = settings.getOrDefault(key, "nothing");
            final String there = other.settings.getOrDefault(key, "nothing");
            if (!here.equals(there)) {
                throw new InvalidInputException("The output folder " + folder + " holds another run's manifest: there, " + key + " is \"" + there
                    + "\", and now \"" + here + "\". Choose another folder, or the same settings to go on with that run.");
            }
        }
        for (final String name : union(sources, other.sources)) {
            final String here = sources.get(name);
            final String there = other.sources.get(name);
            if (here != null && here.equals(there)) continue;
            final String what = there == null ? "is new" : here == null ? "is gone" : "or its labels have changed";
            throw new InvalidInputException("The output folder " + folder + " holds a run with other sources: " + name + " " + what
                + " since. Choose another folder, or put the sources back.");
        }
    }

    private static TreeSet<String> union(final Map<String, String> a, final Map<String, String> b) {
        final TreeSet<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        return keys;
    }
}
