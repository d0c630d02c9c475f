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
package net.diffusionj.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.server.DiffusionServer;
import net.diffusionj.server.ServerOptions;
import net.diffusionj.server.http.Tls;
import net.diffusionj.server.http.Token;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.remote.ServerConnection;

/** {@code diffusionj serve}: images for other programs and other computers. */
@Command(name = "serve", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Makes images for other programs and computers, over HTTP: DiffusionJ in ImageJ and on command lines (setting server), and clients of AUTOMATIC1111's"
        + " web API. Runs until Ctrl-C. See docs/operations.md.")
final class ServeCommand implements Callable<Integer> {

    private static final String TOKEN_VARIABLE = "DIFFUSIONJ_SERVER_TOKEN";
    private static final String PASSWORD_VARIABLE = "DIFFUSIONJ_KEYSTORE_PASSWORD";
    private static final long MEBIBYTE = 1L << 20;

    private final Printer printer;

    @Option(names = "--port", paramLabel = "N", defaultValue = "" + ServerOptions.PORT,
        description = "Port to listen at; 0: any that is free. Default: ${DEFAULT-VALUE}.")
    private int port;
    @Option(names = "--bind", paramLabel = "ADDRESS", defaultValue = ServerOptions.LOOPBACK,
        description = "Address of this computer to listen at; 0.0.0.0: all of them. Any but this computer's own needs a token. Default: ${DEFAULT-VALUE}.")
    private String bind;
    @Option(names = "--token-file", paramLabel = "FILE",
        description = "File with the token that clients must send. Default: the environment variable " + TOKEN_VARIABLE + ", or none.")
    private Path tokenFile;
    @Option(names = "--keystore", paramLabel = "FILE",
        description = "Speak https, with the certificate and key in this keystore of Java's keytool. Its password is in " + PASSWORD_VARIABLE + '.')
    private Path keystore;
    @Option(names = "--model", paramLabel = "NAME|FOLDER", defaultValue = "", description = "The model for requests that name none. Default: DiffusionJ's own.")
    private String model;
    @Option(names = "--most-megabytes", paramLabel = "N", defaultValue = "256", description = "Largest request that is accepted. Default: ${DEFAULT-VALUE}.")
    private int mostMegabytes;
    @Option(names = "--most-pixels", paramLabel = "N", defaultValue = "" + ServerOptions.PIXELS,
        description = "Largest image that is accepted or made, width times height. Default: ${DEFAULT-VALUE}.")
    private long mostPixels;
    @Option(names = "--most-minutes", paramLabel = "N", defaultValue = "60",
        description = "Longest time that a request may take, its waiting included. Default: ${DEFAULT-VALUE}.")
    private int mostMinutes;
    @Option(names = "--stop-within", paramLabel = "SECONDS", defaultValue = "30",
        description = "At Ctrl-C, how long requests in hand may take to end before they are cancelled. Default: ${DEFAULT-VALUE}.")
    private int stopWithin;

    ServeCommand(final Printer printer) {
        this.printer = printer;
    }

    @Override
    @SuppressWarnings("try") // the interrupt is armed for the time of the run, not used
    public Integer call() throws InterruptedException {
        if (stopWithin < 0) throw new InvalidInputException("--stop-within should be 0 seconds or more, not " + stopWithin + '.');
        final ServerOptions options = new ServerOptions(bind, port, token(), Optional.ofNullable(keystore).map(file -> Tls.of(file, password())), model,
            mostMegabytes * MEBIBYTE, mostPixels, Duration.ofMinutes(mostMinutes));
        final Path home = DiffusionHome.locate();
        final CountDownLatch asked = new CountDownLatch(1);
        final CancelToken stop = new CancelToken();
        stop.onCancel(asked::countDown);
        try (DiffusionEngine engine = new DiffusionEngine(home).here(); Interrupt interrupt = new Interrupt(stop, stopWithin + Interrupt.PATIENCE_SECONDS);
            DiffusionServer server = new DiffusionServer(engine, home, options)) {
            DiffusionEngine.finishesWorkAtExit(true);
            // Now rather than with the first request: what is wrong with it is the operator's to see.
            engine.runtimeVersion();
            printer.result("DiffusionJ serves at " + server.address() + " until Ctrl-C.");
            if (keystore == null && !DiffusionServer.isLoopback(options.bind())) {
                printer.note("Warning: without --keystore, the token and all images cross the network readable for everybody on the way.");
            }
            asked.await();
            printer.note("diffusionj: stopping; requests in hand have " + stopWithin + " s.");
            final boolean allEnded = server.stop(Duration.ofSeconds(stopWithin));
            printer.note("diffusionj: stopped" + (allEnded ? "." : "; requests that took longer were cancelled."));
            return 0;
        }
        finally {
            DiffusionEngine.finishesWorkAtExit(false);
        }
    }

    private Optional<Token> token() {
        if (tokenFile != null) return Optional.of(new Token(ServerConnection.readToken(tokenFile)));
        return Optional.ofNullable(System.getenv(TOKEN_VARIABLE)).map(String::strip).filter(text -> !text.isEmpty()).map(Token::new);
    }

    private static String password() {
        return Optional.ofNullable(System.getenv(PASSWORD_VARIABLE)).orElseThrow(() -> new InvalidInputException("The keystore needs a password: give it in"
            + " the environment variable " + PASSWORD_VARIABLE + '.'));
    }
}
