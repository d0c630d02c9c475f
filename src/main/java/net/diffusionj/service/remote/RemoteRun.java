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

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

import com.google.gson.JsonObject;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ProgramEndsException;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionResult;

/**
 * One request on a server. A thread of its own reads what the server says; the caller's thread tells the listener. A cancel closes the connection, which the
 * server takes for a cancel.
 * <p>
 * Used once.
 * </p>
 */
final class RemoteRun {

    private static final Logger LOG = System.getLogger(RemoteRun.class.getName());
    /** So long without a word, and the server is taken for dead. */
    private static final int SILENCE_SECONDS = 15 * Protocol.HEARTBEAT_SECONDS;

    private final ServerConnection connection;
    private final int branches;
    private final DiffusionListener listener;
    private final CancelToken cancel;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private final Thread reader;
    private Optional<InputStream> open = Optional.empty();
    private boolean over;
    private Stage stage = Stage.STARTING;
    private boolean answered;

    /** What the reader has for the caller. */
    private sealed interface News {}

    /** The server has taken the request. */
    private record Taken() implements News {}

    private record Said(Frame frame) implements News {}

    private record Broken(Exception failure) implements News {}

    private record Stopped() implements News {}

    /**
     * Sends a request.
     *
     * @param connection to the server
     * @param message what to make
     * @param listener is told of progress by {@link #outcomes}
     * @param cancel ends the run
     */
    RemoteRun(final ServerConnection connection, final RequestMessage message, final DiffusionListener listener, final CancelToken cancel) {
        this.connection = connection;
        this.branches = message.request().branches().size();
        this.listener = listener;
        this.cancel = cancel;
        final byte[] bytes = message.encode();
        reader = new Thread(() -> read(bytes), "DiffusionJ reads from " + connection.server());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(final byte[] message) {
        try (InputStream body = connection.generate(message); DataInputStream in = new DataInputStream(body)) {
            synchronized (this) {
                if (over) return;
                open = Optional.of(body);
            }
            news.add(new Taken());
            while (true) {
                final Frame frame = Frame.read(in);
                news.add(new Said(frame));
                if (frame.kind() == Frame.Kind.END || frame.kind() == Frame.Kind.FAILED || frame.kind() == Frame.Kind.CANCELLED) return;
            }
        }
        catch (final IOException | RuntimeException e) {
            news.add(new Broken(e));
        }
        catch (final InterruptedException e) {
            news.add(new Broken(e));
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for the end; to be called once.
     *
     * @return one outcome a branch
     */
    @SuppressWarnings("try") // the registration is held, not used
    List<DiffusionOutcome> outcomes() {
        final List<DiffusionOutcome> made = new ArrayList<>();
        try (CancelToken.Registration registration = cancel.onCancel(() -> news.add(new Stopped()))) {
            while (true) {
                final News next = next();
                if (next instanceof Stopped || cancel.isCancelled()) return stoppedHere();
                if (next instanceof final Broken broken) throw failure(broken.failure());
                answered = true;
                if (next instanceof final Said said) {
                    final Optional<List<DiffusionOutcome>> end = hear(said.frame(), made);
                    if (end.isPresent()) return end.get();
                }
            }
        }
        catch (final IOException e) {
            throw new DiffusionJException(
                "The server " + connection.server() + " sent " + e.getMessage() + ". Install the same version of DiffusionJ on both computers.",
                e);
        }
        finally {
            hangUp();
        }
    }

    /** Closes the connection where the server has more to say. A reader that waits for it does not see an interrupt. */
    private void hangUp() {
        final Optional<InputStream> body;
        synchronized (this) {
            over = true;
            body = open;
        }
        reader.interrupt();
        try {
            if (body.isPresent()) body.get().close();
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "the connection was broken already", e);
        }
    }

    private News next() {
        try {
            while (true) {
                final News next = news.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
                if (next != null) return next;
                // How long an answer may take to begin is the connection's to say.
                if (answered) {
                    throw new DiffusionJException("The server " + connection.server() + " has said nothing for " + SILENCE_SECONDS
                        + " s while " + stage.text() + ", so nothing was made. Check that it runs and can be reached, and try again.");
                }
            }
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (ProgramEndsException) new ProgramEndsException().initCause(e);
        }
    }

    private List<DiffusionOutcome> stoppedHere() {
        return Collections.nCopies(branches, new DiffusionOutcome.Cancelled(stage));
    }

    private RuntimeException failure(final Exception e) {
        if (e instanceof final DiffusionJException ours) return ours;
        if (!answered && e instanceof final IOException io) return connection.inPlainWords(io);
        if (e instanceof EOFException || e instanceof IOException) {
            return new DiffusionJException("The server " + connection.server() + " stopped while " + stage.text()
                + ", so nothing was made. Start it again if it does not run, and repeat the request: with the same seed it gives the same image.", e);
        }
        return new DiffusionJException("The answer of the server " + connection.server() + " cannot be used: " + e + '.', e);
    }

    private Optional<List<DiffusionOutcome>> hear(final Frame frame, final List<DiffusionOutcome> made) throws IOException {
        switch (frame.kind()) {
            case EVENT -> tell(frame.json());
            case PREVIEW -> preview(ResultMessage.decode(frame.payload()).image());
            case IMAGE -> {
                final DiffusionResult image = ResultMessage.decode(frame.payload());
                listener.image(Integer.parseInt(image.settings().getOrDefault(FrameListener.INDEX, "0")), image.image());
            }
            case RESULT -> made.add(new DiffusionOutcome.Completed(ResultMessage.decode(frame.payload())));
            case CANCELLED -> {
                stage = stage(frame.json());
                return Optional.of(stoppedHere());
            }
            case FAILED -> throw connection.refusal(frame.json());
            case END -> {
                if (made.size() != branches) throw new IOException(made.size() + " results instead of " + branches);
                return Optional.of(made);
            }
            case HEARTBEAT -> {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("unchecked") // the type is looked at
    private void preview(final Img<?> image) {
        if (image.getType() instanceof UnsignedByteType) listener.preview((Img<UnsignedByteType>) image);
    }

    private void tell(final JsonObject event) throws IOException {
        switch (event.get("event").getAsString()) {
            case "stage" -> {
                stage = stage(event);
                listener.stage(stage);
            }
            case "waiting" -> listener.waiting(event.get("ahead").getAsInt(),
                event.has("expected_ms") ? OptionalLong.of(event.get("expected_ms").getAsLong()) : OptionalLong.empty());
            case "step" -> listener.step(event.get("step").getAsInt(), event.get("steps").getAsInt(), event.get("image").getAsInt());
            case "tile" -> listener.tile(event.get("tile").getAsInt(), event.get("tiles").getAsInt());
            case "warning" -> listener.warning(event.get("text").getAsString());
            default -> throw new IOException("an event of the unknown kind " + event.get("event"));
        }
    }

    private static Stage stage(final JsonObject json) throws IOException {
        try {
            return Stage.valueOf(json.get("stage").getAsString());
        }
        catch (final IllegalArgumentException e) {
            throw new IOException("an unknown stage", e);
        }
    }
}
