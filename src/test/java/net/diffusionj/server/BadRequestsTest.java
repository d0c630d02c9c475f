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

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.InvalidInputException;
import net.diffusionj.server.http.Token;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.HttpCall;
import net.diffusionj.testing.Models;

/** What clients send that cannot be used: each gets a clear answer that names no place of the server, and the next request works. */
@Timeout(120)
class BadRequestsTest {

    private static final String QUICK = "{\"prompt\":\"a\",\"steps\":1,\"seed\":1}";
    private static final String TEXT = "/sdapi/v1/txt2img";
    private static final String SECRET = "correct-horse-battery";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertServes(final TestServer server, final String... headers) {
        final HttpCall call = HttpCall.post(server.url(TEXT), QUICK, headers);
        assertEquals(200, call.status(), call.body());
    }

    @Test
    void otherComputersNeedAToken() {
        final ServerOptions open = new ServerOptions("0.0.0.0", 0, Optional.empty(), Optional.empty(), "", ServerOptions.BODY_BYTES, ServerOptions.PIXELS,
            Duration.ofHours(1));
        assertTrue(assertThrows(InvalidInputException.class, () -> new TestServer(open)).getMessage().contains("--token-file"));
        assertThrows(InvalidInputException.class, () -> new Token("short"));
        assertThrows(InvalidInputException.class, () -> new Token("has blanks in it, many"));
        assertFalse(new Token(SECRET).toString().contains(SECRET));
    }

    @Test
    void aWrongTokenIsRefusedAndTheRightOneServes() {
        try (TestServer server = new TestServer(TestServer.withToken(SECRET))) {
            for (final String wrong : List.of("Bearer " + SECRET + "x", "Bearer ", "Basic " + basic("me", "nothing"), "Basic %%%", SECRET, "Bearer")) {
                final HttpCall call = HttpCall.post(server.url(TEXT), QUICK, "Authorization", wrong);
                assertEquals(401, call.status(), wrong);
                assertEquals("token", call.object().get("error").getAsString());
                assertFalse(call.body().contains(SECRET));
            }
            for (final String path : List.of("/metrics", "/diffusionj/v1/state", "/sdapi/v1/progress", "/sdapi/v1/sd-models")) {
                assertEquals(401, HttpCall.get(server.url(path)).status(), path);
            }
            assertEquals(200, HttpCall.get(server.url("/health")).status());
            assertServes(server, "Authorization", "Bearer " + SECRET);
            assertServes(server, "Authorization", "Basic " + basic("anybody", SECRET));
        }
    }

    private static String basic(final String name, final String password) {
        return Base64.getEncoder().encodeToString((name + ':' + password).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "[1, 2]", "{\"prompt\":", "null", "{\"prompt\":\"a\",\"steps\":\"many\"}", "{\"prompt\":{},\"steps\":1}",
        "{\"prompt\":\"a\",\"steps\":0}", "{\"prompt\":\"a\",\"seed\":\"x\"}", "{\"prompt\":\"a\",\"cfg_scale\":-1}",
        "{\"prompt\":\"a\",\"width\":63,\"height\":64}",
        "{\"prompt\":\"a\",\"width\":20000,\"height\":20000}", "{\"prompt\":\"a\",\"batch_size\":1000,\"n_iter\":1000}", "{\"override_settings\":7}"})
    void aBodyThatCannotBeUsedIsToldWhy(final String body) {
        final HttpCall call = HttpCall.post(server.url(TEXT), body);
        assertTrue(call.status() == 400 || call.status() == 422, call.status() + call.body());
        assertEquals("input", call.object().get("error").getAsString());
        assertTrue(call.detail().endsWith("."), call.detail());
        assertNoPath(call.body());
        assertServes(server);
    }

    @Test
    void deepNestingIsRefused() {
        assertEquals(400, HttpCall.post(server.url(TEXT), "[".repeat(200_000)).status());
        assertServes(server);
    }

    @Test
    void anImageOfTwentyThousandTimesTwentyThousandIsRefusedBeforeItIsDecoded() throws IOException {
        final String picture = Base64.getEncoder().encodeToString(pngThatClaims(20_000, 20_000));
        final long before = System.nanoTime();
        final HttpCall call = HttpCall.post(server.url("/sdapi/v1/img2img"), "{\"prompt\":\"a\",\"init_images\":[\"" + picture + "\"]}");
        assertEquals(422, call.status(), call.body());
        assertTrue(call.detail().contains("20000 x 20000") && call.detail().contains("16777216"), call.detail());
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(5).toNanos());
        for (final String broken : List.of("", "!!!", "aGVsbG8=", "http://127.0.0.1/x.png", picture.substring(0, 40))) {
            final HttpCall other = HttpCall.post(server.url("/sdapi/v1/img2img"), "{\"prompt\":\"a\",\"init_images\":[\"" + broken + "\"]}");
            assertEquals(422, other.status(), broken + other.body());
            assertNoPath(other.body());
        }
        assertServes(server);
    }

    private static byte[] pngThatClaims(final int width, final int height) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        final ByteArrayOutputStream header = new ByteArrayOutputStream();
        final DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(width);
        fields.writeInt(height);
        fields.write(new byte[] {8, 0, 0, 0, 0});
        for (final Map.Entry<String, byte[]> chunk : List.of(Map.entry("IHDR", header.toByteArray()), Map.entry("IEND", new byte[0]))) {
            final byte[] name = chunk.getKey().getBytes(StandardCharsets.US_ASCII);
            final CRC32 sum = new CRC32();
            sum.update(name);
            sum.update(chunk.getValue());
            out.writeInt(chunk.getValue().length);
            out.write(name);
            out.write(chunk.getValue());
            out.writeInt((int) sum.getValue());
        }
        return bytes.toByteArray();
    }

    @Test
    void aRequestThatIsTooLargeGetsItsAnswerAlthoughItIsStillBeingSent() {
        try (TestServer server = new TestServer(TestServer.withLimits(1 << 20, ServerOptions.PIXELS, Duration.ofHours(1)))) {
            final HttpCall call = HttpCall.post(server.url(TEXT), "x".repeat(3 << 20));
            assertEquals(413, call.status());
            assertTrue(call.detail().contains("1048576"), call.detail());
            assertServes(server);
        }
    }

    @Test
    void oddRequestsAreRefused() throws IOException {
        assertEquals(404, HttpCall.get(server.url("/nothing")).status());
        assertEquals(405, HttpCall.get(server.url(TEXT)).status());
        assertEquals(403, HttpCall.post(server.url(TEXT), QUICK, "Origin", "https://somewhere.org").status());
        assertTrue(raw(server, "POST " + TEXT + " HTTP/1.1\r\nHost: evil.org:80\r\nContent-Length: 2\r\n\r\n{}").startsWith("HTTP/1.1 403"));
        assertTrue(raw(server, "POST " + TEXT + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n").startsWith(
            "HTTP/1.1 411"));
        assertTrue(raw(server, "POST " + TEXT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n").startsWith("HTTP/1.1 400"));
        assertTrue(raw(server, "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n").startsWith("HTTP/1.1 4"));
        assertTrue(raw(server, "\u0016\u0003\u0001 nonsense\r\n\r\n").startsWith("HTTP/1.1 400"));
        assertServes(server);
    }

    private static String raw(final TestServer server, final String request) throws IOException {
        try (Socket socket = new Socket(ServerOptions.LOOPBACK, server.server().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            final InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "../models/x", "..", ".", "C:\\models", "http://127.0.0.1:1/x", "sd1/../sd1", "no such model"})
    void aClientNamesModelsAndNoFolders(final String model) {
        final String escaped = model.replace("\\", "\\\\");
        final HttpCall call = HttpCall.post(server.url(TEXT), "{\"prompt\":\"a\",\"override_settings\":{\"sd_model_checkpoint\":\"" + escaped + "\"}}");
        assertEquals(422, call.status(), call.body());
        assertTrue(call.detail().contains("It has: ") && call.detail().contains("sd1"), call.detail());
        assertEquals(422, HttpCall.post(server.url("/sdapi/v1/options"), "{\"sd_model_checkpoint\":\"" + escaped + "\"}").status());
    }

    @Test
    void errorsNameNoPlaceOfTheServer(@TempDir final Path folder) throws IOException {
        final Path broken = Folders.HOME.resolve("models").resolve("broken-for-server");
        Models.copy("sd1", broken);
        try (TestServer server = new TestServer()) {
            Files.writeString(broken.resolve("unet/model.onnx"), "<html>not found</html>");
            final HttpCall call = HttpCall.post(server.url(TEXT), "{\"prompt\":\"a\",\"override_settings\":{\"sd_model_checkpoint\":\"broken-for-server\"}}");
            assertTrue(call.status() >= 400, call.body());
            assertNoPath(call.body());
            assertTrue(call.detail().contains("model.onnx"), call.detail());
            assertServes(server);
        }
        finally {
            try (var files = Files.walk(broken)) {
                for (final Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(file);
            }
        }
    }

    private static void assertNoPath(final String body) {
        assertFalse(body.contains(Folders.REPOSITORY.toString()) || body.contains("target/") || body.contains(System.getProperty("user.home") + "/"), body);
    }

    @Test
    void wordsForClientsLoseFoldersAndNothingElse() {
        final ClientWords words = new ClientWords(List.of(Path.of("/home/some body/.diffusionj")));
        assertEquals("The file model.onnx is broken.", words.of("The file /data/models/sd 1/../x/model.onnx is broken.".replace("sd 1/../x/", "")));
        assertEquals("In models/x and settings.json it fails.",
            words.of("In /home/some body/.diffusionj/models/x and /home/some body/.diffusionj/settings.json it fails."));
        assertEquals("Scale must be a number from 1/64 to 64; see http://a.org/b/c and 3 and/or 4.",
            words.of("Scale must be a number from 1/64 to 64; see http://a.org/b/c and 3 and/or 4."));
        assertEquals("(file) \"x.tif\" y", words.of("(file) \"C:\\data\\x.tif\" y"));
    }
}
