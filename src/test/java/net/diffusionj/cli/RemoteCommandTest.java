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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;

import com.sun.net.httpserver.HttpServer;

import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.io.PixelSize;
import net.diffusionj.server.TestServer;

/** The command line that sends its requests to a server writes the very files that it writes by itself. */
@Timeout(120)
class RemoteCommandTest {

    private static TestServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private byte[] written(final String name, final String model, final List<String> arguments) throws IOException {
        final Path file = folder.resolve(name);
        final List<String> all = new ArrayList<>(arguments);
        if (!model.isEmpty()) all.addAll(List.of("--model", model));
        all.addAll(List.of("--output", file.toString()));
        final CliRun run = CliRun.of(all.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.errors());
        return Files.readAllBytes(file);
    }

    private void assertSame(final String ending, final String... arguments) throws IOException {
        final byte[] here = written("here" + ending, CliRun.model("sd1"), List.of(arguments));
        assertArrayEquals(here, written("here" + ending, server.url(""), List.of(arguments)), "by model=http://...");
        assertArrayEquals(here, written("here" + ending, server.url("/sd1"), List.of(arguments)), "by model=http://.../NAME");
        System.setProperty("diffusionj.server", server.url("/"));
        try {
            assertArrayEquals(here, written("here" + ending, "", List.of(arguments)), "by the setting");
        }
        finally {
            System.clearProperty("diffusionj.server");
        }
    }

    @ParameterizedTest
    @CsvSource({".tif, 8", ".png, 16", ".npy, 32"})
    void textToImage(final String ending, final String bits) throws IOException {
        assertSame(ending, "txt2img", "--prompt", "bright nuclei", "--seed", "18446744073709551615", "--steps", "3", "--bits", bits, "--batch", "1", "--camera",
            "gain=0.5,read=3,offset=10");
    }

    @ParameterizedTest
    @CsvSource({"8, false", "16, true", "16, false", "32, true"})
    void imageToImageInEveryDepth(final int bits, final boolean masked) throws IOException {
        final Path source = folder.resolve("source.tif");
        final Path mask = folder.resolve("mask.png");
        ImageFiles.write(source, picture(bits), new ImageMetadata(new PixelSize(0.2, 0.3, 1, "micron"), List.of(), List.of(), Map.of()));
        final Img<?> inside = ArrayImgs.unsignedBytes(50, 40);
        int at = 0;
        for (final Object pixel : inside) ((RealType<?>) pixel).setReal(at++ % 50 < 25 ? 255 : 0);
        ImageFiles.write(mask, inside, ImageMetadata.NONE);
        final List<String> arguments = new ArrayList<>(List.of("img2img", "--input", source.toString(), "--prompt", "a", "--seed", "2", "--steps", "4",
            "--strength", "0.7", "--scale", "1.25"));
        if (masked) arguments.addAll(List.of("--mask", mask.toString()));
        assertSame(".tif", arguments.toArray(String[]::new));
    }

    private static Img<?> picture(final int bits) {
        final Img<?> picture = switch (bits) {
            case 8 -> ArrayImgs.unsignedBytes(50, 40, 3);
            case 16 -> ArrayImgs.unsignedShorts(50, 40);
            default -> ArrayImgs.floats(50, 40);
        };
        int value = 17;
        for (final Object pixel : picture) {
            value = (value * 75 + 74) % 65_537;
            ((RealType<?>) pixel).setReal(bits == 8 ? value % 256 : bits == 16 ? value % 65_536 : value / 7.0);
        }
        return picture;
    }

    @Test
    void latentsAndBranchesTravelToo() throws IOException {
        final Path latents = folder.resolve("noise.npy");
        final Path made = folder.resolve("made.npy");
        written("x.png", CliRun.model("sd1"), List.of("txt2img", "--prompt", "a", "--seed", "1", "--steps", "2", "--save-latents", latents.toString()));
        assertSame(".png", "txt2img", "--prompt", "b", "--seed", "1", "--steps", "2", "--latents", latents.toString());
        final List<String> branched = List.of("txt2img", "--prompt", "a", "--seed", "4", "--steps", "4", "--branch-at", "2", "--branch-guidance", "2,5",
            "--branch-prompt", "b", "--save-latents", made.toString());
        final List<byte[]> here = branches(CliRun.model("sd1"), branched, made);
        final List<byte[]> there = branches(server.url(""), branched, made);
        for (int i = 0; i < here.size(); i++) assertArrayEquals(here.get(i), there.get(i));
    }

    private List<byte[]> branches(final String model, final List<String> arguments, final Path latents) throws IOException {
        final List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--model", model, "--output", folder.resolve("branch.png").toString()));
        final CliRun run = CliRun.of(all.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.errors());
        final List<byte[]> files = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            files.add(Files.readAllBytes(folder.resolve("branch-" + i + ".png")));
            files.add(Files.readAllBytes(latents.resolveSibling("made-" + i + ".npy")));
        }
        return files;
    }

    private CliRun refused(final String model, final String... more) {
        final List<String> all = new ArrayList<>(List.of("txt2img", "--prompt", "a", "--steps", "1", "--model", model, "--output",
            folder.resolve("none.png").toString()));
        all.addAll(List.of(more));
        final CliRun run = CliRun.of(all.toArray(String[]::new));
        assertTrue(run.exitCode() != 0, run.output());
        assertTrue(Files.notExists(folder.resolve("none.png")));
        return run;
    }

    @Test
    void whatTheServerRefusesIsSaidAsHere() {
        assertTrue(refused(server.url(""), "--width", "63").errors().contains("multiple of"));
        assertEquals(2, refused(server.url(""), "--width", "63").exitCode());
        assertTrue(refused(server.url("/etc")).errors().contains("There is no model \"etc\" on this server"));
        assertTrue(refused(server.url("//etc/passwd")).errors().contains("There is no model"));
    }

    @Test
    void aModelThatIsAFolderStaysHere() throws IOException {
        final List<String> arguments = List.of("txt2img", "--prompt", "a", "--seed", "1", "--steps", "1");
        final byte[] here = written("x.png", CliRun.model("sd1"), arguments);
        System.setProperty("diffusionj.server", "http://127.0.0.1:1");
        try {
            assertArrayEquals(here, written("x.png", CliRun.model("sd1"), arguments));
        }
        finally {
            System.clearProperty("diffusionj.server");
        }
    }

    @Test
    void whereNoServerIsTheAnswerSaysSo() throws IOException {
        assertTrue(refused("http://127.0.0.1:1").errors().contains("cannot be reached: nothing answers there"));
        assertTrue(refused("http://no-such-computer.invalid:7860").errors().contains("there is no computer of that name"));
        assertTrue(refused("http://").errors().contains("http://HOST:PORT/NAME"));
        assertTrue(refused("http://user:word@127.0.0.1:1/x").errors().contains("should be the address"));
        try (Fake other = new Fake(200, Optional.empty(), "<html>hello</html>")) {
            assertTrue(refused(other.url()).errors().contains("is no DiffusionJ server"));
        }
    }

    @Test
    void aServerOfAnotherVersionIsTold() throws IOException {
        for (final int status : new int[] {200, 404}) {
            try (Fake newer = new Fake(status, Optional.of("2"), "{}")) {
                final String said = refused(newer.url()).errors();
                assertTrue(said.contains("DiffusionJ 9.9 with protocol 2") && said.contains("same version"), said);
            }
        }
    }

    /** A server of something else. */
    private static final class Fake implements AutoCloseable {

        private final HttpServer http;

        Fake(final int status, final Optional<String> protocol, final String body) throws IOException {
            http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            http.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                protocol.ifPresent(version -> exchange.getResponseHeaders().add("DiffusionJ-Protocol", version));
                exchange.getResponseHeaders().add("DiffusionJ-Version", "9.9");
                final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            http.start();
        }

        String url() {
            return "http://127.0.0.1:" + http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
