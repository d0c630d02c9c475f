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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import com.google.gson.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** News of progress travel in bundles: none is lost, none overtakes another, and of places in the line the last counts. */
@Timeout(30)
class PacedFramesTest {

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Sent sent = new Sent();

    /** What a client gets. */
    private static final class Sent implements FrameListener.Sink {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int pieces;
        private boolean takes = true;

        @Override
        public synchronized void send(final byte[]... parts) {
            for (final byte[] part : parts) bytes.writeBytes(part);
            pieces++;
        }

        @Override
        public void sendLast(final byte[]... parts) {
            send(parts);
        }

        @Override
        public synchronized boolean trySend(final byte[] part) {
            if (takes) send(part);
            return takes;
        }

        synchronized void takes(final boolean now) {
            takes = now;
        }

        synchronized int pieces() {
            return pieces;
        }

        synchronized List<String> frames() {
            final DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
            final List<String> frames = new ArrayList<>();
            try {
                while (in.available() > 0) {
                    final Frame frame = Frame.read(in);
                    frames.add(frame.kind() == Frame.Kind.EVENT ? frame.json().get("event").getAsString() : frame.kind().toString());
                }
            }
            catch (final IOException e) {
                throw new AssertionError(e);
            }
            return frames;
        }

        void await(final String last) throws InterruptedException {
            while (frames().isEmpty() || !frames().get(frames().size() - 1).equals(last)) Thread.sleep(5);
        }
    }

    @AfterEach
    void end() {
        clock.shutdownNow();
    }

    private static Frame event(final String name) {
        final JsonObject json = new JsonObject();
        json.addProperty("event", name);
        return Frame.of(Frame.Kind.EVENT, json);
    }

    @Test
    void theFirstGoesAtOnceAndTheRestTogetherInTheirOrder() throws IOException, InterruptedException {
        final PacedFrames frames = new PacedFrames(sent, clock);
        final List<String> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add("step " + i);
            frames.soon(event("step " + i));
            if (i == 0) assertEquals(List.of("step 0"), sent.frames());
        }
        sent.await("step 49");
        frames.soon(event("step 50"));
        frames.last(Frame.of(Frame.Kind.HEARTBEAT), Frame.of(Frame.Kind.END));
        all.addAll(List.of("step 50", "HEARTBEAT", "END"));
        assertEquals(all, sent.frames());
        assertTrue(sent.pieces() < 20, sent.pieces() + " pieces");
    }

    @Test
    void ofPlacesTheLastCountsAndWhoIsServedHasNone() throws IOException, InterruptedException {
        final PacedFrames frames = new PacedFrames(sent, clock);
        frames.soon(event("waiting"));
        for (int i = 9; i >= 5; i--) {
            final String place = "place " + i;
            frames.place(() -> event(place));
        }
        sent.await("place 5");
        frames.place(() -> event("place 4"));
        frames.soon(event("loading"));
        sent.await("loading");
        assertEquals(List.of("waiting", "place 5", "loading"), sent.frames());
    }

    @Test
    void whatAClientDoesNotTakeIsHeldUntilItDoes() throws IOException, InterruptedException {
        final PacedFrames frames = new PacedFrames(sent, clock);
        frames.soon(event("a"));
        sent.takes(false);
        frames.soon(event("b"));
        Thread.sleep(600);
        assertEquals(List.of("a"), sent.frames());
        sent.takes(true);
        sent.await("b");
        clock.shutdownNow();
        frames.soon(event("c"));
        assertEquals(List.of("a", "b", "c"), sent.frames(), "without a clock nothing is held");
    }
}
