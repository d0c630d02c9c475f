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
package net.diffusionj.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.server.http.Bounds;
import net.diffusionj.server.http.Endpoint;
import net.diffusionj.server.http.Front;
import net.diffusionj.server.own.OwnApi;
import net.diffusionj.server.own.ServerState;
import net.diffusionj.server.sdapi.SdApi;
import net.diffusionj.service.DiffusionEngine;

/**
 * The server: puts the parts together, and stops them in good order.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class DiffusionServer implements AutoCloseable {

    private static final Duration BODY_TIME = Duration.ofMinutes(2);
    private static final int CONNECTIONS = 4096;
    /** Beside those that wait: what runs together on the instances. */
    private static final int RUNNING = 64;
    /** Share of Java's memory for what clients send. */
    private static final int BODY_SHARE = 4;
    /** What was told to stop needs so long to say so. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final Jobs jobs = new Jobs();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "DiffusionJ server clock");
        thread.setDaemon(true);
        return thread;
    });
    private final Front front;
    private final String scheme;
    private final String bind;

    /**
     * Begins to listen.
     *
     * @param engine makes images on this computer; stays the caller's
     * @param home the DiffusionJ home, which clients hear nothing of
     * @param options of the server
     * @throws InvalidInputException if the port is in use, an address other than this computer's own has no token, or the model is none
     */
    public DiffusionServer(final DiffusionEngine engine, final Path home, final ServerOptions options) {
        if (options.token().isEmpty() && !isLoopback(options.bind())) {
            throw new InvalidInputException(
                "At the address " + options.bind() + " other computers can reach the server, so it needs a token: give --token-file,"
                    + " or the environment variable DIFFUSIONJ_SERVER_TOKEN.");
        }
        final ClientWords words = new ClientWords(List.of(home, Path.of(System.getProperty("user.home", "")), Path.of(System.getProperty("java.io.tmpdir", "")),
            Path.of("")));
        final Refusals refusals = new Refusals(words);
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        final Metrics metrics = new Metrics(engine, memory);
        final ModelNames models = new ModelNames(engine, options.model());
        final Generations generations = new Generations(engine, jobs, metrics, clock, options.longest());
        final List<Endpoint> endpoints = new ArrayList<>(new SdApi(engine, generations, models, words, memory, options.pixels()).endpoints());
        endpoints.addAll(new OwnApi(engine, generations, models, words, metrics, new ServerState(engine, models, words, memory), refusals::of, options.pixels())
            .endpoints());
        final long heap = Runtime.getRuntime().maxMemory();
        final long body = Math.max(1, Math.min(options.bodyBytes(), heap / BODY_SHARE));
        final Bounds bounds = new Bounds(body, Math.max(body, heap / BODY_SHARE), BODY_TIME, CONNECTIONS,
            engine.settings().queue().mostWaiting() + RUNNING);
        front = Front.listen(options.bind(), options.port(), options.tls(), options.token(), bounds, endpoints, refusals::of, metrics::answered);
        scheme = options.tls().isPresent() ? "https" : "http";
        bind = options.bind();
    }

    /**
     * @param bind address or name of this computer
     * @return whether this computer alone can reach it
     * @throws InvalidInputException if there is no such address
     */
    public static boolean isLoopback(final String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        }
        catch (final UnknownHostException e) {
            throw new InvalidInputException("There is no address " + bind + ". Give one of this computer's, such as " + ServerOptions.LOOPBACK
                + ", or 0.0.0.0 for all.", e);
        }
    }

    /** @return the port that it listens at */
    public int port() {
        return front.port();
    }

    /** @return where clients find it */
    public String address() {
        return scheme + "://" + (bind.contains(":") ? '[' + bind + ']' : bind) + ':' + port();
    }

    /**
     * Stops: lets no request in any more, gives those in hand some time, and then ends them, so that their clients are told.
     *
     * @param patience for those in hand
     * @return whether all of them ended by themselves
     */
    public boolean stop(final Duration patience) {
        front.stop();
        final boolean allEnded = front.awaitAnswered(patience);
        if (!allEnded) {
            jobs.stopAll();
            front.awaitAnswered(LAST_WORDS);
        }
        close();
        return allEnded;
    }

    /** Stops at once. */
    @Override
    public void close() {
        front.stop();
        jobs.stopAll();
        front.close();
        clock.shutdownNow();
    }
}
