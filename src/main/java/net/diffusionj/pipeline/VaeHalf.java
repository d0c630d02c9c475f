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

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.pipeline.part.PartInUse;

/**
 * What both halves of a VAE do alike: pictures go through whole or in tiles ({@link VaeTiles}), and where float16 makes infinity or NaN of numbers, the
 * work is done again, and all that follows, by the same model computing in float32.
 * <p>
 * Not thread-safe: one run's own.
 * </p>
 */
abstract class VaeHalf implements AutoCloseable {

    private final String title;
    private final Path file;
    private final Supplier<Optional<VaeTiles>> inFloat32;
    private VaeTiles tiles;
    private boolean switched;
    private long earlierRunNanos;
    private Optional<String> warning = Optional.empty();

    /**
     * One half, open: as it is and, where that is not float32, once more in float32.
     *
     * @param part must outlive what is made of it
     * @param inFloat32 opens the part that computes in float32; empty if the part does so itself
     */
    record Opened(PartInUse part, Supplier<Optional<PartInUse>> inFloat32) {}

    /**
     * @param title as the user knows it, such as "VAE decoder"
     * @param opened the half
     * @param tiles makes of a part what runs it on pictures
     */
    VaeHalf(final String title, final Opened opened, final Function<PartInUse, VaeTiles> tiles) {
        this.title = title;
        this.file = opened.part().file();
        this.tiles = tiles.apply(opened.part());
        this.inFloat32 = () -> opened.inFloat32().get().map(tiles);
    }

    /**
     * @param values as {@link VaeTiles#run} takes them
     * @param last whether the model is not needed again for a while
     * @param cancel ends the model call early
     * @return what came of them, all finite
     * @throws net.diffusionj.InvalidInputException if float32 does not suffice either
     */
    final float[] run(final float[] values, final boolean last, final CancelToken cancel) {
        return FiniteCheck.require(widening(values, last, cancel), title, file);
    }

    private float[] widening(final float[] values, final boolean last, final CancelToken cancel) {
        final float[] made = tiles.run(values, last, cancel);
        if (switched || allFinite(made) || !allFinite(values)) return made;
        switched = true;
        final Optional<VaeTiles> wider = inFloat32.get();
        if (wider.isEmpty()) return made;
        warning = Optional.of("The " + title + " gave NaN in float16, whose range is too small for it, so it ran again in float32. Another export of the"
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
    final Optional<String> warning() {
        return warning;
    }

    /** @return the tiles in which it works */
    final VaeTiles tiles() {
        return tiles;
    }

    /** @return nanoseconds inside ONNX Runtime so far */
    final long runNanos() {
        return earlierRunNanos + tiles.runNanos();
    }

    @Override
    public final void close() {
        tiles.close();
    }
}
