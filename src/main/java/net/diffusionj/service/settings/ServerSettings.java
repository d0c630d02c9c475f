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
package net.diffusionj.service.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Which other computer makes the images.
 *
 * @param address scheme, host and port of a DiffusionJ server; empty for this computer
 * @param token file with what the server asks for; empty for a server that asks for nothing
 * @param certificate PEM file of a certificate to trust; empty for those that Java trusts
 */
public record ServerSettings(Optional<URI> address, Optional<Path> token, Optional<Path> certificate) {

    /** This computer. */
    public static final ServerSettings NONE = new ServerSettings(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Reads the address of a server.
     *
     * @param text scheme, host and perhaps a port
     * @return the same in one form: lower case, no slash at the end; empty if it is anything else, or has a name, a path or a question in it
     */
    public static Optional<URI> address(final String text) {
        try {
            final URI uri = new URI(text.strip());
            if (uri.getScheme() == null || uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
                return Optional.empty();
            }
            final String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            final String path = uri.getPath();
            if (!scheme.equals("http") && !scheme.equals("https") || !path.isEmpty() && !path.equals("/")) return Optional.empty();
            return Optional.of(new URI(scheme, null, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort(), null, null, null));
        }
        catch (final URISyntaxException e) {
            return Optional.empty();
        }
    }
}
