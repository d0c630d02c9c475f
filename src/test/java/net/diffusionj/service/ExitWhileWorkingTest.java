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
package net.diffusionj.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.DefaultSignals;
import net.diffusionj.testing.Folders;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs that end while models are opened, run and decoded, at random moments: by Ctrl-C, by SIGTERM and by System.exit, which is ImageJ's Quit. None may crash,
 * and none may leave native work to a library that is being taken down. The long form, after mvn test-compile dependency:build-classpath
 * -Dmdep.outputFile=target/test-classpath:
 *
 * <pre>
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) net.diffusionj.service.ExitWhileWorkingTest 200
 * </pre>
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(300)
public class ExitWhileWorkingTest {

    private static final int EACH = 4;
    private static final int LONGEST_MILLIS = 900;

    /** How a program ends, and its exit code then. */
    enum End {
        INTERRUPT("INT", 130), TERMINATE("TERM", 143), QUIT("", 7);

        private final String signal;
        private final int code;

        End(final String signal, final int code) {
            this.signal = signal;
            this.code = code;
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void endsWithoutACrash(final End end, @TempDir final Path folder) throws Exception {
        final Random random = new Random(end.code);
        for (int i = 0; i < EACH; i++) assertEquals("", faults(end, random.nextInt(LONGEST_MILLIS), folder));
    }

    /** @param args how often to end each kind
     *  @throws Exception if a child cannot be started */
    public static void main(final String[] args) throws Exception {
        if (args.length == 2) {
            Child.main(args);
            return;
        }
        final PrintStream out = System.out;
        final Random random = new Random();
        final Path folder = Files.createTempDirectory("exits");
        for (final End end : End.values()) {
            int faulty = 0;
            final int count = Integer.parseInt(args[0]);
            for (int i = 0; i < count; i++) {
                final String faults = faults(end, random.nextInt(LONGEST_MILLIS), folder);
                if (!faults.isEmpty()) faulty++;
                if (!faults.isEmpty()) out.println(faults);
            }
            out.println(end + ": " + faulty + " of " + count + " with faults");
        }
    }

    /** @return what was wrong; empty if nothing */
    private static String faults(final End end, final int millis, final Path folder) throws IOException, InterruptedException {
        final List<String> options = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ErrorFile=" + folder.resolve("hs_err.log"));
        final String home = Folders.HOME.toString();
        try (ChildJvm child = ChildJvm.startUnder(DefaultSignals.launcher(), Child.class, options, home, end == End.QUIT ? Integer.toString(millis) : "-1")) {
            if (!child.waitForLine("working")) return "did not begin: " + child.output();
            if (end != End.QUIT) {
                Thread.sleep(millis);
                new ProcessBuilder("kill", '-' + end.signal, Long.toString(child.pid())).start().waitFor();
            }
            final int code = child.waitForEnd();
            final List<String> said = child.output().lines().filter(line -> line.startsWith("FAULT") || line.startsWith("#")).toList();
            try (Stream<Path> logs = Files.list(folder)) {
                final List<Path> crashes = logs.toList();
                for (final Path crash : crashes) Files.delete(crash);
                return code == end.code && said.isEmpty() && crashes.isEmpty() ? ""
                    : end + " after " + millis + " ms: exit code " + code + ", " + said + ", " + crashes;
            }
        }
    }

    /** Opens the bundled model again and again and draws with it, while another exit hook keeps the process alive a little, as other plugins' do. */
    public static final class Child {

        private static final int HOLD_MILLIS = 300;

        private Child() {}

        /** @param args the home, and after how many milliseconds to exit; -1 to wait for a signal
         *  @throws InterruptedException never */
        public static void main(final String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(Child::hold));
            for (int i = 0; i < 2; i++) {
                final Thread thread = new Thread(() -> work(Path.of(args[0])));
                thread.setDaemon(true);
                thread.start();
            }
            System.out.println("working");
            final int millis = Integer.parseInt(args[1]);
            Thread.sleep(millis < 0 ? Integer.MAX_VALUE : millis);
            System.exit(End.QUIT.code);
        }

        private static void work(final Path home) {
            try (DiffusionEngine engine = new DiffusionEngine(home)) {
                for (int i = 0;; i++) {
                    final DiffusionRequest request = DiffusionRequest.prompt("cell").seed(i).steps(1 + i % 3).build();
                    if (engine.generate(request, DiffusionListener.NONE, new CancelToken()).isCancelled()) return;
                    engine.releaseMemory();
                }
            }
            catch (final DiffusionJException e) {
                System.out.println("FAULT " + e);
            }
            catch (final RuntimeException | Error e) {
                System.out.println("FAULT " + e);
                e.printStackTrace(System.out);
            }
        }

        private static void hold() {
            try {
                Thread.sleep(HOLD_MILLIS);
            }
            catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
