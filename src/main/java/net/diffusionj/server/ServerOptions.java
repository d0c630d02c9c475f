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

import io.netty.handler.ssl.SslContext;

import net.diffusionj.InvalidInputException;
import net.diffusionj.server.http.Token;

/**
 * How a server is started. Immutable.
 *
 * @param bind address or name of this computer to listen at
 * @param port to listen at; 0 for any that is free
 * @param token that clients must know; empty for none
 * @param tls for https; empty for http
 * @param model name or folder of the model that requests get which name none; empty for DiffusionJ's default
 * @param bodyBytes of one request that are accepted
 * @param pixels of one picture that are accepted, width times height, given or asked for
 * @param longest time that one request may take, its waiting included
 */
public record ServerOptions(String bind, int port, Optional<Token> token, Optional<SslContext> tls, String model, long bodyBytes, long pixels,
    Duration longest) {

    /** The port of AUTOMATIC1111, which clients try first. */
    public static final int PORT = 7860;
    /** This computer alone. */
    public static final String LOOPBACK = "127.0.0.1";
    /** An image of 4096 x 4096. */
    public static final long PIXELS = 1L << 24;
    /** Such an image in three channels of 32 bits, and some more. */
    public static final long BODY_BYTES = 256L << 20;

    /** Checks the ranges. */
    public ServerOptions {
        if (port < 0 || port > 65_535) throw new InvalidInputException("A port is a number from 1 to 65535, or 0 for any that is free, not " + port + '.');
        if (bodyBytes < 1 || bodyBytes > Integer.MAX_VALUE - 8)
            throw new InvalidInputException("A request may have from 1 byte to 2 GB, not " + bodyBytes + '.');
        if (pixels < 1) throw new InvalidInputException("A picture has at least 1 pixel, not " + pixels + '.');
        if (longest.toMillis() < 1) throw new InvalidInputException("A request takes some time: give it at least a minute.");
    }

    /** @return what holds where nothing else is said, at any free port */
    public static ServerOptions atAnyPort() {
        return new ServerOptions(LOOPBACK, 0, Optional.empty(), Optional.empty(), "", BODY_BYTES, PIXELS, Duration.ofHours(1));
    }

    /** @param name or folder of a model
     *  @return the same with it */
    public ServerOptions withModel(final String name) {
        return new ServerOptions(bind, port, token, tls, name, bodyBytes, pixels, longest);
    }
}
