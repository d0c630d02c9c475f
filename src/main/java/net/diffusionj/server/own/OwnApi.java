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
package net.diffusionj.server.own;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.google.gson.JsonObject;

import net.diffusionj.server.ClientWords;
import net.diffusionj.server.Generations;
import net.diffusionj.server.Metrics;
import net.diffusionj.server.ModelNames;
import net.diffusionj.server.http.Answer;
import net.diffusionj.server.http.Endpoint;
import net.diffusionj.server.http.Endpoint.Access;
import net.diffusionj.server.http.Exchange;
import net.diffusionj.server.http.Refusal;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.remote.FrameListener;
import net.diffusionj.service.remote.Protocol;
import net.diffusionj.service.remote.RemoteGenerations;
import net.diffusionj.service.remote.RequestMessage;

/**
 * What DiffusionJ on another computer asks for, and what those ask who watch the server.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class OwnApi {

    private final DiffusionEngine engine;
    private final Generations generations;
    private final ModelNames models;
    private final ClientWords words;
    private final Metrics metrics;
    private final ServerState state;
    private final Function<Throwable, Refusal> refusals;
    private final long mostPixels;

    /**
     * @param engine knows models
     * @param generations runs requests
     * @param models that clients may name
     * @param words makes of a message what a client may read
     * @param metrics of the server
     * @param state of the server
     * @param refusals makes a refusal of what was thrown
     * @param mostPixels width times height of a picture, given or asked for, that is accepted
     */
    public OwnApi(final DiffusionEngine engine, final Generations generations, final ModelNames models, final ClientWords words, final Metrics metrics,
        final ServerState state, final Function<Throwable, Refusal> refusals, final long mostPixels) {
        this.engine = engine;
        this.generations = generations;
        this.models = models;
        this.words = words;
        this.metrics = metrics;
        this.state = state;
        this.refusals = refusals;
        this.mostPixels = mostPixels;
    }

    /** @return everything that is answered */
    public List<Endpoint> endpoints() {
        return List.of(new Endpoint("GET", "/health", Access.OPEN, exchange -> health()),
            new Endpoint("GET", "/metrics", Access.QUICK, exchange -> metrics.answer()),
            new Endpoint("GET", Protocol.STATE, Access.QUICK, exchange -> Answer.json(state.json())),
            new Endpoint("GET", Protocol.DEFAULTS, Access.QUICK,
                exchange -> Answer.json(RemoteGenerations.json(engine.defaults(models.forEngine(model(exchange)))))),
            new Endpoint("GET", Protocol.HASH, Access.QUICK, this::hash), new Endpoint("POST", Protocol.GENERATE, Access.SLOW, this::generate));
    }

    private static String model(final Exchange exchange) {
        return exchange.query("model").orElse("");
    }

    private static Answer health() {
        final JsonObject json = new JsonObject();
        json.addProperty("status", "ok");
        return Answer.json(json);
    }

    private Answer hash(final Exchange exchange) {
        final JsonObject json = new JsonObject();
        json.addProperty("hash", engine.modelHash(models.forEngine(model(exchange))));
        return Answer.json(json);
    }

    /** A refusal before the first frame is a status of HTTP; from then on it is the last frame. */
    private Answer generate(final Exchange exchange) {
        final RequestMessage asked = RequestMessage.decode(exchange.body(), mostPixels);
        final BranchRequest request = allowed(asked.request(), exchange.caller());
        final FrameListener frames = new FrameListener(asked, sink(exchange), exchange.gone()::cancel, words::of, generations.clock());
        final Future<?> heartbeat = generations.clock().scheduleAtFixedRate(frames::heartbeat, Protocol.HEARTBEAT_SECONDS, Protocol.HEARTBEAT_SECONDS,
            TimeUnit.SECONDS);
        try {
            send(generations.run(exchange, request, frames::with), frames);
        }
        catch (final RuntimeException | Error e) {
            if (!exchange.isStreaming()) throw e;
            frames.failed(refusals.apply(e).json());
        }
        finally {
            heartbeat.cancel(false);
        }
        return Answer.STREAMED;
    }

    private static void send(final List<DiffusionOutcome> outcomes, final FrameListener frames) {
        final Optional<DiffusionOutcome.Cancelled> cancelled = outcomes.stream().filter(DiffusionOutcome.Cancelled.class::isInstance)
            .map(DiffusionOutcome.Cancelled.class::cast).findFirst();
        if (cancelled.isPresent()) frames.cancelled(cancelled.get().stage());
        else frames.results(outcomes.stream().map(DiffusionOutcome::result).toList());
    }

    /** Models by name alone; and a client's callers are told from those of another. */
    private BranchRequest allowed(final BranchRequest asked, final String computer) {
        final String model = models.forEngine(asked.base().model());
        final String caller = asked.base().caller().map(name -> computer + ", " + name).orElse(computer);
        return new BranchRequest(asked.base().with().model(model).caller(caller).build(), asked.sharedSteps(), asked.branches());
    }

    private static FrameListener.Sink sink(final Exchange exchange) {
        return new FrameListener.Sink() {

            @Override
            public void send(final byte[]... pieces) throws IOException {
                exchange.send(Protocol.CONTENT_TYPE, pieces);
            }

            @Override
            public void sendLast(final byte[]... pieces) throws IOException {
                exchange.sendLast(Protocol.CONTENT_TYPE, pieces);
            }

            @Override
            public boolean trySend(final byte[] bytes) {
                return exchange.trySend(bytes);
            }
        };
    }
}
