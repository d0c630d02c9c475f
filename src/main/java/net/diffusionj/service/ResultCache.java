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
package net.diffusionj.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.DiskCache;

/**
 * Results on disk, one file each, under {@code cache/results} in the DiffusionJ home; the ones that were not asked for longest go when they take too
 * much room. A file that is damaged counts as absent and is removed.
 * <p>
 * Thread-safe, and safe from several processes: files are written aside and moved, and one that another process has removed was never there.
 * </p>
 */
final class ResultCache {

    /** Room for about a thousand images of 512 x 512 pixels. */
    static final long DEFAULT_MAX_BYTES = 1L << 30;

    /** What stands under {@code cache} in the settings of a result that was taken from here. */
    static final String HIT = "result cache";

    private static final System.Logger LOG = System.getLogger(ResultCache.class.getName());
    private static final String SUFFIX = ".result";
    /** No single result takes more than this share of the room. */
    private static final int LARGEST_SHARE = 4;
    /** A file aside that is older than this was left by a process that was killed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final DiskCache cache;
    private final long maxBytes;

    /**
     * @param home the DiffusionJ home
     * @param maxBytes room on disk
     */
    ResultCache(final Path home, final long maxBytes) {
        this.cache = DiskCache.ofFiles(home.resolve("cache").resolve("results"), SUFFIX, maxBytes, ABANDONED);
        this.maxBytes = maxBytes;
    }

    /**
     * @param key of a request
     * @return its result as it was made, with {@code cache} in its settings; empty if it is not here
     */
    Optional<DiffusionResult> find(final String key) {
        final Path file = cache.path(key);
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            final Optional<DiffusionResult> found = ResultFile.decode(Files.readAllBytes(file));
            if (found.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "The kept result {0} is damaged and is made again.", file);
                cache.discard(key);
                return found;
            }
            cache.touch(key);
            return found.map(ResultCache::marked);
        }
        catch (final NoSuchFileException e) {
            return Optional.empty();
        }
        catch (final IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The kept result {0} cannot be read and is made again: {1}", file, e);
            return Optional.empty();
        }
    }

    private static DiffusionResult marked(final DiffusionResult result) {
        final Map<String, String> settings = new LinkedHashMap<>(result.settings());
        settings.put("cache", HIT);
        return new DiffusionResult(result.image(), settings, result.warnings(), result.timings(), result.latents());
    }

    /**
     * Keeps a result.
     *
     * @param key of its request
     * @param result what was made
     * @return why it could not be kept, in a sentence; empty if it was, or is of a kind that never is
     */
    Optional<String> keep(final String key, final DiffusionResult result) {
        try {
            final Optional<byte[]> bytes = ResultFile.encode(result);
            if (bytes.isEmpty() || bytes.get().length > maxBytes / LARGEST_SHARE) return Optional.empty();
            cache.write(key, out -> out.write(bytes.get()));
            cache.makeRoom(key, 0);
            return Optional.empty();
        }
        catch (final IOException | DiffusionJException e) {
            return Optional.of("The result could not be kept for the next time in " + cache.folder() + ": " + e.getMessage());
        }
    }
}
