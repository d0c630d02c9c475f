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
package net.diffusionj.pipeline;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Keeps values up to a number of bytes; what was not asked for longest goes first. A value larger than the whole bound is not kept.
 * <p>
 * Thread-safe. Values are shared with everybody who asks: they must not be changed.
 * </p>
 */
final class ByteBoundedCache<K, V> {

    private final long maxBytes;
    private final ToLongFunction<V> size;
    private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long hits;

    /**
     * @param maxBytes bound, 0 or more; 0 keeps nothing
     * @param size bytes that a value takes; the same at every call
     */
    ByteBoundedCache(final long maxBytes, final ToLongFunction<V> size) {
        if (maxBytes < 0) throw new IllegalArgumentException("maxBytes " + maxBytes);
        this.maxBytes = maxBytes;
        this.size = size;
    }

    synchronized Optional<V> get(final K key) {
        final Optional<V> found = Optional.ofNullable(entries.get(key));
        if (found.isPresent()) hits++;
        return found;
    }

    synchronized void put(final K key, final V value) {
        final V before = entries.remove(key);
        if (before != null) bytes -= size.applyAsLong(before);
        final long added = size.applyAsLong(value);
        if (added > maxBytes) return;
        entries.put(key, value);
        bytes += added;
        for (final Iterator<V> oldest = entries.values().iterator(); bytes > maxBytes;) {
            bytes -= size.applyAsLong(oldest.next());
            oldest.remove();
        }
    }

    synchronized void clear() {
        entries.clear();
        bytes = 0;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** @return how often a value was there when asked for */
    synchronized long hits() {
        return hits;
    }
}
