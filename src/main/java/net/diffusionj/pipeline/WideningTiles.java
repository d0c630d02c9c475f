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

import java.util.Optional;
import java.util.function.Supplier;

import net.diffusionj.ort.CancelToken;

/**
 * One half of a VAE that goes over to float32 when float16 does not suffice: where it makes infinity or NaN of numbers, the work is done again, and all
 * that follows, by the same model computing in float32.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
final class WideningTiles implements AutoCloseable {

    private final String name;
    private final Supplier<Optional<VaeTiles>> inFloat32;
    private VaeTiles tiles;
    private boolean switched;
    private long earlierRunNanos;
    private Optional<String> warning = Optional.empty();

    /**
     * @param name as the user knows it, such as "VAE decoder"
     * @param tiles the model as it is; this object's from now on
     * @param inFloat32 opens the model that computes in float32; empty if the model does so itself
     */
    WideningTiles(final String name, final VaeTiles tiles, final Supplier<Optional<VaeTiles>> inFloat32) {
        this.name = name;
        this.tiles = tiles;
        this.inFloat32 = inFloat32;
    }

    /**
     * @param values as {@link VaeTiles#run} takes them
     * @param last whether the model is not needed again for a while
     * @param cancel ends the model call early
     * @return what came of them; all finite if the values are and float32 suffices
     */
    float[] run(final float[] values, final boolean last, final CancelToken cancel) {
        final float[] made = tiles.run(values, last, cancel);
        if (switched || allFinite(made) || !allFinite(values)) return made;
        switched = true;
        final Optional<VaeTiles> wider = inFloat32.get();
        if (wider.isEmpty()) return made;
        warning = Optional.of("The " + name + " gave NaN in float16, whose range is too small for it, so it ran again in float32. Another export of the"
            + " VAE, such as a \"fp16-fix\" one, would be faster.");
        tiles.close();
        earlierRunNanos = tiles.runNanos();
        tiles = wider.get();
        return tiles.run(values, last, cancel);
    }

    private static boolean allFinite(final float[] values) {
        for (final float value : values) {
            if (!Float.isFinite(value)) return false;
        }
        return true;
    }

    /** @return that float16 did not suffice, for the user */
    Optional<String> warning() {
        return warning;
    }

    /** Goes over to smaller tiles at once. */
    void smallerTiles() {
        tiles.smallerTiles();
    }

    long runNanos() {
        return earlierRunNanos + tiles.runNanos();
    }

    @Override
    public void close() {
        tiles.close();
    }
}
