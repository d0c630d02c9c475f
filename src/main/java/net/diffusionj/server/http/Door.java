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
package net.diffusionj.server.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/**
 * What is asked of a request before its body is read. Immutable.
 *
 * @param token that a client must know; empty where everybody on this computer may ask
 * @param bind the address that the server listens at
 * @param bounds what a client may take
 */
record Door(Optional<Token> token, String bind, Bounds bounds) {

    private static final Set<String> OURS = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /**
     * @param request head of a request
     * @param access who may ask for it
     * @return the length of the body that follows
     * @throws Refusal if it may not come in
     */
    long check(final HttpRequest request, final Endpoint.Access access) {
        checkFromHere(request.headers());
        if (access != Endpoint.Access.OPEN && token.isPresent()
            && !token.get().isIn(Optional.ofNullable(request.headers().get(HttpHeaderNames.AUTHORIZATION)).orElse(""))) {
            throw new Refusal(401, "token", "Send the token as \"Authorization: Bearer TOKEN\", or as the password of Basic.");
        }
        return bodyLength(request);
    }

    /** Without a token, pages of a web browser on this computer must be kept out: they can send requests, and a name of theirs can lead here. */
    private void checkFromHere(final HttpHeaders headers) {
        if (token.isPresent()) return;
        final String host = Optional.ofNullable(headers.get(HttpHeaderNames.HOST)).orElse("").toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
        if (!host.isEmpty() && !OURS.contains(host) && !host.equals(bind)) {
            throw new Refusal(403, "origin", "This server answers to localhost alone. To let others in, start it with --bind and --token-file.");
        }
        if (headers.contains(HttpHeaderNames.ORIGIN)) {
            throw new Refusal(403, "origin", "This server does not answer web pages. To let them in, start it with --token-file and send the token.");
        }
    }

    private long bodyLength(final HttpRequest request) {
        if (HttpUtil.isTransferEncodingChunked(request)) {
            throw new Refusal(411, "length", "Say how long the request is, with Content-Length, instead of sending it in chunks.");
        }
        final long length = length(request);
        if (length > 0 && !request.method().equals(HttpMethod.POST)) throw Refusal.input("A request with a body should be a POST.");
        if (length > bounds.bodyBytes()) {
            throw new Refusal(413, "too-large", "The request has " + length + " bytes, more than the " + bounds.bodyBytes()
                + " that are accepted here. Send a smaller image.");
        }
        return length;
    }

    private static long length(final HttpRequest request) {
        try {
            return Math.max(0, HttpUtil.getContentLength(request, 0L));
        }
        catch (final NumberFormatException e) {
            throw new Refusal(400, "length", "The Content-Length is not a number.", e);
        }
    }
}
