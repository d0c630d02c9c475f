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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.model.tokenizer.ClipTokenizer;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.service.settings.Settings;
import net.diffusionj.service.settings.SettingsFile;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/**
 * A home on a disk that is full: everything that is written there breaks off in the middle. The real limit is one on the size of files, which a process
 * sets on itself. Natives, optimised models and output images have tests of their own.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class FullHomeTest {

    @TempDir
    private Path home;

    /** The child. */
    public static final class Child {

        private Child() {}

        /** @param args what to write, and a home
         *  @throws Exception if the limit cannot be set */
        public static void main(final String[] args) throws Exception {
            final Path home = Path.of(args[1]);
            if (!args[0].equals("tokenizer")) OnnxEnvironment.load(Folders.HOME);
            new SettingsFile(home).set("cuda.memory", "2G");
            final String self = Long.toString(ProcessHandle.current().pid());
            if (new ProcessBuilder("prlimit", "--pid", self, "--fsize=100").start().waitFor() != 0) throw new IOException("prlimit failed");
            try {
                System.out.println("made " + write(args[0], home));
            }
            catch (final DiffusionJException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }

        private static String write(final String what, final Path home) {
            return switch (what) {
                case "settings" -> {
                    new SettingsFile(home).set("provider.libraries", "/" + "x".repeat(200));
                    yield "a setting";
                }
                case "result" -> {
                    try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
                        final DiffusionResult result =
                            engine.generate(DiffusionRequest.prompt("cells").model(Models.of("turbo").toString()).steps(1)
                                .build(), DiffusionListener.NONE, new CancelToken()).result();
                        yield result.image().dimension(0) + " " + new ResultCache(home, 1 << 30).keep("key", result).orElse("kept");
                    }
                }
                case "model" -> new InstalledModels(home).resolve("").toString();
                case "float32" -> {
                    try (SessionCaches caches = new SessionCaches(home, new ModelHashes(home));
                        var lease = caches.with(Settings.DEFAULTS).lease(Folders.RESOURCES.resolve("ort/half-unet.onnx"), ProviderChoice.CPU)) {
                        yield lease.file().toString();
                    }
                }
                case "hash" -> new ModelHashes(home).of(Folders.RESOURCES.resolve("ort/scalar.onnx"));
                case "tokenizer" -> {
                    ClipTokenizer.open(Models.of("turbo").resolve("tokenizer"), 24, home).close();
                    yield "a tokenizer";
                }
                default -> throw new IllegalArgumentException(what);
            };
        }
    }

    /** @return what the child said; the settings that were there before are still whole, and nothing half written lies about */
    private String write(final String what) throws IOException {
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx200m", "-XX:-UsePerfData"), what, home.toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            assertEquals(2L << 30, new SettingsFile(home).load().provider().options().cuda().memoryBytes().orElseThrow());
            final Map<String, Long> left = new TreeMap<>();
            try (Stream<Path> files = Files.walk(home)) {
                for (final Path file : files.filter(Files::isRegularFile).toList()) left.put(home.relativize(file).toString(), Files.size(file));
            }
            left.keySet().removeIf(name -> name.equals("settings.json") || name.endsWith(".lock"));
            assertEquals(Map.of(), left, child::output);
            return child.output().lines().filter(line -> line.startsWith("made") || line.startsWith("refused")).findFirst().orElseThrow();
        }
    }

    @Test
    void settingsStayAsTheyWere() throws IOException {
        final String said = write("settings");
        assertTrue(said.startsWith("refused: ") && said.contains("settings.json"), said);
    }

    @Test
    void aResultThatCannotBeKeptIsMadeAllTheSame() throws IOException {
        final String said = write("result");
        assertTrue(said.startsWith("made ") && said.contains("could not be kept for the next time"), said);
    }

    @Test
    void theBundledModelIsNotUnpackedInPart() throws IOException {
        final String said = write("model");
        assertTrue(said.startsWith("refused: ") && said.contains("Free some space"), said);
    }

    @Test
    void aFloat16ModelIsNotRewrittenInPart() throws IOException {
        final String said = write("float32");
        assertTrue(said.startsWith("refused: ") && said.contains("Free some space"), said);
    }

    @Test
    void aHashIsComputedAllTheSame() throws IOException {
        final String said = write("hash");
        assertEquals("made " + new ModelHashes(Folders.HOME).of(Folders.RESOURCES.resolve("ort/scalar.onnx")), said);
    }

    @Test
    void theTokenizersLibraryIsRefusedInPlainWords() throws IOException {
        final String said = write("tokenizer");
        assertTrue(said.startsWith("refused: ") && said.contains(home.toString()) && said.contains("space"), said);
    }
}
