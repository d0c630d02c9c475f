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

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import javax.net.ssl.SSLException;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ProgramEndsException;
import net.diffusionj.service.queue.QueueFullException;
import net.diffusionj.service.settings.ServerSettings;

/**
 * The way to one server: its address, the token that it gets, the certificate that is trusted. Says in plain words what went wrong on the way.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class ServerConnection {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SHORT_ANSWER = Duration.ofSeconds(20);
    /** Slower than this, a connection is as good as none. */
    private static final long SLOWEST_BYTES_PER_SECOND = 50_000;
    private static final Duration LONG_ANSWER = Duration.ofSeconds(60);
    private static final int LONGEST_TOKEN_BYTES = 4096;

    private final URI server;
    private final ServerSettings settings;
    private final HttpClient client;

    /**
     * @param server scheme, host and port
     * @param settings may have a token, which goes to the server that they name alone, and a certificate
     * @throws InvalidInputException if the certificate cannot be used
     */
    public ServerConnection(final URI server, final ServerSettings settings) {
        this.server = server;
        this.settings = settings;
        final HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
        settings.certificate().ifPresent(file -> builder.sslContext(TrustedCertificate.context(file)));
        this.client = builder.build();
    }

    /** @return scheme, host and port */
    public URI server() {
        return server;
    }

    /** A macro may name any server, so a token goes to none but its own. */
    private Optional<String> token() {
        return settings.token().filter(file -> settings.address().filter(server::equals).isPresent()).map(ServerConnection::readToken);
    }

    /**
     * @param file with a token
     * @return the token, without blanks around it
     * @throws InvalidInputException if the file cannot be read, or holds no token
     */
    public static String readToken(final Path file) {
        try {
            final String token;
            try (InputStream in = Files.newInputStream(file)) {
                token = new String(in.readNBytes(LONGEST_TOKEN_BYTES), StandardCharsets.UTF_8).strip();
            }
            if (!token.matches("[\\x21-\\x7e]+")) {
                throw new InvalidInputException("The token file " + file + " should hold one line of letters, digits and signs without blanks.");
            }
            return token;
        }
        catch (final IOException e) {
            throw new InvalidInputException("The token file " + file + " cannot be read: " + e + ". Check the name and who may read it.", e);
        }
    }

    private HttpRequest.Builder request(final String path) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).header(Protocol.VERSION_HEADER, Integer.toString(Protocol.VERSION));
        token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request;
    }

    /**
     * Asks a question that is answered at once.
     *
     * @param path such as {@link Protocol#STATE}
     * @param model what to put behind {@code ?model=}
     * @return the answer
     * @throws DiffusionJException if there is none; says why
     */
    public JsonObject ask(final String path, final String model) {
        final HttpRequest request = request(path + "?model=" + URLEncoder.encode(model, StandardCharsets.UTF_8)).timeout(SHORT_ANSWER).build();
        try {
            final HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = checked(response)) {
                return JsonParser.parseString(new String(body.readAllBytes(), StandardCharsets.UTF_8)).getAsJsonObject();
            }
        }
        catch (final JsonParseException | IllegalStateException e) {
            throw new DiffusionJException("The server " + server + " gave an answer that is no JSON object. Is it a DiffusionJ server?", e);
        }
        catch (final IOException e) {
            throw inPlainWords(e);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (ProgramEndsException) new ProgramEndsException().initCause(e);
        }
    }

    /**
     * Sends a request for images.
     *
     * @param message what to make
     * @return frames
     * @throws IOException if there is no way to the server, see {@link #inPlainWords}
     * @throws InterruptedException if this thread was interrupted; nothing comes any more then
     * @throws DiffusionJException if the server refuses; says why
     */
    InputStream generate(final byte[] message) throws IOException, InterruptedException {
        final HttpRequest request = request(Protocol.GENERATE).header("Content-Type", Protocol.CONTENT_TYPE)
            .timeout(LONG_ANSWER.plusSeconds(message.length / SLOWEST_BYTES_PER_SECOND)).POST(HttpRequest.BodyPublishers.ofByteArray(message)).build();
        return checked(client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
    }

    private InputStream checked(final HttpResponse<InputStream> response) throws IOException {
        final Optional<String> version = response.headers().firstValue(Protocol.VERSION_HEADER);
        if (version.isPresent() && !version.get().equals(Integer.toString(Protocol.VERSION))) {
            response.body().close();
            throw new DiffusionJException("The server " + server + " is DiffusionJ "
                + response.headers().firstValue(Protocol.PROGRAM_HEADER).orElse("of another"
                    + " version")
                + " with protocol " + version.get() + ", and this one speaks protocol " + Protocol.VERSION
                + ". Install the same version of DiffusionJ on both computers.");
        }
        if (response.statusCode() == 200 && version.isPresent()) return response.body();
        try (InputStream body = response.body()) {
            throw refusal(response.statusCode(), version.isPresent(), new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8));
        }
    }

    private DiffusionJException refusal(final int status, final boolean ours, final String body) {
        if (!ours) {
            return new DiffusionJException("What answers at " + server + " (with HTTP status " + status
                + ") is no DiffusionJ server, or an older one. Check the address, and the version of the server.");
        }
        try {
            return refusal(JsonParser.parseString(body).getAsJsonObject());
        }
        catch (final JsonParseException | IllegalStateException e) {
            return new DiffusionJException("The server " + server + " refused with HTTP status " + status + '.', e);
        }
    }

    /**
     * @param said JSON of a refusal
     * @return what to throw
     */
    DiffusionJException refusal(final JsonObject said) {
        final String kind = text(said, "error");
        final String detail = text(said, "detail");
        return switch (kind) {
            case "input" -> new InvalidInputException(detail);
            case "queue-full" -> new QueueFullException(said.has("waiting") ? said.get("waiting").getAsInt() : 0,
                said.has("wait_ms") ? OptionalLong.of(said.get("wait_ms").getAsLong()) : OptionalLong.empty());
            case "token" -> new InvalidInputException("The server " + server + " wants a token, and " + (token().isPresent() ? "the one in "
                + settings.token().orElseThrow() + " is not the one that it was started with."
                : "none was sent to it. Set server to its address, and"
                    + " server.token to the file with the token.")
                + ' ' + detail);
            default -> new DiffusionJException("The server " + server + " says: " + detail);
        };
    }

    private static String text(final JsonObject said, final String key) {
        final JsonElement value = said.get(key);
        return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
    }

    /**
     * @param e why nothing came from the server
     * @return what to throw
     */
    DiffusionJException inPlainWords(final IOException e) {
        final String why;
        if (e instanceof HttpConnectTimeoutException) why = "cannot be reached: it does not answer";
        else if (e instanceof HttpTimeoutException) why = "was reached, but did not answer in time";
        else if (e instanceof ConnectException) {
            why = "cannot be reached: " + (e.getCause() instanceof UnresolvedAddressException || hasCause(e, UnresolvedAddressException.class)
                ? "there is no computer of that name" : "nothing answers there");
        }
        else if (e instanceof SSLException) {
            return new DiffusionJException("The connection to the server " + server + " is not safe: " + e.getMessage()
                + ". If the lab has made the server's certificate itself, save it as a PEM file and set server.certificate to that file.", e);
        }
        else why = "broke off the connection";
        return new DiffusionJException(
            "The server " + server + ' ' + why + ". Nothing was made. Check that it runs: diffusionj monitor --server " + server + '.', e);
    }

    private static boolean hasCause(final Throwable failure, final Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) if (type.isInstance(cause)) return true;
        return false;
    }
}
