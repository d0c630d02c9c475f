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
package net.diffusionj.train;

import java.util.OptionalLong;

import net.diffusionj.ort.runtime.InsufficientMemoryException;

/**
 * What a tuning takes of the memory, and the batch that fits. An estimate from the safe side: ONNX Runtime uses memory of one value for another.
 *
 * @param numbers of all weights
 * @param bytesPerPicture that the forward pass leaves for the backward pass
 */
record MemoryNeed(long numbers, long bytesPerPicture) {

    /** The weights, their gradients, the optimiser's two, the average and the best. */
    private static final long ON_HEAP = 6L * Float.BYTES;
    /** What goes into the graph and what comes out of it. */
    private static final long BUFFERS = 2L * Float.BYTES;
    private static final long PROGRAM_BYTES = 200_000_000;
    private static final long MB = 1_000_000;

    long heapBytes() {
        return numbers * ON_HEAP;
    }

    long bytes(final int batch) {
        return PROGRAM_BYTES + numbers * (ON_HEAP + BUFFERS) + batch * bytesPerPicture;
    }

    /**
     * @param wanted pictures in a batch
     * @param freeHeapBytes what Java may still take
     * @param freeBytes of the machine; empty if unknown
     * @return the batch, halved until it fits
     * @throws InsufficientMemoryException if one picture is too many
     */
    int batch(final int wanted, final long freeHeapBytes, final OptionalLong freeBytes) {
        if (heapBytes() > freeHeapBytes) {
            throw new InsufficientMemoryException("Tuning this model needs " + heapBytes() / MB + " MB in Java, which may take " + freeHeapBytes / MB
                + " MB more. Give Java more memory (Edit > Options > Memory & Threads..., or -Xmx).", null);
        }
        int batch = wanted;
        while (batch > 1 && freeBytes.isPresent() && bytes(batch) > freeBytes.getAsLong()) batch /= 2;
        if (freeBytes.isPresent() && bytes(batch) > freeBytes.getAsLong()) {
            throw new InsufficientMemoryException("Tuning this model needs " + bytes(batch) / MB + " MB, and " + freeBytes.getAsLong() / MB
                + " MB are free. Close other programs, or choose a smaller model.", null);
        }
        return batch;
    }
}
