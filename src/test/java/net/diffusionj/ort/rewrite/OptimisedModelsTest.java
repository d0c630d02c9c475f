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
package net.diffusionj.ort.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import net.diffusionj.CancelToken;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.ort.session.TensorBuffer;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OrtFixtures;

/** Optimised models on the disk: found again, checked, bounded, and never in the way; long because its children, killed or short of disk, lie beside
 * their tests. */
class OptimisedModelsTest {

    private static final Path MODEL = OrtFixtures.GRAPHS.resolve("greedy.onnx").toAbsolutePath();
    private static final List<ExecutionProvider> CPU = List.of(ExecutionProvider.CPU);
    private static final OptimisedLimits ALL = new OptimisedLimits(0, 1L << 30);

    @TempDir
    private Path home;

    private static OptimisedModels models(final Path home) {
        return new OptimisedModels(home, new ModelHashes(home), ALL, "1", "cpu");
    }

    private static SessionCache cache(final OptimisedModels models) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        return new SessionCache(onnx, new ExecutionProviders(onnx), CacheLimits.defaults(MemoryProbe.ofThisMachine()), Optional.of(models));
    }

    private static float[] decode(final Path home) {
        try (SessionCache cache = cache(models(home))) {
            return decode(cache);
        }
    }

    private static float[] decode(final SessionCache cache) {
        try (SessionLease lease = cache.lease(MODEL, ProviderChoice.CPU); ModelCall call = lease.newCall()) {
            assertEquals(MODEL, lease.file(), "a session goes by the model's own name");
            call.input(OrtFixtures.input(lease, "latent_sample"), 1, 4, 4, 4).fill(0.5);
            final TensorBuffer pixels = call.output(OrtFixtures.output(lease, "sample"), 1, 3, 32, 32);
            call.run(new CancelToken());
            return pixels.toFloats();
        }
    }

    private static float[] expected() {
        try (SessionCache cache = OrtFixtures.newCache()) {
            return decode(cache);
        }
    }

    private Path entry() throws IOException {
        try (Stream<Path> entries = Files.list(home.resolve("cache").resolve("optimised"))) {
            return entries.filter(Files::isDirectory).reduce((a, b) -> {
                throw new AssertionError("two entries");
            }).orElseThrow();
        }
    }

    private Instant modified(final Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    @Test
    void leavesAnEntryBehindAndOpensItTheNextTime() throws IOException {
        assertArrayEquals(expected(), decode(home), 1e-5f);
        final Path graph = entry().resolve(OptimisedModels.MODEL);
        assertTrue(Files.size(graph) < 10_000, "weights lie beside the graph");
        assertTrue(Files.size(entry().resolve(OptimisedModels.WEIGHTS)) > 70_000);
        final Instant built = modified(graph);
        assertArrayEquals(expected(), decode(home), 1e-5f);
        assertEquals(built, modified(graph), "was not built again");
    }

    @Test
    void opensWhatTheKeyFindsAndNotTheModelItself() throws IOException {
        decode(home);
        final OptimisedModels models = models(home);
        assertEquals(Optional.of(entry().resolve(OptimisedModels.MODEL)), models.find(models.key(MODEL, CPU)));
        assertEquals(Optional.empty(), models.find(new OptimisedModels(home, new ModelHashes(home), ALL, "2", "cpu").key(MODEL, CPU)), "another runtime");
        assertEquals(Optional.empty(), models.find(new OptimisedModels(home, new ModelHashes(home), ALL, "1", "old").key(MODEL, CPU)), "another processor");
        assertEquals(Optional.empty(), models.find(models.key(MODEL, List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU))), "another provider");
        assertEquals(Optional.empty(), models.find(models.key(OrtFixtures.GRAPHS.resolve("scalar.onnx"), CPU)), "another model");
    }

    private enum Damage {
        TRUNCATED_WEIGHTS, RANDOM_WEIGHTS, NO_WEIGHTS, RANDOM_GRAPH, EMPTY_GRAPH, TRUNCATED_MANIFEST, NO_MANIFEST, A_FILE_INSTEAD;

        void strike(final Path entry) throws IOException {
            final Path graph = entry.resolve(OptimisedModels.MODEL);
            final Path weights = entry.resolve(OptimisedModels.WEIGHTS);
            final Path manifest = entry.resolve(OptimisedManifest.NAME);
            switch (this) {
                case TRUNCATED_WEIGHTS -> Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 1000));
                case RANDOM_WEIGHTS -> overwrite(weights);
                case NO_WEIGHTS -> Files.delete(weights);
                case RANDOM_GRAPH -> overwrite(graph);
                case EMPTY_GRAPH -> Files.write(graph, new byte[0]);
                case TRUNCATED_MANIFEST -> Files.write(manifest, Arrays.copyOf(Files.readAllBytes(manifest), 40));
                case NO_MANIFEST -> Files.delete(manifest);
                case A_FILE_INSTEAD -> {
                    Files.delete(weights);
                    Files.delete(graph);
                    Files.delete(manifest);
                    Files.delete(entry);
                    Files.writeString(entry, "not a folder");
                }
                default -> throw new AssertionError(this);
            }
        }

        private static void overwrite(final Path file) throws IOException {
            final byte[] bytes = new byte[(int) Files.size(file)];
            new Random(1).nextBytes(bytes);
            final FileTime before = Files.getLastModifiedTime(file);
            Files.write(file, bytes);
            // A write within the clock's grain would be a test of the clock.
            Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 1000));
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void buildsADamagedEntryAgain(final Damage damage) throws IOException {
        final float[] right = decode(home);
        final Path entry = entry();
        damage.strike(entry);
        assertArrayEquals(right, decode(home), 1e-5f);
        final OptimisedModels models = models(home);
        assertTrue(models.find(models.key(MODEL, CPU)).isPresent(), "an entry stands again");
    }

    @Test
    void keepsBelowItsLimitByDroppingWhatWasUsedLongestAgo() throws IOException {
        decode(home);
        final Path old = entry();
        final long bytes = OptimisedManifest.bytes(old);
        final OptimisedModels bounded =
            new OptimisedModels(home, new ModelHashes(home), new OptimisedLimits(0, 5 * OrtFixtures.size("greedy") / 2), "2", "cpu");
        try (SessionCache cache = cache(bounded)) {
            decode(cache);
        }
        assertFalse(Files.exists(old));
        assertTrue(bounded.find(bounded.key(MODEL, CPU)).isPresent());
        assertFalse(bounded.gains(2 * bytes, CPU), "would not fit");
        assertFalse(bounded.gains(10, List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU)));
        assertFalse(new OptimisedModels(home, new ModelHashes(home), OptimisedLimits.DEFAULT, "1").gains(1 << 20, CPU), "small models open fast as they are");
    }

    @Test
    void removesWhatAKilledProcessLeftOfAnotherModelOnceItIsOld() throws IOException {
        final Path folder = Files.createDirectories(home.resolve("cache").resolve("optimised"));
        final Path old = leftover(folder, ".old.00000000" + AtomicFile.PART_SUFFIX, Duration.ofHours(7));
        final Path young = leftover(folder, ".young.00000000" + AtomicFile.PART_SUFFIX, Duration.ofHours(5));
        assertArrayEquals(expected(), decode(home), 1e-5f);
        assertFalse(Files.exists(old), "nobody builds for seven hours");
        assertTrue(Files.exists(young), "somebody may still be building it");
    }

    private static Path leftover(final Path folder, final String name, final Duration age) throws IOException {
        final Path left = Files.createDirectory(folder.resolve(name));
        Files.writeString(left.resolve(OptimisedModels.MODEL), "half a graph");
        return Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void doesWithoutWhereTheHomeCannotBeWritten() throws IOException {
        Files.writeString(home.resolve("cache"), "a file where a folder should be");
        assertArrayEquals(expected(), decode(home), 1e-5f);
        assertEquals("a file where a folder should be", Files.readString(home.resolve("cache")));
    }

    @Test
    void remembersHashesAndSeesChanges() throws IOException {
        final Path model = Files.copy(MODEL, home.resolve("copy.onnx"));
        final String hash = new ModelHashes(home).of(model);
        assertEquals(hash, new ModelHashes(home).of(MODEL), "by content, not by name");
        final Path memory = home.resolve("cache").resolve("hashes");
        try (Stream<Path> files = Files.list(memory)) {
            for (final Path file : files.toList()) Files.writeString(file, Files.readString(file).replace(hash, "0".repeat(64)));
        }
        assertEquals("0".repeat(64), new ModelHashes(home).of(model), "taken from the memory, not computed");
        Files.setLastModifiedTime(model, FileTime.fromMillis(1));
        assertEquals(hash, new ModelHashes(home).of(model));
        final byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length / 2] ^= 1;
        Files.write(model, bytes);
        assertNotEquals(hash, new ModelHashes(home).of(model));
        try (Stream<Path> files = Files.list(memory)) {
            for (final Path file : files.toList()) Files.writeString(file, "damaged");
        }
        assertNotEquals(hash, new ModelHashes(home).of(model));
    }

    /** The children of the tests below. */
    public static final class Child {

        private Child() {}

        /** @param args a home; "once", or "forever" to build entries until killed
         *  @throws IOException if something cannot be deleted */
        public static void main(final String[] args) throws IOException {
            final Path home = Path.of(args[0]);
            float sum = 0;
            do {
                for (final float value : decode(home)) sum += value;
                System.out.println("built");
                if (args[1].equals("forever")) models(home).discard(models(home).key(MODEL, CPU));
            }
            while (args[1].equals("forever"));
            System.out.println("sum " + sum);
        }
    }

    @Test
    void survivesBeingKilledWhileItWrites() throws InterruptedException {
        final float[] right = expected();
        final Random random = new Random(5);
        for (int i = 0; i < 4; i++) {
            try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx200m"), home.toString(), "forever")) {
                assertTrue(child.waitForLine("built"), child::output);
                Thread.sleep(random.nextInt(200));
            }
            assertArrayEquals(right, decode(home), 1e-5f);
            final OptimisedModels models = models(home);
            assertTrue(models.find(models.key(MODEL, CPU)).isPresent(), "and what the killed one left does not hinder the next");
        }
    }

    @Test
    void letsTwoProcessesBuildAtOnce() throws IOException {
        float sum = 0;
        for (final float value : expected()) sum += value;
        for (int round = 0; round < 2; round++) {
            try (ChildJvm one = ChildJvm.start(Child.class, List.of("-Xmx200m"), home.toString(), "once");
                ChildJvm two = ChildJvm.start(Child.class, List.of("-Xmx200m"), home.toString(), "once")) {
                assertEquals(0, one.waitForEnd(), one::output);
                assertEquals(0, two.waitForEnd(), two::output);
                for (final ChildJvm child : List.of(one, two)) {
                    final float found = Float.parseFloat(child.output().lines().filter(line -> line.startsWith("sum ")).findFirst().orElseThrow().substring(4));
                    assertEquals(sum, found, 1e-3 * Math.abs(sum) + 1e-3);
                }
            }
        }
        assertTrue(OptimisedManifest.holds(entry()));
    }

    /** Files of at most 40 kB, set on itself once its natives are loaded: what ONNX Runtime writes breaks off as it does on a full disk. */
    public static final class FullDisk {

        private FullDisk() {}

        /** @param args a home
         *  @throws Exception if the limit cannot be set */
        public static void main(final String[] args) throws Exception {
            final Path home = Path.of(args[0]);
            OnnxEnvironment.load(Folders.HOME);
            final Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), "--fsize=40000").start();
            if (limit.waitFor() != 0) throw new IOException("prlimit failed");
            float sum = 0;
            for (final float value : decode(home)) sum += value;
            System.out.println("sum " + sum);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void doesWithoutWhereTheDiskIsFull() throws IOException {
        try (ChildJvm child = ChildJvm.start(FullDisk.class, List.of("-Xmx200m"), home.toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            assertTrue(child.output().contains("sum "), child::output);
        }
        try (Stream<Path> left = Files.list(home.resolve("cache").resolve("optimised"))) {
            assertEquals(0, left.filter(Files::isDirectory).count(), "nothing half written stays");
        }
    }
}
