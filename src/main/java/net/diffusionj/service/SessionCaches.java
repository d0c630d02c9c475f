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

import java.nio.file.Path;
import java.util.Optional;

import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.rewrite.OptimisedLimits;
import net.diffusionj.ort.rewrite.OptimisedModels;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.service.settings.CacheSettings;
import net.diffusionj.service.settings.Settings;

/**
 * The one session cache of a program or of a context, as the settings want it: other settings need other sessions, so they get another cache, and what is
 * on lease from the one before stays open until it comes back.
 * <p>
 * Thread-safe.
 * </p>
 */
final class SessionCaches implements AutoCloseable {

    private final Path home;
    private final ModelHashes hashes;
    private Optional<SessionCache> current = Optional.empty();
    private Settings settings = Settings.DEFAULTS;
    private boolean closed;

    /** @param home the DiffusionJ home
     *  @param hashes tells models apart */
    SessionCaches(final Path home, final ModelHashes hashes) {
        this.home = home;
        this.hashes = hashes;
    }

    /**
     * @param now what is set
     * @return the cache; loads ONNX Runtime at the first call
     */
    synchronized SessionCache with(final Settings now) {
        if (current.isPresent() && suits(now)) return current.get();
        final OnnxEnvironment onnx = OnnxEnvironment.load(home);
        current.ifPresent(SessionCache::close);
        current = Optional.of(make(onnx, now));
        // Who comes after the end gets a cache that says so.
        if (closed) current.get().close();
        settings = now;
        return current.get();
    }

    private boolean suits(final Settings now) {
        return now.provider().options().equals(settings.provider().options()) && now.memory().equals(settings.memory())
            && now.cache().equals(settings.cache());
    }

    private SessionCache make(final OnnxEnvironment onnx, final Settings now) {
        final CacheSettings caches = now.cache();
        final Optional<OptimisedModels> optimised = caches.models() && caches.modelsBytes() > 0 ? Optional.of(new OptimisedModels(home, hashes,
            new OptimisedLimits(OptimisedLimits.DEFAULT.smallestModelBytes(), caches.modelsBytes()), onnx.version())) : Optional.empty();
        return new SessionCache(onnx, new ExecutionProviders(onnx, now.provider().options()), now.memory().limits(MemoryProbe.ofThisMachine()), optimised);
    }

    /** @return the cache, if one was made */
    synchronized Optional<SessionCache> current() {
        return current;
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.ifPresent(SessionCache::close);
    }
}
