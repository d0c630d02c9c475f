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
package net.diffusionj.service.remote;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

import com.google.gson.JsonObject;

import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.Timings;

/**
 * The server's side of a stream of frames: what a listener is told goes to the client. A client that is gone is reported once, to whoever can stop the work.
 * <p>
 * The listener's methods are called by one thread, {@link #heartbeat} by any.
 * </p>
 */
public final class FrameListener implements DiffusionListener {

    /** Key of an image's index. */
    static final String INDEX = "index";

    private final RequestMessage wanted;
    private final PacedFrames frames;
    private final Runnable whenGone;
    private final UnaryOperator<String> words;
    private volatile DiffusionListener also = NONE;
    private final AtomicBoolean gone = new AtomicBoolean();

    /** Takes bytes to a client. */
    public interface Sink {

        /**
         * Sends pieces one behind the other, with nothing between them.
         *
         * @param pieces bytes
         * @throws IOException if the client is gone
         */
        void send(byte[]... pieces) throws IOException;

        /**
         * Sends pieces as {@link #send} does; nothing comes behind them.
         *
         * @param pieces bytes
         * @throws IOException if the client is gone
         */
        void sendLast(byte[]... pieces) throws IOException;

        /**
         * Sends something small if nothing is under way; does not wait.
         *
         * @param bytes to be sent
         * @return whether they are on their way
         */
        boolean trySend(byte[] bytes);
    }

    /**
     * @param wanted says what the client's listener wants
     * @param sink takes bytes to it
     * @param whenGone is run once if that fails
     * @param words makes of a warning what a client may read
     * @param clock sends what was held back for a moment; stays the caller's
     */
    public FrameListener(final RequestMessage wanted, final Sink sink, final Runnable whenGone, final UnaryOperator<String> words,
        final ScheduledExecutorService clock) {
        this.wanted = wanted;
        this.frames = new PacedFrames(sink, clock);
        this.whenGone = whenGone;
        this.words = words;
    }

    /** @param other is told of stages, waiting and steps too
     *  @return this */
    public FrameListener with(final DiffusionListener other) {
        also = other;
        return this;
    }

    /** Hands something on. */
    @FunctionalInterface
    private interface Sending {
        void run() throws IOException;
    }

    private void guarded(final Sending sending) {
        try {
            sending.run();
        }
        catch (final IOException e) {
            if (!gone.getAndSet(true)) whenGone.run();
        }
    }

    private void send(final Frame frame) {
        guarded(() -> frames.now(frame));
    }

    private void soon(final String name, final JsonObject json) {
        guarded(() -> frames.soon(event(name, json)));
    }

    private static Frame event(final String name, final JsonObject json) {
        json.addProperty("event", name);
        return Frame.of(Frame.Kind.EVENT, json);
    }

    /** Says that the server is there, if nothing else does. */
    public void heartbeat() {
        frames.heartbeat();
    }

    @Override
    public void stage(final Stage stage) {
        also.stage(stage);
        final JsonObject json = new JsonObject();
        json.addProperty("stage", stage.name());
        soon("stage", json);
    }

    @Override
    public void waiting(final int ahead, final OptionalLong expectedMillis) {
        also.waiting(ahead, expectedMillis);
        guarded(() -> frames.place(() -> {
            final JsonObject json = new JsonObject();
            json.addProperty("ahead", ahead);
            expectedMillis.ifPresent(millis -> json.addProperty("expected_ms", millis));
            return event("waiting", json);
        }));
    }

    @Override
    public void step(final int step, final int steps, final int imageIndex) {
        also.step(step, steps, imageIndex);
        final JsonObject json = new JsonObject();
        json.addProperty("step", step);
        json.addProperty("steps", steps);
        json.addProperty("image", imageIndex);
        soon("step", json);
    }

    @Override
    public void tile(final int tile, final int tiles) {
        final JsonObject json = new JsonObject();
        json.addProperty("tile", tile);
        json.addProperty("tiles", tiles);
        soon("tile", json);
    }

    @Override
    public void warning(final String message) {
        final JsonObject json = new JsonObject();
        json.addProperty("text", words.apply(message));
        soon("warning", json);
    }

    @Override
    public int previewEverySteps() {
        return wanted.previewEverySteps();
    }

    @Override
    public void preview(final Img<UnsignedByteType> preview) {
        send(new Frame(Frame.Kind.PREVIEW, ResultMessage.encode(pixelsOnly(preview, Map.of()))));
    }

    @Override
    public boolean wantsImages() {
        return wanted.wantsImages();
    }

    @Override
    public void image(final int index, final Img<?> image) {
        send(new Frame(Frame.Kind.IMAGE, ResultMessage.encode(pixelsOnly(image, Map.of(INDEX, Integer.toString(index))))));
    }

    private static DiffusionResult pixelsOnly(final Img<?> image, final Map<String, String> settings) {
        return new DiffusionResult(image, new LinkedHashMap<>(settings), List.of(), new Timings(0, 0, 0, List.of(), 0, 0, 0), Optional.empty());
    }

    /** @param results all of them, one a branch, in their order */
    public void results(final List<DiffusionResult> results) {
        for (int i = 0; i < results.size() - 1; i++) send(frame(results.get(i)));
        last(frame(results.get(results.size() - 1)), Frame.of(Frame.Kind.END));
    }

    private Frame frame(final DiffusionResult result) {
        return new Frame(Frame.Kind.RESULT, ResultMessage.encode(new DiffusionResult(result.image(), result.settings(),
            result.warnings().stream().map(words).toList(), result.timings(), result.latents(), result.record())));
    }

    private void last(final Frame... last) {
        guarded(() -> frames.last(last));
    }

    /** @param stage at which the work was stopped */
    public void cancelled(final Stage stage) {
        final JsonObject json = new JsonObject();
        json.addProperty("stage", stage.name());
        last(Frame.of(Frame.Kind.CANCELLED, json));
    }

    /** @param refusal JSON that says why there is no result */
    public void failed(final JsonObject refusal) {
        last(Frame.of(Frame.Kind.FAILED, refusal));
    }
}
