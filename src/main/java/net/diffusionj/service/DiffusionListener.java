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

import java.util.OptionalLong;

import net.diffusionj.pipeline.Stage;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/** Is told how a generation goes on, on the thread that asked for it: quick methods, please. Every method does nothing unless overridden. */
public interface DiffusionListener {

    /** A listener that listens to nothing. */
    DiffusionListener NONE = new DiffusionListener() {};

    /** @param stage what happens now */
    default void stage(final Stage stage) {}

    /**
     * Others come first. Told when the number changes.
     *
     * @param ahead how many
     * @param expectedMillis how long it may take until this one begins, by measured times; empty while nothing was measured
     */
    default void waiting(final int ahead, final OptionalLong expectedMillis) {}

    /**
     * One denoising step is done.
     *
     * @param step steps done, 1 to {@code steps}
     * @param steps steps in all
     * @param imageIndex the first image of the batch that this step belongs to
     */
    default void step(final int step, final int steps, final int imageIndex) {}

    /**
     * One tile is done, of an image that the model does not see at once. Every denoising step, encoding and decoding begin with the first tile again.
     *
     * @param tile tiles done, from 1
     * @param tiles tiles in all
     */
    default void tile(final int tile, final int tiles) {}

    /** @return after how many steps a preview is wanted; 0 for never */
    default int previewEverySteps() {
        return 0;
    }

    /** @param preview x, y, channel: the current latents, decoded; a copy that the listener may keep */
    default void preview(final Img<UnsignedByteType> preview) {}

    /** @return whether finished images of a batch are wanted one by one, before the result is complete */
    default boolean wantsImages() {
        return false;
    }

    /**
     * One image of a batch is finished. Called only where {@link #wantsImages()} says so.
     *
     * @param index of the image in the batch, from 0; the images of a second branch count on
     * @param image x, y and channel, in the type that the result will have; a copy that the listener may keep
     */
    default void image(final int index, final Img<?> image) {}

    /** @param message something that the user should know although the work goes on, such as the words that were cut from a prompt */
    default void warning(final String message) {}
}
