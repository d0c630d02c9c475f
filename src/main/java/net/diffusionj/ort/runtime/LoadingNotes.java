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
package net.diffusionj.ort.runtime;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Notes of processes that load libraries from a folder: empty files {@code loading-PROCESS-START-RANDOM}. One whose process is gone shows that it ended while
 * it loaded. Immutable and thread-safe.
 */
public final class LoadingNotes {

    private static final Logger LOG = System.getLogger(LoadingNotes.class.getName());
    private static final Pattern NAME = Pattern.compile("loading-(\\d{1,18})-(\\d{1,18})-[0-9a-f]+");

    private final Path folder;

    /** @param folder has the libraries; need not exist */
    LoadingNotes(final Path folder) {
        this.folder = folder;
    }

    /** A note that is there until it is closed. */
    public interface Note extends AutoCloseable {
        @Override
        void close();
    }

    Note begin() {
        final ProcessHandle me = ProcessHandle.current();
        final Path note = folder.resolve("loading-" + me.pid() + '-' + start(me) + '-' + Integer.toHexString(ThreadLocalRandom.current().nextInt()));
        try {
            Files.createFile(note);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "no note in {0}: a crash would not be remembered: {1}", folder, e);
        }
        return () -> remove(note);
    }

    boolean tellOfACrash() throws IOException {
        return !crashed().isEmpty();
    }

    void forgetCrashes() throws IOException {
        crashed().forEach(LoadingNotes::remove);
    }

    private List<Path> crashed() throws IOException {
        final List<Path> crashed = new ArrayList<>();
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, "loading-*")) {
            for (final Path note : notes) {
                final Matcher parts = NAME.matcher(note.getFileName().toString());
                if (parts.matches() && !lives(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)))) crashed.add(note);
            }
        }
        return crashed;
    }

    private static boolean lives(final long process, final long start) {
        final Optional<ProcessHandle> found = ProcessHandle.of(process).filter(ProcessHandle::isAlive);
        return found.filter(handle -> start(handle) == start).isPresent();
    }

    /** @return milliseconds since 1970; 0 where the system does not tell */
    private static long start(final ProcessHandle process) {
        return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
    }

    private static void remove(final Path note) {
        try {
            Files.deleteIfExists(note);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "{0} was left behind: {1}", note, e);
        }
    }
}
