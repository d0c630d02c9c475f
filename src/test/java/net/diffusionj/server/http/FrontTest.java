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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.google.gson.JsonPrimitive;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client may take before anybody has looked at what it wants: time, connections and memory for bodies. */
@Timeout(60)
class FrontTest {

    private static final String LOOPBACK = "127.0.0.1";

    private static Front listen(final Bounds bounds) {
        return Front.listen(LOOPBACK, 0, Optional.empty(), Optional.empty(), bounds,
            List.of(new Endpoint("POST", "/length", Endpoint.Access.QUICK, exchange -> Answer.json(new JsonPrimitive(exchange.body().length)))),
            failure -> new Refusal(500, "failed", String.valueOf(failure)), (path, status) -> {});
    }

    private static Socket begin(final Front front, final int length, final String sent) throws IOException {
        final Socket socket = new Socket(LOOPBACK, front.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n" + sent)
            .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(final Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    private static void assertServes(final Front front) throws IOException {
        try (Socket socket = begin(front, 3, "abc")) {
            assertEquals("HTTP/1.1 200", status(socket));
        }
    }

    @Test
    void aBodyThatDoesNotComeInTimeIsRefused() throws IOException {
        try (Front front = listen(new Bounds(100, 100, Duration.ofSeconds(1), 10, 2)); Socket slow = begin(front, 10, "ab")) {
            assertEquals("HTTP/1.1 408", status(slow));
            assertServes(front);
        }
    }

    @Test
    void bodiesTogetherTakeNoMoreMemoryThanThereIs() throws IOException, InterruptedException {
        try (Front front = listen(new Bounds(100, 150, Duration.ofSeconds(30), 10, 2))) {
            try (Socket first = begin(front, 100, "a")) {
                while (front.budget().take(51)) {
                    front.budget().giveBack(51);
                    Thread.sleep(5);
                }
                try (Socket second = begin(front, 100, "a")) {
                    assertEquals("HTTP/1.1 429", status(second));
                }
                first.getOutputStream().write("a".repeat(99).getBytes(StandardCharsets.US_ASCII));
                assertEquals("HTTP/1.1 200", status(first));
            }
            try (Socket third = begin(front, 100, "a".repeat(100))) {
                assertEquals("HTTP/1.1 200", status(third));
            }
        }
    }

    @Test
    void moreConnectionsThanThereMayBeAreClosed() throws IOException, InterruptedException {
        try (Front front = listen(new Bounds(100, 100, Duration.ofSeconds(30), 4, 2))) {
            final List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                open.add(begin(front, 3, "abc"));
                assertEquals("HTTP/1.1 200", status(open.get(i)));
            }
            try (Socket more = new Socket(LOOPBACK, front.port())) {
                more.setSoTimeout(20_000);
                assertEquals(-1, more.getInputStream().read());
            }
            for (final Socket socket : open) socket.close();
            boolean serves = false;
            while (!serves) {
                try (Socket socket = begin(front, 3, "abc")) {
                    serves = status(socket).equals("HTTP/1.1 200");
                }
                catch (final IOException e) {
                    // The others' end has not come in yet.
                    Thread.sleep(20);
                }
            }
            assertTrue(serves);
        }
    }
}
