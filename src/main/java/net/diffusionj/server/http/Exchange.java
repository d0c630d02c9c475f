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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

import net.diffusionj.CancelToken;

/**
 * One request and its answer, as an {@link Endpoint} sees them.
 * <p>
 * Used by one thread, but for {@link #gone} and {@link #trySend}.
 * </p>
 */
public final class Exchange {

    private static final int PIECE_BYTES = 1 << 18;
    /** A client that takes nothing for so long is gone. */
    private static final long PATIENCE_SECONDS = 60;

    private final Channel channel;
    private final String caller;
    private final Map<String, List<String>> query;
    private final byte[] body;
    private final CancelToken gone;
    private final ReentrantLock sending = new ReentrantLock();
    private boolean streaming;
    private boolean ended;

    Exchange(final Channel channel, final String caller, final Map<String, List<String>> query, final byte[] body, final CancelToken gone) {
        this.channel = channel;
        this.caller = caller;
        this.query = query;
        this.body = body;
        this.gone = gone;
    }

    /** @return the client's computer */
    public String caller() {
        return caller;
    }

    /** @return what the client sent; not copied */
    public byte[] body() {
        return body;
    }

    /** @param name of a part of the query
     *  @return its first value; empty if it is not there */
    public Optional<String> query(final String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** @return cancelled when the client has hung up */
    public CancelToken gone() {
        return gone;
    }

    /**
     * @return what the client sent
     * @throws Refusal if that is no JSON object
     */
    public JsonObject json() {
        try {
            return JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
        }
        catch (final JsonParseException | IllegalStateException e) {
            throw new Refusal(400, "input", "The body of the request should be a JSON object, and is not.", e);
        }
        catch (final StackOverflowError e) {
            throw new Refusal(400, "input", "The body of the request is nested too deeply.", e);
        }
    }

    /** @return whether a stream was begun, so that a refusal has to go into it */
    public boolean isStreaming() {
        return streaming;
    }

    /**
     * Sends pieces as a part of a stream, one behind the other; of what is large, waits until it is on its way.
     *
     * @param contentType of the stream, at its begin
     * @param pieces bytes
     * @throws IOException if the client is gone
     */
    public void send(final String contentType, final byte[]... pieces) throws IOException {
        sending.lock();
        try {
            final ChannelFuture last = write(contentType, pieces);
            channel.flush();
            // What is small is waited for only where much of it has piled up: each wait is a change of threads.
            if (!channel.isWritable() || !channel.isActive()) await(last);
        }
        finally {
            sending.unlock();
        }
    }

    /**
     * Sends the last pieces as {@link #send} does; the end of the stream takes the rest of them with it.
     *
     * @param contentType of the stream, at its begin
     * @param pieces bytes
     * @throws IOException if the client is gone
     */
    public void sendLast(final String contentType, final byte[]... pieces) throws IOException {
        sending.lock();
        try {
            write(contentType, pieces);
        }
        finally {
            sending.unlock();
        }
    }

    /** @return tells when the last of the pieces is on its way, once it is flushed */
    private ChannelFuture write(final String contentType, final byte[]... pieces) throws IOException {
        if (!streaming) {
            final DefaultHttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            Headers.add(response.headers(), contentType);
            HttpUtil.setTransferEncodingChunked(response, true);
            channel.write(response);
            streaming = true;
        }
        final ByteBuf bytes = Unpooled.wrappedBuffer(pieces);
        ChannelFuture last = channel.newSucceededFuture();
        try {
            while (bytes.isReadable()) {
                last = channel.write(new DefaultHttpContent(bytes.readRetainedSlice(Math.min(PIECE_BYTES, bytes.readableBytes()))));
                if (!bytes.isReadable()) break;
                channel.flush();
                await(last);
            }
        }
        finally {
            bytes.release();
        }
        return last;
    }

    private void await(final ChannelFuture written) throws IOException {
        try {
            if (!written.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                channel.close();
                throw new IOException("the client takes nothing");
            }
            if (!written.isSuccess()) throw new IOException("the client is gone", written.cause());
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Sends something small, if a stream was begun and nothing is under way; does not wait.
     *
     * @param bytes to be sent
     * @return whether they are on their way
     */
    public boolean trySend(final byte[] bytes) {
        if (!sending.tryLock()) return false;
        try {
            final boolean sends = streaming && !ended && channel.isWritable();
            if (sends) channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
            return sends;
        }
        finally {
            sending.unlock();
        }
    }

    /** Waits for what is under way and lets nothing more through, so that the end of the stream can be written. */
    void sendNoMore() {
        sending.lock();
        try {
            ended = true;
        }
        finally {
            sending.unlock();
        }
    }
}
