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

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;

import net.diffusionj.CancelToken;

/**
 * One connection: takes in a request at a time, has it answered, and sees when the client hangs up. Everything but {@link #work} happens on the connection's own
 * thread, so nothing is guarded.
 */
final class Doorkeeper extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = System.getLogger(Doorkeeper.class.getName());
    private static final int IDLE_SECONDS = 60;
    /** How long what follows a refusal is read and thrown away, so that a client that is still sending gets to see it. */
    private static final int DISCARD_SECONDS = 10;
    /** A client that does not take its answer for so long is gone. */
    private static final int WRITE_SECONDS = 600;
    private static final int FIRST_BYTES = 1 << 16;

    private final Front front;
    private State state = State.IDLE;
    private Optional<ScheduledFuture<?>> deadline = Optional.empty();
    private Endpoint endpoint;
    private Map<String, List<String>> query = Map.of();
    private boolean keepAlive;
    private boolean headOnly;
    private byte[] body = {};
    private int received;
    private int expected;
    private CancelToken gone = new CancelToken();

    /** What the connection is at. */
    private enum State {
        /** Between requests. */
        IDLE,
        /** A body comes in. */
        RECEIVING,
        /** An endpoint has the request. */
        WORKING,
        /** Refused; what comes is thrown away. */
        DISCARDING
    }

    Doorkeeper(final Front front) {
        this.front = front;
    }

    @Override
    public void channelActive(final ChannelHandlerContext context) {
        if (!front.connected()) {
            context.close();
            return;
        }
        within(context, IDLE_SECONDS, context::close);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        front.disconnected();
        noDeadline();
        // Who works on a body still holds it.
        if (state != State.WORKING) giveBack();
        gone.cancel();
        context.fireChannelInactive();
    }

    private void within(final ChannelHandlerContext context, final long seconds, final Runnable otherwise) {
        noDeadline();
        deadline = Optional.of(context.executor().schedule(otherwise, seconds, TimeUnit.SECONDS));
    }

    private void noDeadline() {
        deadline.ifPresent(timer -> timer.cancel(false));
        deadline = Optional.empty();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        try {
            if (message instanceof final HttpRequest request) head(context, request);
            if (message instanceof final HttpContent content) content(context, content);
        }
        finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(final ChannelHandlerContext context, final HttpRequest request) {
        if (state != State.IDLE) {
            // A second request before the first was answered; no client of ours does that.
            context.close();
            return;
        }
        keepAlive = HttpUtil.isKeepAlive(request);
        headOnly = request.method().equals(HttpMethod.HEAD);
        gone = new CancelToken();
        try {
            if (request.decoderResult().isFailure())
                throw new Refusal(400, "input", "This is no HTTP request that can be read.", request.decoderResult().cause());
            final QueryStringDecoder uri = new QueryStringDecoder(request.uri());
            query = uri.parameters();
            endpoint = front.endpoint(request.method().name(), uri.path());
            final long length = front.door().check(request, endpoint.access());
            if (front.isStopping()) throw new Refusal(503, "stopping", "The server is stopping.").retryAfter(30);
            if (!front.budget().take(length)) {
                throw new Refusal(429, "busy", "The server has its hands full of images that others have sent. Try again later.").retryAfter(5);
            }
            expected = (int) length;
        }
        catch (final IllegalArgumentException e) {
            refuse(context, new Refusal(400, "input", "The address of the request cannot be read.", e));
            return;
        }
        catch (final Refusal refusal) {
            refuse(context, refusal);
            return;
        }
        state = State.RECEIVING;
        received = 0;
        body = new byte[Math.min(expected, FIRST_BYTES)];
        within(context, front.door().bounds().bodyTime().toSeconds(), () -> refuse(context,
            new Refusal(408, "time", "The request did not come in within " + front.door().bounds().bodyTime().toSeconds() + " s.")));
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void content(final ChannelHandlerContext context, final HttpContent content) {
        final boolean last = content instanceof LastHttpContent;
        if (state == State.DISCARDING && last) context.close();
        if (state != State.RECEIVING) return;
        final ByteBuf bytes = content.content();
        if (content.decoderResult().isFailure() || bytes.readableBytes() > expected - received) {
            refuse(context, new Refusal(400, "input", "The body of the request cannot be read."));
            return;
        }
        final int end = received + bytes.readableBytes();
        if (end > body.length) body = Arrays.copyOf(body, (int) Math.min(expected, Math.max(end, 2L * body.length)));
        bytes.readBytes(body, received, end - received);
        received = end;
        if (last) begin(context);
    }

    private void begin(final ChannelHandlerContext context) {
        noDeadline();
        state = State.WORKING;
        final String caller = context.channel().remoteAddress() instanceof final InetSocketAddress address ? address.getAddress().getHostAddress() : "unknown";
        final Exchange exchange = new Exchange(context.channel(), caller, query, body, gone);
        final Endpoint asked = endpoint;
        front.taken();
        try {
            front.threads(asked).execute(() -> work(context, asked, exchange));
        }
        catch (final RejectedExecutionException e) {
            answer(context, asked.path(), front.isStopping() ? new Refusal(503, "stopping", "The server is stopping.", e).retryAfter(30).answer()
                : new Refusal(429, "queue-full", "More requests wait than the server takes. Try again later.", e).retryAfter(5).answer());
        }
    }

    /** On a thread where it may block. */
    private void work(final ChannelHandlerContext context, final Endpoint asked, final Exchange exchange) {
        Answer answer;
        try {
            answer = asked.handler().handle(exchange);
        }
        catch (final RuntimeException | Error e) {
            answer = front.refusal(e).answer();
        }
        final Answer result = answer;
        if (result == Answer.STREAMED) exchange.sendNoMore();
        try {
            context.executor().execute(() -> done(context, asked, exchange, result));
        }
        catch (final RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "answered after the end", e);
            front.given();
        }
    }

    private void done(final ChannelHandlerContext context, final Endpoint asked, final Exchange exchange, final Answer result) {
        if (result == Answer.STREAMED) streamed(context, asked.path());
        else if (exchange.isStreaming()) {
            // Half a stream has no status to change: an end without the last piece says that it is not whole.
            ended(context, asked.path(), result.status(), false);
            front.given();
            context.close();
        }
        else answer(context, asked.path(), result);
    }

    private void streamed(final ChannelHandlerContext context, final String path) {
        final boolean goesOn = keepAlive && !front.isStopping();
        sent(context, context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), path, 200, goesOn);
    }

    private void refuse(final ChannelHandlerContext context, final Refusal refusal) {
        LOG.log(Level.DEBUG, "refused", refusal);
        noDeadline();
        giveBack();
        front.answered("refused", refusal.status());
        state = State.DISCARDING;
        context.writeAndFlush(response(refusal.answer(), false));
        within(context, DISCARD_SECONDS, context::close);
    }

    private void answer(final ChannelHandlerContext context, final String path, final Answer answer) {
        final boolean goesOn = keepAlive && !front.isStopping();
        sent(context, context.writeAndFlush(response(answer, goesOn)), path, answer.status(), goesOn);
    }

    /** On the same turn as the writing: a client that has the end may ask again at once, and would find the connection at work. */
    private void sent(final ChannelHandlerContext context, final ChannelFuture written, final String path, final int status, final boolean goesOn) {
        ended(context, path, status, goesOn);
        if (context.channel().isActive()) within(context, WRITE_SECONDS, context::close);
        written.addListener(done -> front.given());
        written.addListener(goesOn ? done -> idle(context) : ChannelFutureListener.CLOSE);
    }

    private void idle(final ChannelHandlerContext context) {
        if (state == State.IDLE) within(context, IDLE_SECONDS, context::close);
    }

    private void ended(final ChannelHandlerContext context, final String path, final int status, final boolean goesOn) {
        giveBack();
        front.answered(path, status);
        if (!context.channel().isActive()) return;
        state = goesOn ? State.IDLE : State.DISCARDING;
    }

    private void giveBack() {
        front.budget().giveBack(expected);
        expected = 0;
        body = new byte[0];
    }

    private FullHttpResponse response(final Answer answer, final boolean goesOn) {
        final FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()),
            headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        Headers.add(response.headers(), answer.contentType());
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        if (answer.status() == 401) response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"DiffusionJ\"");
        HttpUtil.setKeepAlive(response, goesOn);
        return response;
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        LOG.log(Front.isGone(cause) ? Level.DEBUG : Level.WARNING, "a connection failed", cause);
        context.close();
    }
}
