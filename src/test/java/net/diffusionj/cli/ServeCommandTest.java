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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.DefaultSignals;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.HttpCall;

/** The server as a process of its own: its start, its end by a signal, and its sudden death. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(180)
class ServeCommandTest {

    private static final String SECRET = "correct-horse-battery";

    @TempDir
    private Path folder;

    private static ChildJvm serve(final String... more) {
        final List<String> arguments = new ArrayList<>(List.of("serve", "--model", CliRun.model("sd1")));
        arguments.addAll(List.of(more));
        return ChildJvm.startUnder(DefaultSignals.launcher(), Main.class, List.of("-Xmx400m", "-D" + DiffusionHome.PROPERTY + '=' + Folders.HOME),
            arguments.toArray(String[]::new));
    }

    private static String address(final ChildJvm child) {
        assertTrue(child.waitForLine("DiffusionJ serves at "), child.output());
        final String output = child.output();
        return output.substring(output.indexOf("http")).split(" ")[0];
    }

    private static void awaitRunning(final String address) throws InterruptedException {
        while (HttpCall.get(address + "/diffusionj/v1/state").object().getAsJsonObject("queue").get("running").getAsInt() == 0) Thread.sleep(20);
    }

    @Test
    void aSignalLetsRequestsEndAndThenTheServer() throws IOException, InterruptedException {
        try (ChildJvm child = serve("--port", "0", "--stop-within", "60")) {
            final String address = address(child);
            assertEquals(2, CliRun.of("serve", "--port", address.substring(address.lastIndexOf(':') + 1)).exitCode(), "the port is in use");
            final CompletableFuture<HttpCall> running = CompletableFuture.supplyAsync(() -> HttpCall.post(address + "/sdapi/v1/txt2img",
                "{\"prompt\":\"a\",\"steps\":200,\"sampler_name\":\"DDIM\",\"batch_size\":2}"));
            awaitRunning(address);
            new ProcessBuilder("kill", "-TERM", Long.toString(child.pid())).start().waitFor();
            assertEquals(200, running.join().status());
            child.waitForEnd();
            assertTrue(child.output().contains("diffusionj: stopped."), child.output());
        }
    }

    @Test
    void aServerThatIsKilledIsToldOfAndANewOneServes() throws InterruptedException {
        final String port;
        try (ChildJvm child = serve("--port", "0")) {
            final String address = address(child);
            port = address.substring(address.lastIndexOf(':') + 1);
            final CompletableFuture<CliRun> running = CompletableFuture.supplyAsync(() -> CliRun.of("txt2img", "--prompt", "a", "--steps", "999", "--scheduler",
                "ddim", "--batch", "50", "--model", address, "--output", folder.resolve("out.png").toString()));
            awaitRunning(address);
            child.kill();
            assertEquals(1, running.join().exitCode());
            assertTrue(running.join().errors().contains("The server " + address) && running.join().errors().contains("othing was made"),
                running.join().errors());
            assertTrue(Files.notExists(folder.resolve("out.png")));
        }
        try (ChildJvm again = serve("--port", port)) {
            final CliRun run =
                CliRun.of("txt2img", "--prompt", "a", "--steps", "1", "--model", address(again), "--output", folder.resolve("out.png").toString());
            assertEquals(0, run.exitCode(), run.errors());
        }
    }

    @Test
    void aMonitorAsksWithTheTokenWhichNobodyPrints() throws IOException, InterruptedException {
        final Path token = Files.writeString(folder.resolve("token"), SECRET + '\n');
        try (ChildJvm child = serve("--port", "0", "--token-file", token.toString())) {
            final String address = address(child);
            assertEquals(200, HttpCall.post(address + "/sdapi/v1/txt2img", "{\"prompt\":\"a\",\"steps\":1}", "Authorization", "Bearer " + SECRET).status());
            assertEquals(401, HttpCall.post(address + "/sdapi/v1/txt2img", "{\"prompt\":\"a\",\"steps\":1}", "Authorization", "Bearer wrong").status());
            assertEquals(2, CliRun.of("monitor", "--server", address).exitCode());
            final CliRun shown = CliRun.of("monitor", "--server", address, "--token-file", token.toString());
            assertEquals(0, shown.exitCode(), shown.errors());
            assertTrue(shown.output().contains("models: MicroDiff") && shown.output().contains("0 waiting") && shown.output().contains(" sd1 "),
                shown.output());
            final CliRun json = CliRun.of("monitor", "--json", "--server", address, "--token-file", token.toString());
            assertTrue(json.output().lines().anyMatch(line -> line.contains("\"outcome\":\"made\"")), json.output());
            new ProcessBuilder("kill", "-TERM", Long.toString(child.pid())).start().waitFor();
            child.waitForEnd();
            assertFalse(child.output().contains(SECRET), child.output());
        }
        assertTrue(CliRun.of("monitor", "--server", "nonsense").errors().contains("http://"));
        assertTrue(CliRun.of("serve", "--bind", "0.0.0.0", "--port", "0").errors().contains("--token-file"));
        assertTrue(CliRun.of("serve", "--token-file", folder.resolve("none").toString()).errors().contains("none"));
    }
}
