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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.server.http.Tls;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.queue.QueueFullException;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** An engine that sends its requests to a server: its listener, its cancel and its errors are those of an engine that does the work. */
@Timeout(120)
class RemoteRunTest {

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

    /** Writes down what it is told. */
    private static final class Diary implements DiffusionListener {

        private final List<String> lines = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();

        private void add(final String line) {
            lines.add(line);
            threads.add(Thread.currentThread());
        }

        @Override
        public void stage(final Stage stage) {
            add("stage " + stage);
        }

        @Override
        public void waiting(final int ahead, final OptionalLong expectedMillis) {
            add("waiting " + ahead);
        }

        @Override
        public void step(final int step, final int steps, final int imageIndex) {
            add("step " + step + " of " + steps + " of image " + imageIndex);
        }

        @Override
        public int previewEverySteps() {
            return 2;
        }

        @Override
        public void preview(final Img<UnsignedByteType> preview) {
            add("preview " + Arrays.toString(preview.dimensionsAsLongArray()) + sum(preview));
        }

        @Override
        public boolean wantsImages() {
            return true;
        }

        @Override
        public void image(final int index, final Img<?> image) {
            add("image " + index + ' ' + Arrays.toString(image.dimensionsAsLongArray()));
        }

        @Override
        public void warning(final String message) {
            add("warning " + message);
        }

        private static long sum(final Img<UnsignedByteType> image) {
            long sum = 0;
            for (final UnsignedByteType pixel : image) sum = 31 * sum + pixel.get();
            return sum;
        }
    }

    private static DiffusionRequest.Builder request(final String model) {
        return DiffusionRequest.prompt("bright nuclei " + "and many more words ".repeat(30)).model(model).seed(3).steps(4).batch(2);
    }

    @Test
    void aListenerIsToldTheSameOnItsOwnThread() {
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final Diary here = new Diary();
            final Diary there = new Diary();
            final DiffusionResult expected = engine.generate(request(Models.of("sd1").toString()).build(), here, new CancelToken()).result();
            final DiffusionResult made = engine.generate(request(server.url("")).build(), there, new CancelToken()).result();
            assertEquals(here.lines, there.lines);
            assertTrue(here.lines.stream().anyMatch(line -> line.startsWith("preview")) && here.lines.stream().anyMatch(line -> line.startsWith("warning"))
                && here.lines.stream().anyMatch(line -> line.startsWith("image 1")), here.lines.toString());
            assertEquals(List.of(Thread.currentThread()), there.threads.stream().distinct().toList());
            assertEquals(expected.settings(), made.settings());
            assertEquals(expected.warnings(), made.warnings());
            assertArrayEquals(expected.latents().orElseThrow().values(), made.latents().orElseThrow().values());
            assertEquals(expected.timings().stepMillis().size(), made.timings().stepMillis().size());
            assertEquals(made.settings().get("model"), made.record().orElseThrow().work().model());
        }
    }

    @Test
    void aModelThereHasItsDefaultsAndItsHash() {
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            assertEquals(engine.defaults(Models.of("sd1").toString()), engine.defaults(server.url("/sd1")));
            assertEquals(engine.modelHash(Models.of("sd1").toString()), engine.modelHash(server.url("")));
            assertThrows(InvalidInputException.class, () -> engine.defaults(server.url("/nothing")));
            assertThrows(InvalidInputException.class, () -> engine.describe(server.url("/sd1")));
        }
    }

    @Test
    void aCancelHereEndsTheWorkThere() throws InterruptedException {
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final CancelToken cancel = new CancelToken();
            final DiffusionOutcome outcome = engine.generate(request(server.url("")).scheduler("ddim").steps(999).batch(50).build(), new DiffusionListener() {

                @Override
                public void step(final int step, final int steps, final int imageIndex) {
                    if (step == 3) cancel.cancel();
                }
            }, cancel);
            assertEquals(new DiffusionOutcome.Cancelled(Stage.DENOISING), outcome);
            final long cancelled = System.nanoTime();
            while (server.engine().queue().running() > 0) Thread.sleep(5);
            assertTrue(System.nanoTime() - cancelled < Duration.ofSeconds(10).toNanos());
            assertFalse(engine.generate(request(server.url("")).build(), DiffusionListener.NONE, new CancelToken()).isCancelled());
        }
    }

    @Test
    void aFullQueueThereIsAFullQueueHere() throws InterruptedException {
        System.setProperty("diffusionj.queue.most", "1");
        try (TestServer small = new TestServer(); DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final CancelToken cancel = new CancelToken();
            final List<CompletableFuture<DiffusionOutcome>> running = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                running.add(CompletableFuture.supplyAsync(() -> engine.generate(request(small.url("")).scheduler("ddim").steps(999).batch(50).build(),
                    DiffusionListener.NONE, cancel), task -> new Thread(task).start()));
                while (small.engine().queue().running() + small.engine().queue().waiting() <= i) Thread.sleep(5);
            }
            final QueueFullException full = assertThrows(QueueFullException.class,
                () -> engine.generate(request(small.url("")).build(), DiffusionListener.NONE, new CancelToken()));
            assertEquals(1, full.waiting());
            cancel.cancel();
            running.forEach(run -> assertTrue(run.join().isCancelled()));
        }
        finally {
            System.clearProperty("diffusionj.queue.most");
        }
    }

    @Test
    void aServerThatStopsTellsItsClients() throws InterruptedException {
        try (TestServer ending = new TestServer(); DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final CompletableFuture<DiffusionOutcome> running = CompletableFuture.supplyAsync(() -> engine.generate(
                request(ending.url("")).scheduler("ddim").steps(999).batch(50).build(), DiffusionListener.NONE, new CancelToken()));
            while (ending.engine().queue().running() == 0) Thread.sleep(5);
            ending.server().stop(Duration.ofMillis(50));
            final Throwable why = assertThrows(CompletionException.class, running::join).getCause();
            assertTrue(why instanceof DiffusionJException && why.getMessage().contains("The server is stopping"), String.valueOf(why));
        }
    }

    @Test
    void aTokenGoesToTheServerOfTheSettingsAlone(@TempDir final Path folder) throws IOException {
        final Path file = Files.writeString(folder.resolve("token"), SECRET + "\n");
        try (TestServer locked = new TestServer(TestServer.withToken(SECRET)); DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final DiffusionRequest request = request("").build();
            set("diffusionj.server", locked.url(""));
            assertTrue(refusal(engine, request).contains("none was sent"));
            set("diffusionj.server.token", folder.resolve("missing").toString());
            assertTrue(refusal(engine, request).contains("missing"));
            set("diffusionj.server.token", Files.writeString(folder.resolve("wrong"), "some-other-token-here").toString());
            assertTrue(refusal(engine, request).contains("is not the one that it was started with"));
            set("diffusionj.server.token", file.toString());
            assertFalse(engine.generate(request, DiffusionListener.NONE, new CancelToken()).isCancelled());
            // A macro that names a server of its own gets no token of ours.
            set("diffusionj.server", "http://127.0.0.1:1");
            assertTrue(refusal(engine, request(locked.url("")).build()).contains("none was sent"));
        }
        finally {
            for (final String name : List.of("diffusionj.server", "diffusionj.server.token")) System.clearProperty(name);
        }
    }

    private static void set(final String property, final String value) {
        System.setProperty(property, value);
    }

    private static String refusal(final DiffusionEngine engine, final DiffusionRequest request) {
        return assertThrows(DiffusionJException.class, () -> engine.generate(request, DiffusionListener.NONE, new CancelToken())).getMessage();
    }

    @Test
    void overHttpsTheCertificateOfTheLabIsTrustedWhereItIsNamed(@TempDir final Path folder) throws IOException, InterruptedException {
        final Path keystore = folder.resolve("keys.p12");
        final Path certificate = folder.resolve("server.pem");
        keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=lab", "-ext", "SAN=ip:127.0.0.1", "-validity", "2", "-keystore",
            keystore.toString(), "-storepass", "word-of-test");
        keytool("-exportcert", "-rfc", "-alias", "server", "-file", certificate.toString(), "-keystore", keystore.toString(), "-storepass", "word-of-test");
        assertThrows(InvalidInputException.class, () -> Tls.of(keystore, "wrong"));
        final ServerOptions options = new ServerOptions(ServerOptions.LOOPBACK, 0, Optional.empty(), Optional.of(Tls.of(keystore, "word-of-test")), "",
            ServerOptions.BODY_BYTES, ServerOptions.PIXELS, Duration.ofHours(1));
        try (TestServer safe = new TestServer(options); DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            assertTrue(safe.url("").startsWith("https://"));
            assertTrue(refusal(engine, request(safe.url("")).build()).contains("server.certificate"));
            set("diffusionj.server.certificate", certificate.toString());
            assertFalse(engine.generate(request(safe.url("")).build(), DiffusionListener.NONE, new CancelToken()).isCancelled());
        }
        finally {
            System.clearProperty("diffusionj.server.certificate");
        }
    }

    private static void keytool(final String... arguments) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
    }
}
