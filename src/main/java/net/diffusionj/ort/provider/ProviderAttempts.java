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
package net.diffusionj.ort.provider;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Remembers, across processes, which provider's library ended the whole program while it was tried. A note is written before an attempt and removed
 * after it; a note whose process is gone means a crash.
 * <p>
 * A note {@code PROVIDER.RANDOM.attempt} has three lines: process id, start of the process, runtime and time for people. Thread-safe, and safe for
 * several processes: each attempt has a note of its own.
 * </p>
 */
final class ProviderAttempts {

    private static final Logger LOG = System.getLogger(ProviderAttempts.class.getName());
    private static final String SUFFIX = ".attempt";

    private final Path folder;
    private final String runtime;

    /**
     * @param home the DiffusionJ home
     * @param runtime what is loaded: another version may not crash, so its notes are its own
     */
    ProviderAttempts(final Path home, final String runtime) {
        this.runtime = runtime;
        this.folder = home.resolve("providers").resolve(runtime);
    }

    /** Ends the attempt when closed: whatever happened, the program lived. */
    interface Attempt extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @param provider about to be tried
     * @return to be closed after the attempt
     */
    Attempt begin(final ExecutionProvider provider) {
        final Path note = folder.resolve(provider.id() + '.' + UUID.randomUUID().toString().substring(0, 8) + SUFFIX);
        final Thread atExit = new Thread(() -> remove(note), "DiffusionJ removes " + note.getFileName());
        try {
            Files.createDirectories(folder);
            final ProcessHandle me = ProcessHandle.current();
            Files.write(note, List.of(Long.toString(me.pid()), startOf(me), runtime + " on " + Instant.now()), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            // A program that is ended from the keyboard did not crash.
            Runtime.getRuntime().addShutdownHook(atExit);
        }
        catch (final IOException | IllegalStateException e) {
            LOG.log(Level.DEBUG, "No note of the attempt to load " + provider.label() + ": a crash would not be remembered", e);
        }
        return () -> {
            remove(note);
            forget(atExit);
        };
    }

    private static void forget(final Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
        catch (final IllegalStateException e) {
            LOG.log(Level.DEBUG, "the program ends", e);
        }
    }

    /**
     * @param provider which one
     * @return when an earlier process ended in an attempt, and with what, if one did
     */
    Optional<String> crash(final ExecutionProvider provider) {
        for (final Path note : notes(provider.id() + '.')) {
            try {
                final List<String> lines = Files.readAllLines(note);
                // A note of less than three lines was cut short by the end of its process.
                if (lines.size() < 3 || !lives(lines.get(0), lines.get(1))) return Optional.of(lines.size() < 3 ? runtime : lines.get(2));
            }
            catch (final NoSuchFileException e) {
                LOG.log(Level.DEBUG, "{0} was tried by another process, which lived", provider.id());
            }
            catch (final IOException e) {
                LOG.log(Level.DEBUG, "The note " + note + " cannot be read", e);
            }
        }
        return Optional.empty();
    }

    /** Forgets all crashes, so that every provider is tried again. */
    void forgetCrashes() {
        notes("").forEach(ProviderAttempts::remove);
    }

    private List<Path> notes(final String prefix) {
        if (!Files.isDirectory(folder)) return List.of();
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*" + SUFFIX)) {
            files.forEach(found::add);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "The notes in " + folder + " cannot be read", e);
        }
        return found;
    }

    private static boolean lives(final String pid, final String start) {
        return pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).map(ProviderAttempts::startOf)
            .filter(start::equals).isPresent();
    }

    private static String startOf(final ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    private static void remove(final Path note) {
        try {
            Files.deleteIfExists(note);
        }
        catch (final IOException e) {
            LOG.log(Level.WARNING, "The note {0} cannot be removed; remove it by hand, or a provider that works will be skipped: {1}", note, e.getMessage());
        }
    }
}
