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

/** Is told how a run goes on, on the thread that runs it. */
public interface PipelineListener {

    /** @param stage what happens from now on */
    void stage(Stage stage);

    /**
     * One denoising step is done.
     *
     * @param step steps done, from 1
     * @param steps steps in all
     * @param firstImage index of the first image that this step belongs to
     */
    void step(int step, int steps, int firstImage);

    /**
     * One tile is done, of a picture that the model does not see at once. Every denoising step and both halves of the VAE begin with the first tile again.
     *
     * @param tile tiles done, from 1
     * @param tiles tiles in all
     */
    default void tile(final int tile, final int tiles) {}

    /** @param step steps done
     *  @return whether the latents after this step should be decoded and handed to {@link #preview} */
    boolean wantsPreview(int step);

    /** @param pixels the latents of one image as they are now, decoded; the listener's to keep */
    void preview(DecodedPixels pixels);

    /**
     * One image is finished, others may follow.
     *
     * @param index of the image, from 0; images of a second result that shares steps with the first count on
     * @param pixels of this image alone; not to be changed
     */
    default void image(final int index, final DecodedPixels pixels) {}
}
