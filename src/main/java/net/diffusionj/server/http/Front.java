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
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;

import net.diffusionj.InvalidInputException;

/**
 * Listens, and gives each request that comes in to its endpoint, on a thread where it may block.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class Front implements AutoCloseable {

    private static final int LONGEST_LINE = 8192;
    private static final int LONGEST_HEADERS = 16_384;
    private static final int LONGEST_CHUNK = 1 << 16;
    private static final int QUICK_THREADS = 8;
    private static final int QUICK_WAITING = 1024;
    private static final int BACKLOG = 1024;

    private final Map<String, Map<String, Endpoint>> endpoints;
    private final Function<Throwable, Refusal> refusals;
    private final BiConsumer<String, Integer> answered;
    private final Door door;
    private final BodyBudget budget;
    private final AtomicInteger connections = new AtomicInteger();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("DiffusionJ server", true), NioIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ExecutorService slow;
    private final ExecutorService quick;
    private Optional<Channel> listening = Optional.empty();
    private int inHand;
    private volatile boolean stopping;

    /**
     * @param endpoints what there is to ask for
     * @param door what is asked of requests
     * @param refusals makes a refusal of what an endpoint throws
     * @param answered is told of each answer: the endpoint's path and the status
     */
    Front(final List<Endpoint> endpoints, final Door door, final Function<Throwable, Refusal> refusals, final BiConsumer<String, Integer> answered) {
        this.endpoints = endpoints.stream().collect(Collectors.groupingBy(Endpoint::path, Collectors.toMap(Endpoint::method, endpoint -> endpoint)));
        this.door = door;
        this.refusals = refusals;
        this.answered = answered;
        this.budget = new BodyBudget(door.bounds().allBodyBytes());
        this.slow = new ThreadPoolExecutor(0, door.bounds().slowThreads(), 30, TimeUnit.SECONDS, new SynchronousQueue<>(),
            new DefaultThreadFactory("DiffusionJ request", true));
        this.quick = new ThreadPoolExecutor(QUICK_THREADS, QUICK_THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUICK_WAITING),
            new DefaultThreadFactory("DiffusionJ answer", true));
    }

    /**
     * Begins to listen.
     *
     * @param bind address or name of this computer
     * @param port to listen at; 0 for any that is free
     * @param tls for https; empty for http
     * @param token that clients must know; empty for none
     * @param bounds what a client may take
     * @param endpoints what there is to ask for
     * @param refusals makes a refusal of what an endpoint throws
     * @param answered is told of each answer: the endpoint's path and the status
     * @return the front, to be closed
     * @throws InvalidInputException if the port is in use, or the address not this computer's
     */
    public static Front listen(final String bind, final int port, final Optional<SslContext> tls, final Optional<Token> token, final Bounds bounds,
        final List<Endpoint> endpoints, final Function<Throwable, Refusal> refusals, final BiConsumer<String, Integer> answered) {
        final Front front = new Front(endpoints, new Door(token, bind.toLowerCase(Locale.ROOT), bounds), refusals, answered);
        try {
            front.begin(new InetSocketAddress(InetAddress.getByName(bind), port), tls);
            return front;
        }
        catch (final UnknownHostException e) {
            front.close();
            throw new InvalidInputException("There is no address " + bind + ". Give one of this computer's, such as 127.0.0.1, or 0.0.0.0 for all.", e);
        }
        catch (final RuntimeException e) {
            front.close();
            throw e;
        }
    }

    private void begin(final InetSocketAddress address, final Optional<SslContext> tls) {
        final ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class).option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(new ChannelInitializer<SocketChannel>() {

                @Override
                protected void initChannel(final SocketChannel channel) {
                    channels.add(channel);
                    tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
                    channel.pipeline().addLast(new HttpServerCodec(LONGEST_LINE, LONGEST_HEADERS, LONGEST_CHUNK), new Doorkeeper(Front.this));
                }
            });
        final ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            final Throwable why = bound.cause();
            throw new InvalidInputException(why instanceof BindException && String.valueOf(why.getMessage()).contains("in use")
                ? "The port " + address.getPort() + " is in use: perhaps a server runs already. End it, or choose another port with --port."
                : "The server cannot listen at " + address.getAddress().getHostAddress() + ':' + address.getPort() + ": " + why.getMessage()
                    + ". Choose an address of this computer with --bind, and a port with --port.",
                why);
        }
        listening = Optional.of(bound.channel());
    }

    /** @return the port that it listens at */
    public int port() {
        return ((InetSocketAddress) listening.orElseThrow().localAddress()).getPort();
    }

    Door door() {
        return door;
    }

    BodyBudget budget() {
        return budget;
    }

    boolean isStopping() {
        return stopping;
    }

    /** @return whether one more connection may be open */
    boolean connected() {
        return connections.incrementAndGet() <= door.bounds().connections();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    synchronized void taken() {
        inHand++;
    }

    /** An answer is on its way, or its client gone. */
    synchronized void given() {
        inHand--;
        notifyAll();
    }

    /** @param patience how long to wait at most
     *  @return whether no request is without its answer any more */
    public synchronized boolean awaitAnswered(final Duration patience) {
        final long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (inHand > 0) {
                final long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) return false;
                wait(millis);
            }
            return true;
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void answered(final String path, final int status) {
        answered.accept(path, status);
    }

    Refusal refusal(final Throwable failure) {
        return refusals.apply(failure);
    }

    /** @param method of HTTP
     *  @param path without a query
     *  @return what answers
     *  @throws Refusal if nothing does */
    Endpoint endpoint(final String method, final String path) {
        final Map<String, Endpoint> found = endpoints.get(path);
        if (found == null) {
            throw new Refusal(404, "not-found", "There is nothing under this path. See docs/operations.md for what the server answers.");
        }
        final Endpoint endpoint = found.get(method.equals("HEAD") ? "GET" : method);
        if (endpoint == null) throw new Refusal(405, "method", "Ask for this with " + String.join(" or ", found.keySet()) + '.');
        return endpoint;
    }

    /** @param endpoint what was asked for
     *  @return where its handler runs */
    ExecutorService threads(final Endpoint endpoint) {
        return endpoint.access() == Endpoint.Access.SLOW ? slow : quick;
    }

    /** Lets no more requests in; those that are in hand go on. */
    public void stop() {
        stopping = true;
        listening.ifPresent(channel -> channel.close().awaitUninterruptibly());
    }

    /** Closes every connection. */
    @Override
    public void close() {
        stop();
        slow.shutdown();
        quick.shutdown();
        channels.close().awaitUninterruptibly(Duration.ofSeconds(5).toMillis());
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(Duration.ofSeconds(5).toMillis());
    }

    /** @param failure while a connection was served
     *  @return whether it says no more than that the client is gone */
    static boolean isGone(final Throwable failure) {
        return failure instanceof IOException;
    }
}
