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

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.service.remote.RemoteGenerations;
import net.diffusionj.service.remote.ServerAddress;
import net.diffusionj.service.settings.ServerSettings;
import net.diffusionj.service.settings.SettingsFile;

/**
 * Who makes an image: this computer, or a server that a request's model or the setting {@code server} names. What a server is asked is answered here; an empty
 * answer says that it is for this computer.
 * <p>
 * Thread-safe.
 * </p>
 */
final class ServerChoice {

    private final SettingsFile settings;
    private final RemoteGenerations remote = new RemoteGenerations();
    private volatile boolean here;

    /** @param settings read anew for each question */
    ServerChoice(final SettingsFile settings) {
        this.settings = settings;
    }

    /** Asks no server from now on, whatever the settings say. */
    void here() {
        here = true;
    }

    /**
     * @param model as in {@link DiffusionRequest#model()}
     * @return whether a server makes its images
     */
    boolean isElsewhere(final String model) {
        return server(model).isPresent();
    }

    /**
     * @param request what to make
     * @param listener is told of progress, on the thread that takes the outcomes
     * @param cancel stops the work
     * @return to be called once, for the outcomes of a request that a server has taken; empty if none is asked
     */
    Optional<Supplier<List<DiffusionOutcome>>> begin(final BranchRequest request, final DiffusionListener listener, final CancelToken cancel) {
        return server(request.base().model()).map(there -> remote.begin(there, serverSettings(), request, listener, cancel));
    }

    /**
     * @param model name or address
     * @return what the model uses on its server where a request leaves a choice open
     */
    Optional<ModelDefaults> defaults(final String model) {
        return server(model).map(there -> remote.defaults(there, serverSettings()));
    }

    /**
     * @param model name or address
     * @return 64 hexadecimal digits that stand for what its files hold, as its server has them
     */
    Optional<String> modelHash(final String model) {
        return server(model).map(there -> remote.modelHash(there, serverSettings()));
    }

    private Optional<ServerAddress> server(final String model) {
        return here ? Optional.empty() : ServerAddress.of(model, serverSettings());
    }

    /** Settings that cannot be read are the failure of a run on this computer, which is to be recorded. */
    private ServerSettings serverSettings() {
        try {
            return settings.load().server();
        }
        catch (final InvalidInputException e) {
            return ServerSettings.NONE;
        }
    }
}
