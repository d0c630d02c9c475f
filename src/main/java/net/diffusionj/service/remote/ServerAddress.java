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
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

import net.diffusionj.InvalidInputException;
import net.diffusionj.service.settings.ServerSettings;

/**
 * A model on a server. Immutable.
 *
 * @param server scheme, host and port
 * @param model name of a model there; empty for the server's default
 */
public record ServerAddress(URI server, String model) {

    /**
     * Tells whether a request goes to a server: its model is an address, or the settings name a server and its model is not a folder of this computer.
     *
     * @param model what a request calls its model
     * @param settings may name a server
     * @return where it goes; empty for this computer
     * @throws InvalidInputException if the model begins like an address and is none
     */
    public static Optional<ServerAddress> of(final String model, final ServerSettings settings) {
        final String name = model.strip();
        if (isAddress(name)) return Optional.of(parse(name));
        return isFolder(name) ? Optional.empty() : settings.address().map(server -> new ServerAddress(server, name));
    }

    /** A folder is on this computer: a server takes none. */
    private static boolean isFolder(final String model) {
        return model.indexOf('/') >= 0 || model.indexOf('\\') >= 0;
    }

    /** @param model what a request calls its model
     *  @return whether it begins like the address of a server */
    public static boolean isAddress(final String model) {
        final String lower = model.strip().toLowerCase(Locale.ROOT);
        return lower.startsWith("http:") || lower.startsWith("https:");
    }

    private static ServerAddress parse(final String text) {
        final int host = text.indexOf("//") + 2;
        final int slash = host < 2 ? -1 : text.indexOf('/', host);
        final String server = slash < 0 ? text : text.substring(0, slash);
        final URI uri = ServerSettings.address(server).orElseThrow(() -> new InvalidInputException("The model '" + text
            + "' should be the address of a DiffusionJ server, with the name of a model there if you want another than its default:"
            + " http://HOST:PORT/NAME."));
        return new ServerAddress(uri, slash < 0 ? "" : URLDecoder.decode(text.substring(slash + 1).replace("+", "%2B"), StandardCharsets.UTF_8).strip());
    }
}
