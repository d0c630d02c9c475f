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

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import com.google.gson.JsonObject;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.model.SizeRule;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.service.settings.ServerSettings;

/**
 * Requests that servers run instead of this computer.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class RemoteGenerations {

    /** A dialog asks at every keystroke. */
    private static final long DEFAULTS_FRESH_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MOST_CONNECTIONS = 16;

    private final Map<Way, ServerConnection> connections = new HashMap<>();
    private final Map<ServerAddress, Asked> asked = new HashMap<>();

    private record Way(URI server, ServerSettings settings) {}

    /** The latest answer of a server about a model: defaults, or why there are none. */
    private record Asked(ServerSettings settings, long nanos, Optional<ModelDefaults> defaults, Optional<DiffusionJException> failure) {}

    private synchronized ServerConnection connection(final URI server, final ServerSettings settings) {
        if (connections.size() >= MOST_CONNECTIONS) connections.clear();
        return connections.computeIfAbsent(new Way(server, settings), way -> new ServerConnection(way.server(), way.settings()));
    }

    /**
     * Sends a request.
     *
     * @param address of the model
     * @param settings as they stand
     * @param request what to make
     * @param listener is told of progress
     * @param cancel ends the run, here and there
     * @return to be called once, on the thread that is to be told of progress: waits for the outcomes, one a branch
     */
    public Supplier<List<DiffusionOutcome>> begin(final ServerAddress address, final ServerSettings settings, final BranchRequest request,
        final DiffusionListener listener, final CancelToken cancel) {
        final BranchRequest there = new BranchRequest(request.base().with().model(address.model()).build(), request.sharedSteps(), request.branches());
        return new RemoteRun(connection(address.server(), settings), new RequestMessage(there, listener.previewEverySteps(), listener.wantsImages()), listener,
            cancel)::outcomes;
    }

    /**
     * @param address of a model
     * @param settings as they stand
     * @return what the model uses where a request leaves a choice open; asked again after some seconds
     * @throws DiffusionJException if the server does not say; says why
     */
    public ModelDefaults defaults(final ServerAddress address, final ServerSettings settings) {
        synchronized (this) {
            final Asked before = asked.get(address);
            if (before != null && before.settings().equals(settings) && System.nanoTime() - before.nanos() < DEFAULTS_FRESH_NANOS) {
                if (before.failure().isPresent()) throw before.failure().get();
                return before.defaults().orElseThrow();
            }
        }
        try {
            final ModelDefaults defaults = read(connection(address.server(), settings).ask(Protocol.DEFAULTS, address.model()), address);
            keep(address, new Asked(settings, System.nanoTime(), Optional.of(defaults), Optional.empty()));
            return defaults;
        }
        catch (final DiffusionJException e) {
            keep(address, new Asked(settings, System.nanoTime(), Optional.empty(), Optional.of(e)));
            throw e;
        }
    }

    private synchronized void keep(final ServerAddress address, final Asked answer) {
        if (asked.size() >= MOST_CONNECTIONS) asked.clear();
        asked.put(address, answer);
    }

    /** @param defaults of a model
     *  @return as {@link Protocol#DEFAULTS} answers */
    public static JsonObject json(final ModelDefaults defaults) {
        final JsonObject json = new JsonObject();
        json.addProperty("width", defaults.widthPx());
        json.addProperty("height", defaults.heightPx());
        json.addProperty("vae_factor", defaults.sizes().vaeFactorPx());
        json.addProperty("even", defaults.sizes().evenPx());
        json.addProperty("every_size", defaults.sizes().everySize());
        json.addProperty("steps", defaults.steps());
        json.addProperty("guidance", defaults.guidance());
        json.addProperty("guidance_from", defaults.guided().from());
        json.addProperty("guidance_to", defaults.guided().to());
        json.addProperty("scheduler", defaults.scheduler());
        return json;
    }

    private static ModelDefaults read(final JsonObject json, final ServerAddress address) {
        try {
            return new ModelDefaults(json.get("width").getAsInt(), json.get("height").getAsInt(),
                new SizeRule(json.get("vae_factor").getAsInt(), json.get("even").getAsInt(), json.get("every_size").getAsBoolean()),
                json.get("steps").getAsInt(), json.get("guidance").getAsDouble(),
                new GuidanceInterval(json.get("guidance_from").getAsDouble(), json.get("guidance_to").getAsDouble()), json.get("scheduler").getAsString());
        }
        catch (final NullPointerException | IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
            throw new DiffusionJException("The server " + address.server() + " does not tell the defaults of its model as this version of DiffusionJ expects."
                + " Install the same version on both computers.", e);
        }
    }

    /**
     * @param address of a model
     * @param settings as they stand
     * @return hash of the model's files, 64 hexadecimal digits
     */
    public String modelHash(final ServerAddress address, final ServerSettings settings) {
        final JsonObject answer = connection(address.server(), settings).ask(Protocol.HASH, address.model());
        if (!answer.has("hash")) throw new DiffusionJException("The server " + address.server() + " does not tell the hash of its model.");
        return answer.get("hash").getAsString();
    }
}
