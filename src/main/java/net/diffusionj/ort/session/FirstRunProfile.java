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
package net.diffusionj.ort.session;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.FileTree;
import net.diffusionj.ort.provider.NodePlacement;
import net.diffusionj.ort.provider.PlacementCheck;

/**
 * Has ONNX Runtime profile the first run of a session, to learn on which provider its nodes run; later runs cost nothing.
 * <p>
 * Thread-safe.
 * </p>
 */
final class FirstRunProfile {

    private static final Logger LOG = System.getLogger(FirstRunProfile.class.getName());

    private final Path model;
    private final PlacementCheck check;
    private Optional<Path> folder;
    private Optional<NodePlacement> placement = Optional.empty();

    private FirstRunProfile(final Path model, final PlacementCheck check, final Optional<Path> folder) {
        this.model = model;
        this.check = check;
        this.folder = folder;
    }

    /**
     * @param options of the new session
     * @param model for messages
     * @param check what to do about heavy nodes on the CPU; with OFF nothing is profiled
     * @return to be told of the end of the first run
     */
    static FirstRunProfile begin(final SessionOptions options, final Path model, final PlacementCheck check) throws OrtException {
        if (check == PlacementCheck.OFF) return new FirstRunProfile(model, check, Optional.empty());
        try {
            final Path folder = Files.createTempDirectory("diffusionj-profile");
            options.enableProfiling(folder.resolve("run").toString());
            return new FirstRunProfile(model, check, Optional.of(folder));
        }
        catch (final IOException e) {
            LOG.log(Level.WARNING, "Nobody knows on which provider {0} runs: no profile can be written ({1}).", model, e.getMessage());
            return new FirstRunProfile(model, PlacementCheck.OFF, Optional.empty());
        }
    }

    /**
     * Ends the profile after the first run; does nothing after later ones.
     *
     * @param session has run
     * @throws DiffusionJException if heavy nodes fell back to the CPU and that is an error
     */
    synchronized void afterRun(final OrtSession session) {
        if (folder.isEmpty()) return;
        try {
            final NodePlacement found = NodePlacement.read(Path.of(session.endProfiling()));
            placement = Optional.of(found);
            LOG.log(Level.DEBUG, "{0}: nodes per provider: {1}", model, found.summary());
        }
        catch (final OrtException | IOException e) {
            LOG.log(Level.WARNING, "Nobody knows on which provider {0} runs: its profile cannot be read ({1}).", model, e.getMessage());
        }
        finally {
            close();
        }
        if (check == PlacementCheck.STRICT) {
            warning().ifPresent(text -> {
                throw new DiffusionJException(text + " The setting provider.strict makes this an error.");
            });
        }
    }

    synchronized Optional<NodePlacement> placement() {
        return placement;
    }

    /** @return that heavy nodes fell back to the CPU, for the user */
    synchronized Optional<String> warning() {
        return placement.filter(NodePlacement::fellBack).map(found -> model + " runs partly on the CPU, which is slow: " + found.heavySummary()
            + " (all nodes: " + found.summary() + "). The provider lacks these operators or types: export the model in another form, or use another"
            + " provider.");
    }

    /** Removes what was written. */
    synchronized void close() {
        folder.ifPresent(FirstRunProfile::delete);
        folder = Optional.empty();
    }

    private static void delete(final Path folder) {
        try {
            FileTree.delete(folder);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "left behind: " + folder, e);
        }
    }
}
