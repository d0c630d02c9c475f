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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import net.diffusionj.home.DiskCache;
import net.diffusionj.home.Sha256;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ExecutionProvider;

/**
 * Models in the form that ONNX Runtime made of them, on the disk: {@code cache/optimised} in the DiffusionJ home. An entry's name is a hash of the model's
 * content, the runtime's version, the processor and the providers, so a wrong one is never found; its content is checked against a manifest. Entries
 * are built aside under a lock and moved. Whatever goes wrong with this folder, the model is opened as it is.
 * <p>
 * Thread-safe, and safe from several processes at once: a process that finds another building an entry does without it. An entry in use may be deleted (where the
 * system refuses, it stays for the next time), never changed.
 * </p>
 */
public final class OptimisedModels {

    /** The graph's name in an entry. */
    static final String MODEL = "model.onnx";
    /** Weights lie here, each on a page of its own if it is large enough, ready to be mapped. */
    public static final String WEIGHTS = "model.onnx.data";

    private static final Logger LOG = System.getLogger(OptimisedModels.class.getName());
    /** No model takes this long to build. */
    private static final Duration ABANDONED = Duration.ofHours(6);
    /** Optimised and pre-packed weights may take more room than the model's. */
    private static final double ROOM = 2.2;

    private final DiskCache cache;
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
        this.cache = DiskCache.ofFolders(home.resolve("cache").resolve("optimised"), limits.maxDiskBytes(), ABANDONED);
        this.hashes = hashes;
        this.limits = limits;
        this.machine = runtimeVersion + '\n' + cpu;
    }

    /**
     * Tells whether an optimised form is worth its room. Only graphs for the CPU are kept: other providers compile parts of a graph into forms that cannot be
     * saved.
     *
     * @param modelBytes the model's size, weights included
     * @param providers what the session is to run on, in order of preference
     * @return whether to look for an entry, and to build one
     */
    public boolean gains(final long modelBytes, final List<ExecutionProvider> providers) {
        return modelBytes >= limits.smallestModelBytes() && modelBytes * ROOM <= limits.maxDiskBytes() && providers.equals(List.of(ExecutionProvider.CPU));
    }

    /**
     * Names an entry. Reads the model the first time, a second or so for every gigabyte.
     *
     * @param model an ONNX file
     * @param providers what the session is to run on, in order of preference
     * @return 40 hexadecimal digits; equal for the same content, runtime, processor and providers, and for nothing else
     * @throws net.diffusionj.InvalidInputException if the model cannot be read
     */
    public String key(final Path model, final List<ExecutionProvider> providers) {
        final String on = providers.stream().map(ExecutionProvider::id).collect(Collectors.joining(","));
        return Sha256.of(hashes.of(model) + '\n' + on + '\n' + machine).substring(0, 40);
    }

    /**
     * @param key of a model
     * @return the optimised model, checked; empty if there is none or it was damaged, in which case it is gone now
     */
    public Optional<Path> find(final String key) {
        final Path entry = cache.path(key);
        if (!Files.isDirectory(entry)) return Optional.empty();
        try {
            if (OptimisedManifest.holds(entry)) {
                cache.touch(key);
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

    /**
     * Deletes an entry that did not open.
     *
     * @param key whose entry is not to be found again; nothing happens if there is none
     */
    public void discard(final String key) {
        cache.discard(key);
    }

    /**
     * Starts an entry.
     *
     * @param key of a model
     * @param modelBytes the model's size, for which room is made
     * @return what to fill and to close; empty where there is no room, no right to write, an entry that did not open, or somebody else who is building it
     */
    public Optional<OptimisedBuilding> begin(final String key, final long modelBytes) {
        if (cache.isGivenUp(key)) return Optional.empty();
        try {
            Files.createDirectories(cache.folder());
            final long needed = (long) (modelBytes * ROOM);
            for (final Path gone : cache.makeRoom(key, needed)) {
                LOG.log(Level.INFO, "Deleting the optimised model {0}, used longest ago, to make room.", gone);
            }
            if (Files.getFileStore(cache.folder()).getUsableSpace() < needed) {
                LOG.log(Level.INFO, "There is too little space under {0} to keep an optimised model.", cache.folder());
                return Optional.empty();
            }
            return OptimisedBuilding.begin(cache, key);
        }
        catch (final IOException e) {
            LOG.log(Level.INFO, "No optimised model is kept under {0}: {1}", cache.folder(), e.toString());
            return Optional.empty();
        }
    }
}
