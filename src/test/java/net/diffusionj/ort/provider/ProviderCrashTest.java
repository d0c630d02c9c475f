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
package net.diffusionj.ort.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ai.onnxruntime.OrtEnvironment;

import com.google.gson.Gson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;

/** A provider library that takes the whole program down is tried once, then skipped with a message, until somebody asks for another try. */
class ProviderCrashTest {

    @TempDir
    private Path home;

    @Test
    void aCrashIsRememberedByTheNextProcessAndCanBeForgotten() throws Exception {
        assertEquals(ProviderTrial.CRASHED, run("crash").exitCode(), "ends in the middle of the attempt");
        assertEquals(1, notes().size(), notes().toString());
        final Run skipped = run("work");
        assertEquals(0, skipped.exitCode(), skipped.output());
        assertTrue(skipped.output().matches("(?s).*false tried=0 its library ended the whole program when it was tried \\(onnxruntime-\\S+ on 20\\S+\\),"
            + " so it is skipped\\..*diffusionj info --retry.*auto=\\[CPU\\].*"), skipped.output());
        final Run retried = run("work", "retry");
        assertTrue(retried.output().matches("(?s).*true tried=1 .*auto=\\[PLUGIN, CPU\\].*"), retried.output());
        assertEquals(List.of(), notes());
    }

    @Test
    void aProcessThatIsEndedFromOutsideInTheRegularWayDidNotCrash() throws Exception {
        assertEquals(3, run("exit").exitCode());
        assertEquals(List.of(), notes());
    }

    @Test
    void whoeverIsTryingNowHasNotCrashed() {
        final ProviderAttempts attempts = new ProviderAttempts(home, "onnxruntime-test");
        final ProviderAttempts.Attempt mine = attempts.begin(ExecutionProvider.CUDA);
        assertTrue(new ProviderAttempts(home, "onnxruntime-test").crash(ExecutionProvider.CUDA).isEmpty());
        mine.close();
        assertTrue(attempts.crash(ExecutionProvider.CUDA).isEmpty());
    }

    @Test
    void aNoteThatWasCutShortIsACrashToo() throws IOException {
        final ProviderAttempts attempts = new ProviderAttempts(home, "onnxruntime-test");
        final Path folder = Files.createDirectories(home.resolve("providers/onnxruntime-test"));
        Files.createFile(folder.resolve("cuda.1234abcd.attempt"));
        assertTrue(attempts.crash(ExecutionProvider.CUDA).isPresent());
        assertTrue(attempts.crash(ExecutionProvider.COREML).isEmpty(), "another provider");
        assertFalse(new ProviderAttempts(home, "onnxruntime-next").crash(ExecutionProvider.CUDA).isPresent(), "another runtime may work");
        attempts.forgetCrashes();
        assertTrue(attempts.crash(ExecutionProvider.CUDA).isEmpty());
    }

    private record Run(int exitCode, String output) {}

    private Run run(final String... args) throws Exception {
        final List<String> command =
            new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                classPath(), ProviderTrial.class.getName(), Folders.HOME.toString(), home.toString()));
        command.addAll(List.of(args));
        final Path output = Files.createTempFile("trial", ".txt");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        final String text = Files.readString(output);
        Files.delete(output);
        return new Run(process.exitValue(), text);
    }

    private static String classPath() {
        return Stream.of(ProviderTrial.class, OnnxEnvironment.class, OrtEnvironment.class, Gson.class)
            .map(type -> new File(type.getProtectionDomain().getCodeSource().getLocation().getPath()).getPath())
            .collect(Collectors.joining(File.pathSeparator));
    }

    private List<Path> notes() throws IOException {
        if (!Files.exists(home.resolve("providers"))) return List.of();
        try (Stream<Path> files = Files.walk(home.resolve("providers"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
