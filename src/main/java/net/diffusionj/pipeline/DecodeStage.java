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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import net.diffusionj.CancelToken;
import net.diffusionj.pipeline.part.Background;
import net.diffusionj.pipeline.part.LoadingPart;

/**
 * The last stage, latents to pixels: here and now, or on another thread while the calling one goes on to denoise the next group. Whatever is finished is handed
 * over on the calling thread, at the next chance that it gives.
 * <p>
 * Not thread-safe: used by the thread of one run, and uses one other itself. The decoder is this object's from now on.
 * </p>
 */
final class DecodeStage implements AutoCloseable {

    private final VaeDecoder decoder;
    private final boolean ahead;
    private final Background background;
    private final CancelToken cancel;
    private final Queue<Runnable> finished = new ConcurrentLinkedQueue<>();
    private Optional<CompletableFuture<Void>> begun = Optional.empty();

    /** Takes an image of a group. */
    @FunctionalInterface
    interface Receiver {
        /** @param image index in the group
         *  @param pixels [3, heightPx, widthPx], nominally −1 to 1
         *  @param nanos what decoding took
         *  @param modelNanos how much of it inside ONNX Runtime */
        void take(int image, float[] pixels, long nanos, long modelNanos);
    }

    /**
     * @param decoder closed with this
     * @param ahead whether a group is decoded while the next one is denoised
     * @param background has the thread for it
     * @param cancel ends the decoding
     */
    DecodeStage(final VaeDecoder decoder, final boolean ahead, final Background background, final CancelToken cancel) {
        this.decoder = decoder;
        this.ahead = ahead;
        this.background = background;
        this.cancel = cancel;
    }

    /**
     * Decodes a group, or begins to, after the one before it.
     *
     * @param latents per image; nobody may change them any more
     * @param last whether nothing is denoised afterwards and the decoder is not needed again for a while
     * @param receiver takes every image, at the latest when {@link #finish} is called or another group is decoded
     */
    void decode(final float[][] latents, final boolean last, final Receiver receiver) {
        finish();
        if (ahead && !last) {
            begun = Optional.of(background.begin(() -> {
                for (int image = 0; image < latents.length; image++) finished.add(decode(image, latents[image], false, receiver));
                return null;
            }));
            return;
        }
        for (int image = 0; image < latents.length; image++) {
            decode(image, latents[image], last && image == latents.length - 1, receiver).run();
        }
    }

    private Runnable decode(final int image, final float[] latents, final boolean last, final Receiver receiver) {
        final long start = System.nanoTime();
        final long modelBefore = decoder.runNanos();
        final float[] pixels = decoder.decode(latents, last, cancel);
        final long nanos = System.nanoTime() - start;
        final long modelNanos = decoder.runNanos() - modelBefore;
        return () -> receiver.take(image, pixels, nanos, modelNanos);
    }

    /** Decodes one picture to look at, after what was begun. */
    void preview(final float[] latents, final Receiver receiver) {
        finish();
        decode(0, latents, false, receiver).run();
    }

    /** Hands over what is finished; waits for nothing. */
    void deliver() {
        for (Runnable next = finished.poll(); next != null; next = finished.poll()) next.run();
    }

    /** Waits for what was begun and hands it over. */
    void finish() {
        if (begun.isPresent()) {
            new LoadingPart<>(begun.get()).await(cancel);
            begun = Optional.empty();
        }
        deliver();
    }

    /** @return that float16 did not suffice, for the user */
    Optional<String> warning() {
        return decoder.warning();
    }

    /** Waits for the other thread, which a cancelled run tells to end, and closes the decoder; what was not handed over is dropped. */
    @Override
    public void close() {
        begun.ifPresent(work -> work.handle((nothing, failure) -> null).join());
        decoder.close();
    }
}
