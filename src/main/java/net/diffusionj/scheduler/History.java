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
package net.diffusionj.scheduler;

/** The last few arrays of a run, copied into storage that is made once. Not thread-safe. */
final class History {

    private final float[][] entries;
    private int newest = -1;
    private int length;

    History(final int capacity) {
        entries = new float[capacity][];
    }

    /** @return a history of equal entries that shares nothing with this one */
    History copy() {
        final History copy = new History(entries.length);
        for (int i = 0; i < entries.length; i++) {
            copy.entries[i] = entries[i] == null ? null : entries[i].clone();
        }
        copy.newest = newest;
        copy.length = length;
        return copy;
    }

    /** Copies an array in, in the place of the oldest if there is no room. */
    void add(final float[] values) {
        System.arraycopy(values, 0, slot(values.length), 0, values.length);
    }

    /**
     * Makes room for a newest entry.
     *
     * @return its storage, of the given size, holding arbitrary values
     */
    float[] slot(final int size) {
        newest = (newest + 1) % entries.length;
        if (entries[newest] == null) {
            entries[newest] = new float[size];
        }
        length = Math.min(length + 1, entries.length);
        return entries[newest];
    }

    int length() {
        return length;
    }

    /** @return the entry that was added {@code age} entries before the newest */
    float[] back(final int age) {
        return entries[Math.floorMod(newest - age, entries.length)];
    }
}
