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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.testing.HttpCall;
import net.diffusionj.testing.Models;

/** Many clients at once, clients that leave, requests that take too long, and the end of a server: nothing is lost, and the next request works. */
@Timeout(120)
class ServerLoadTest {

    private static final String QUICK = "{\"prompt\":\"a\",\"steps\":1,\"seed\":1}";
    private static final String TEXT = "/sdapi/v1/txt2img";
    private static final String LONG = "{\"prompt\":\"a\",\"steps\":999,\"sampler_name\":\"DDIM\",\"batch_size\":50}";

    private static void assertServes(final TestServer server, final String... headers) {
        final HttpCall call = HttpCall.post(server.url(TEXT), QUICK, headers);
        assertEquals(200, call.status(), call.body());
    }

    @Test
    void aPortInUseIsToldAndTheServerThereGoesOn() {
        try (TestServer first = new TestServer()) {
            final ServerOptions same = new ServerOptions(ServerOptions.LOOPBACK, first.server().port(), Optional.empty(), Optional.empty(), "",
                ServerOptions.BODY_BYTES, ServerOptions.PIXELS, Duration.ofHours(1));
            final String said = assertThrows(InvalidInputException.class, () -> new TestServer(same)).getMessage();
            assertTrue(said.contains("port " + first.server().port() + " is in use") && said.contains("--port"), said);
            assertServes(first);
        }
    }

    @Test
    void aThousandRequestsAtOnceAreMadeOrRefusedAndNoneIsLost() {
        System.setProperty("diffusionj.queue.most", "20");
        try (TestServer server = new TestServer()) {
            assertServes(server);
            final int before = server.engine().records().size();
            final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            final List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                final HttpRequest request = HttpCall.request(server.url(TEXT)).POST(HttpRequest.BodyPublishers.ofString(QUICK)).build();
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            final Map<Integer, Long> byStatus = answers.stream().map(CompletableFuture::join).peek(answer -> {
                if (answer.statusCode() == 429) assertTrue(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()) >= 1);
            }).collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
            assertEquals(1000, byStatus.getOrDefault(200, 0L) + byStatus.getOrDefault(429, 0L), byStatus.toString());
            assertTrue(byStatus.get(200) >= 20 && byStatus.getOrDefault(429, 0L) > 0, byStatus.toString());
            final String metrics = HttpCall.get(server.url("/metrics")).body();
            assertTrue(metrics.contains("diffusionj_generations_total{outcome=\"made\"} " + (double) (byStatus.get(200) + 1)), metrics);
            assertTrue(before > 0);
            assertServes(server);
        }
        finally {
            System.clearProperty("diffusionj.queue.most");
        }
    }

    @Test
    void aClientThatHangsUpStopsItsRequest() throws IOException, InterruptedException {
        try (TestServer server = new TestServer()) {
            try (Socket socket = new Socket(ServerOptions.LOOPBACK, server.server().port())) {
                socket.getOutputStream().write(("POST " + TEXT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + LONG.length() + "\r\n\r\n" + LONG)
                    .getBytes(StandardCharsets.US_ASCII));
                while (server.engine().queue().running() == 0) Thread.sleep(10);
            }
            final long hungUp = System.nanoTime();
            while (server.engine().queue().running() > 0) Thread.sleep(10);
            assertTrue(System.nanoTime() - hungUp < Duration.ofSeconds(10).toNanos());
            assertTrue(HttpCall.get(server.url("/metrics")).body().contains("diffusionj_generations_total{outcome=\"gone\"} 1.0"));
            assertServes(server);
        }
    }

    @Test
    void aRequestThatTakesTooLongIsEnded() {
        try (TestServer server = new TestServer(TestServer.withLimits(ServerOptions.BODY_BYTES, ServerOptions.PIXELS, Duration.ofSeconds(3)))) {
            // Opens the model, for which a busy machine may take longer than that.
            server.engine().generate(DiffusionRequest.prompt("a").model(Models.of("sd1").toString()).steps(1).build(), DiffusionListener.NONE,
                new CancelToken());
            final HttpCall call = HttpCall.post(server.url(TEXT), LONG);
            assertEquals(504, call.status(), call.body());
            assertTrue(call.detail().contains("longer than the 3 s"), call.detail());
            assertServes(server);
        }
    }

    @Test
    void whoStopsTheServerGivesRequestsTimeAndThenTellsThem() throws InterruptedException {
        try (TestServer server = new TestServer()) {
            final CompletableFuture<HttpCall> quick = CompletableFuture.supplyAsync(
                () -> HttpCall.post(server.url(TEXT), "{\"prompt\":\"a\",\"steps\":60,\"sampler_name\":\"DDIM\",\"batch_size\":4}"));
            while (server.engine().queue().running() == 0) Thread.sleep(5);
            assertTrue(server.server().stop(Duration.ofSeconds(60)), "it had the time that it took");
            assertEquals(200, quick.join().status());
        }
        try (TestServer server = new TestServer()) {
            final CompletableFuture<HttpCall> slow = CompletableFuture.supplyAsync(() -> HttpCall.post(server.url(TEXT), LONG));
            while (server.engine().queue().running() == 0) Thread.sleep(5);
            assertFalse(server.server().stop(Duration.ofMillis(100)));
            assertEquals(503, slow.join().status());
            assertEquals("stopping", slow.join().object().get("error").getAsString());
        }
    }

    @Test
    void metricsAreWhatPrometheusReads() {
        try (TestServer server = new TestServer()) {
            assertServes(server);
            final HttpCall call = HttpCall.get(server.url("/metrics"));
            assertTrue(call.response().headers().firstValue("Content-Type").orElseThrow().startsWith("text/plain; version=0.0.4"));
            for (final String line : List.of("diffusionj_http_requests_total{endpoint=\"/sdapi/v1/txt2img\",status=\"200\"} 1.0", "diffusionj_images_total 1.0",
                "diffusionj_queue_waiting{priority=\"batch\"} 0.0", "diffusionj_wait_seconds_count 1", "diffusionj_step_seconds_count 1")) {
                assertTrue(call.body().contains(line), line + " in\n" + call.body());
            }
        }
    }
}
