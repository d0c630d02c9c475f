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

import java.time.Duration;
import java.util.Optional;

import net.diffusionj.server.http.Token;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** A server in this JVM, with the tiny model sd1 for requests that name none. */
public final class TestServer implements AutoCloseable {

    private final DiffusionEngine engine = new DiffusionEngine(Folders.HOME).here();
    private final DiffusionServer server;

    /** With what is usual. */
    public TestServer() {
        this(ServerOptions.atAnyPort());
    }

    /** @param options but for the model */
    public TestServer(final ServerOptions options) {
        try {
            server = new DiffusionServer(engine, Folders.HOME, options.withModel(Models.of("sd1").toAbsolutePath().toString()));
        }
        catch (final RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    static ServerOptions withToken(final String token) {
        return new ServerOptions(ServerOptions.LOOPBACK, 0, Optional.of(new Token(token)), Optional.empty(), "", ServerOptions.BODY_BYTES, ServerOptions.PIXELS,
            Duration.ofHours(1));
    }

    static ServerOptions withLimits(final long bodyBytes, final long pixels, final Duration longest) {
        return new ServerOptions(ServerOptions.LOOPBACK, 0, Optional.empty(), Optional.empty(), "", bodyBytes, pixels, longest);
    }

    /** @return the running server */
    public DiffusionServer server() {
        return server;
    }

    /** @return what makes its images */
    public DiffusionEngine engine() {
        return engine;
    }

    /** @param path of what is asked for
     *  @return its whole address */
    public String url(final String path) {
        return server.address() + path;
    }

    @Override
    public void close() {
        server.close();
        engine.close();
    }
}
