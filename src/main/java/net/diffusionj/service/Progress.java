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

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

import net.diffusionj.image.DecodedImages;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.PipelineListener;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.record.GenerationNotes;

import net.imglib2.img.Img;

/**
 * Passes the pipeline's progress on to a caller's listener, with previews as images, and remembers the stage, the warnings and the notes for
 * the record.
 * <p>
 * Used by the thread that runs the request, one after the other where several do.
 * </p>
 */
final class Progress implements PipelineListener {

    private final List<String> warnings = new ArrayList<>();
    private DiffusionListener listener;
    private final GenerationNotes notes;
    private Runnable whenDenoising = () -> {};
    private Runnable afterStep = () -> {};
    private volatile Stage stage = Stage.STARTING;
    private BiFunction<Integer, DecodedPixels, Img<?>> maker = Progress::plain;

    /** @param listener is told
     *  @param notes for the record */
    Progress(final DiffusionListener listener, final GenerationNotes notes) {
        this.listener = listener;
        this.notes = notes;
    }

    /** @return what the run notes down of itself */
    GenerationNotes notes() {
        return notes;
    }

    /** @param work done when denoising begins, once every part is open */
    void whenDenoising(final Runnable work) {
        whenDenoising = work;
    }

    /**
     * Begins an attempt: what one before had to say does not count.
     *
     * @param now is told from here on
     * @param watcher is run after every step; what it throws ends the run
     */
    void begin(final DiffusionListener now, final Runnable watcher) {
        listener = now;
        afterStep = watcher;
        warnings.clear();
        maker = Progress::plain;
    }

    /** @return what happens now; may be asked on any thread */
    Stage stage() {
        return stage;
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void warning(final String message) {
        warnings.add(message);
        listener.warning(message);
    }

    /** @param imageMaker makes of one finished image, and its place in the batch, what the listener gets */
    void handOver(final BiFunction<Integer, DecodedPixels, Img<?>> imageMaker) {
        maker = imageMaker;
    }

    @Override
    public void image(final int index, final DecodedPixels pixels) {
        if (listener.wantsImages()) listener.image(index, maker.apply(index, pixels));
    }

    @Override
    public void stage(final Stage newStage) {
        if (newStage == Stage.DENOISING && stage != Stage.DENOISING) whenDenoising.run();
        stage = newStage;
        listener.stage(newStage);
    }

    @Override
    public void step(final int step, final int steps, final int firstImage) {
        listener.step(step, steps, firstImage);
        afterStep.run();
    }

    @Override
    public void tile(final int tile, final int tiles) {
        listener.tile(tile, tiles);
    }

    @Override
    public boolean wantsPreview(final int step) {
        final int every = listener.previewEverySteps();
        return every > 0 && step % every == 0;
    }

    @Override
    public void preview(final DecodedPixels pixels) {
        listener.preview(DecodedImages.toUnsignedBytes(pixels));
    }

    private static Img<?> plain(@SuppressWarnings("unused") final int index, final DecodedPixels pixels) {
        return DecodedImages.toUnsignedBytes(pixels);
    }
}
