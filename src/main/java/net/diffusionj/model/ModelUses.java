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

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.home.ProcessLock;

/**
 * Says to other programs which of the installed models work is being done with, so that none takes one away meanwhile: a shared lock on
 * {@code <home>/models/.NAME.use}, which the system releases when its holder dies. Where no file can be made or locked, nothing is said and nothing fails.
 * <p>
 * Thread-safe. A JVM may lock a file once, so another instance in it, as of a second class loader, relies on the lock of the first.
 * </p>
 */
final class ModelUses {

    private static final Logger LOG = System.getLogger(ModelUses.class.getName());

    private final Path models;
    private final Map<Path, Held> held = new HashMap<>();

    /** A lock and how many pieces of work it stands for; mutable, guarded by the owner. */
    private static final class Held {

        private final Optional<ProcessLock> lock;
        private int uses;

        Held(final Optional<ProcessLock> lock) {
            this.lock = lock;
        }
    }

    /** @param models the folder of the installed models */
    ModelUses(final Path models) {
        this.models = models.toAbsolutePath().normalize();
    }

    /** @param name of an installed model
     *  @return what its users lock */
    Path file(final String name) {
        return models.resolve("." + name + ".use");
    }

    /**
     * @param root folder of a model
     * @return to be closed when the work is done; does nothing where the model is no installed one
     */
    synchronized InstalledModels.Use begin(final Path root) {
        final Path folder = root.toAbsolutePath().normalize();
        if (!models.equals(folder.getParent())) return () -> {};
        final Path file = file(folder.getFileName().toString());
        held.computeIfAbsent(file, f -> new Held(locked(f))).uses++;
        return () -> end(file);
    }

    private synchronized void end(final Path file) {
        final Held now = held.get(file);
        if (--now.uses > 0) return;
        held.remove(file);
        now.lock.ifPresent(ModelUses::close);
    }

    /** A file that another program takes away between its making and its locking is locked in vain. */
    private static Optional<ProcessLock> locked(final Path file) {
        try {
            final Optional<ProcessLock> lock = ProcessLock.tryShare(file);
            if (Files.exists(file)) return lock;
            lock.ifPresent(ModelUses::close);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "Nobody is told that {0} is in use: {1}", file, e);
        }
        return Optional.empty();
    }

    private static void close(final ProcessLock lock) {
        try {
            lock.close();
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "A lock was not given back: {0}", e);
        }
    }
}
