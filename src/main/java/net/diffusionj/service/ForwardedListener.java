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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import net.diffusionj.pipeline.Stage;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/**
 * Has a listener told on the thread of its own caller, while another thread does the work. Of previews there is one on the way at most, so that a listener that is
 * slow makes none pile up.
 */
final class ForwardedListener implements DiffusionListener {

    private final DiffusionListener listener;
    private final Consumer<Runnable> teller;
    private final int previewEverySteps;
    private final boolean wantsImages;
    private final AtomicBoolean previewOnItsWay = new AtomicBoolean();

    /**
     * @param listener is told in the end
     * @param teller runs what it is given on the caller's thread
     */
    ForwardedListener(final DiffusionListener listener, final Consumer<Runnable> teller) {
        this.listener = listener;
        this.teller = teller;
        this.previewEverySteps = listener.previewEverySteps();
        this.wantsImages = listener.wantsImages();
    }

    @Override
    public void stage(final Stage stage) {
        teller.accept(() -> listener.stage(stage));
    }

    @Override
    public void waiting(final int ahead, final OptionalLong expectedMillis) {
        teller.accept(() -> listener.waiting(ahead, expectedMillis));
    }

    @Override
    public void step(final int step, final int steps, final int imageIndex) {
        teller.accept(() -> listener.step(step, steps, imageIndex));
    }

    @Override
    public void tile(final int tile, final int tiles) {
        teller.accept(() -> listener.tile(tile, tiles));
    }

    @Override
    public int previewEverySteps() {
        return previewOnItsWay.get() ? 0 : previewEverySteps;
    }

    @Override
    public void preview(final Img<UnsignedByteType> preview) {
        previewOnItsWay.set(true);
        teller.accept(() -> {
            previewOnItsWay.set(false);
            listener.preview(preview);
        });
    }

    @Override
    public boolean wantsImages() {
        return wantsImages;
    }

    @Override
    public void image(final int index, final Img<?> image) {
        teller.accept(() -> listener.image(index, image));
    }

    @Override
    public void warning(final String message) {
        teller.accept(() -> listener.warning(message));
    }
}
