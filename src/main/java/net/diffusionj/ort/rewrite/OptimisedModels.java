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
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.home.Sha256;
import net.diffusionj.ort.onnx.ExternalData;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ExecutionProvider;

/**
 * Models in the form that ONNX Runtime made of them, on the disk: {@code cache/optimised} in the DiffusionJ home. An entry's name is a hash of the model's
 * content, the runtime's version, the processor and the providers, so a wrong one is never found; its content is checked against a manifest. Entries
 * are built aside under a lock and moved. Whatever goes wrong with this folder, the model is opened as it is.
 * <p>
 * Thread-safe, and safe from several processes at once: who finds another building an entry does without it. An entry in use may be deleted (where the
 * system refuses, it stays for the next time), never changed.
 * </p>
 */
public final class OptimisedModels {

    static final String MODEL = "model.onnx";
    /** Weights lie here, each on a page of its own if it is large enough, ready to be mapped. */
    public static final String WEIGHTS = "model.onnx.data";

    private static final Logger LOG = System.getLogger(OptimisedModels.class.getName());
    private static final String ASIDE = ".part";
    private static final String LOCK = ".lock";
    private static final String UNUSABLE = ".unusable";
    /** No model takes so long to build. */
    private static final Duration ABANDONED = Duration.ofHours(6);
    /** Optimised and pre-packed weights may take more room than the model's. */
    private static final double ROOM = 2.2;

    private final Path folder;
    private final ModelHashes hashes;
    private final OptimisedLimits limits;
    private final String machine;

    /**
     * @param home the DiffusionJ home; need not exist
     * @param hashes tells models apart
     * @param limits what to keep
     * @param runtimeVersion ONNX Runtime's version
     */
    public OptimisedModels(final Path home, final ModelHashes hashes, final OptimisedLimits limits, final String runtimeVersion) {
        this(home, hashes, limits, runtimeVersion, CpuFeatures.describe());
    }

    OptimisedModels(final Path home, final ModelHashes hashes, final OptimisedLimits limits, final String runtimeVersion, final String cpu) {
        this.folder = home.resolve("cache").resolve("optimised");
        this.hashes = hashes;
        this.limits = limits;
        this.machine = runtimeVersion + '\n' + cpu;
    }

    /** Only graphs for the CPU are kept: other providers compile parts of a graph into forms that cannot be saved. */
    public boolean gains(final long modelBytes, final List<ExecutionProvider> providers) {
        return modelBytes >= limits.smallestModelBytes() && modelBytes * ROOM <= limits.maxDiskBytes() && providers.equals(List.of(ExecutionProvider.CPU));
    }

    public String key(final Path model, final List<ExecutionProvider> providers) {
        final String on = providers.stream().map(ExecutionProvider::id).collect(Collectors.joining(","));
        return Sha256.of(hashes.of(model) + '\n' + on + '\n' + machine).substring(0, 40);
    }

    /**
     * @param key of a model
     * @return the optimised model, checked; empty if there is none or it was damaged, in which case it is gone now
     */
    public Optional<Path> find(final String key) {
        final Path entry = folder.resolve(key);
        if (!Files.isDirectory(entry)) return Optional.empty();
        try {
            if (OptimisedManifest.holds(entry)) {
                touch(entry);
                return Optional.of(entry.resolve(MODEL));
            }
            LOG.log(Level.WARNING, "The optimised model {0} was damaged and is built again.", entry);
        }
        catch (final IOException e) {
            LOG.log(Level.WARNING, "The optimised model {0} cannot be read and is built again: {1}", entry, e.toString());
        }
        discard(key);
        return Optional.empty();
    }

    private static void touch(final Path entry) {
        try {
            Files.setLastModifiedTime(entry.resolve(OptimisedManifest.NAME), FileTime.from(Instant.now()));
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "The use of {0} is not recorded: {1}", entry, e);
        }
    }

    /** @param key whose entry is not to be found again */
    public void discard(final String key) {
        delete(folder.resolve(key));
    }

    /** An entry that is being built; closing it without {@link #commit()} leaves nothing. */
    public final class Building implements AutoCloseable {

        private final String key;
        private final Path aside;
        private final FileChannel channel;
        private final FileLock lock;

        private Building(final String key, final FileChannel channel, final FileLock lock) throws IOException {
            this.key = key;
            this.aside = folder.resolve(key + ASIDE);
            this.channel = channel;
            this.lock = lock;
            // Under the lock nobody else can be building: what lies here was left by a process that was killed.
            delete(aside);
            Files.createDirectory(aside);
        }

        public Path model() {
            return aside.resolve(MODEL);
        }

        /** A write that failed for want of space may go unnoticed by the writer; mapping the short file would end the JVM. */
        private void checkWhole() throws IOException {
            for (final Map.Entry<Path, Long> file : ExternalData.extents(model()).entrySet()) {
                if (!Files.isRegularFile(file.getKey()) || Files.size(file.getKey()) < file.getValue()) {
                    throw new IOException(file.getKey() + " was not written in full; is the disk full?");
                }
            }
        }

        /** Makes what lies aside the entry. */
        public void commit() throws IOException {
            checkWhole();
            OptimisedManifest.write(aside);
            delete(folder.resolve(key));
            Files.move(aside, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE);
        }

        /** Remembers that this model has no optimised form that opens. */
        public void giveUp() throws IOException {
            Files.write(folder.resolve(key + UNUSABLE), List.of());
        }

        @Override
        public void close() {
            delete(aside);
            try {
                lock.release();
                channel.close();
            }
            catch (final IOException e) {
                LOG.log(Level.DEBUG, "The lock of {0} was not given back: {1}", aside, e);
            }
        }
    }

    /**
     * Starts an entry.
     *
     * @param key of a model
     * @param modelBytes the model's size, for which room is made
     * @return what to fill and to close; empty where there is no room, no right to write, or somebody else is building it
     */
    public Optional<Building> begin(final String key, final long modelBytes) {
        FileChannel channel = null;
        try {
            Files.createDirectories(folder);
            if (Files.exists(folder.resolve(key + UNUSABLE))) return Optional.empty();
            final long needed = (long) (modelBytes * ROOM);
            deleteAbandoned();
            makeRoom(needed);
            if (Files.getFileStore(folder).getUsableSpace() < needed) {
                LOG.log(Level.INFO, "There is too little space under {0} to keep an optimised model.", folder);
                return Optional.empty();
            }
            channel = FileChannel.open(folder.resolve(key + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            final FileLock lock = tryLock(channel);
            if (lock != null) return Optional.of(new Building(key, channel, lock));
            channel.close();
        }
        catch (final IOException e) {
            LOG.log(Level.INFO, "No optimised model is kept under {0}: {1}", folder, e.toString());
            closeQuietly(channel);
        }
        return Optional.empty();
    }

    /** @return null when somebody else holds it, in this JVM or in another */
    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        }
        catch (final OverlappingFileLockException e) {
            return null;
        }
    }

    private static void closeQuietly(final FileChannel channel) {
        try {
            if (channel != null) channel.close();
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "closing a lock: {0}", e);
        }
    }

    /**
     * What a process that was killed has left of other models. By its age: looking whether its lock is free would, on some systems, release the lock of
     * another thread that is building it.
     */
    private void deleteAbandoned() throws IOException {
        final Instant latest = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> aside = Files.newDirectoryStream(folder, '*' + ASIDE)) {
            for (final Path entry : aside) {
                if (Files.getLastModifiedTime(entry).toInstant().isBefore(latest)) delete(entry);
            }
        }
    }

    /** Deletes the entries that were used longest ago until the new one fits below the limit. */
    private void makeRoom(final long needed) throws IOException {
        final List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.filter(entry -> Files.isRegularFile(entry.resolve(OptimisedManifest.NAME)) && !entry.toString().endsWith(ASIDE))
                .sorted(Comparator.comparing(OptimisedModels::lastUse)).toList();
        }
        long total = needed;
        for (final Path entry : entries) total += OptimisedManifest.bytes(entry);
        for (final Path entry : entries) {
            if (total <= limits.maxDiskBytes()) return;
            total -= OptimisedManifest.bytes(entry);
            LOG.log(Level.INFO, "Deleting the optimised model {0}, used longest ago, to make room.", entry);
            delete(entry);
        }
    }

    private static FileTime lastUse(final Path entry) {
        try {
            return Files.getLastModifiedTime(entry.resolve(OptimisedManifest.NAME));
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "{0} went away: {1}", entry, e);
            return FileTime.fromMillis(0);
        }
    }

    /** The manifest goes first, so that what is deleted in part is not an entry. */
    private static void delete(final Path entry) {
        if (!Files.exists(entry)) return;
        try {
            if (Files.isDirectory(entry)) Files.deleteIfExists(entry.resolve(OptimisedManifest.NAME));
            try (Stream<Path> files = Files.walk(entry)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
            }
        }
        catch (final IOException | UncheckedIOException e) {
            LOG.log(Level.DEBUG, "{0} was not deleted in full: {1}", entry, e);
        }
    }
}
