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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.service.settings.Settings;
import net.diffusionj.service.settings.SettingsFile;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;

/**
 * {@code kill -9} in the middle of every kind of write: what was there before is whole, what was being written is whole or absent, and the next process
 * writes as if nothing had been. Optimised models, natives and notes of providers have tests of their own.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(300)
class KilledTest {

    private static final int PIXELS = 3 << 20;
    private static final int ATTEMPTS = 12;

    @TempDir
    private Path home;

    /** One kind of file. */
    private enum Kind {
        SETTINGS {
            @Override
            void write(final Path home, final int round) {
                new SettingsFile(home).set("cuda.memory", 1 + round % 100 + "M");
            }

            @Override
            void check(final Path home) {
                new SettingsFile(home).load();
            }

            @Override
            Path folder(final Path home) {
                return home;
            }
        },
        RESULT {
            @Override
            void write(final Path home, final int round) {
                new ResultCache(home, 1 << 30).keep("key" + round % 3, result(round % 3));
            }

            @Override
            void check(final Path home) {
                for (int i = 0; i < 3; i++) {
                    if (!Files.exists(home.resolve("cache/results/key" + i + ".result"))) continue;
                    final Optional<DiffusionResult> found = new ResultCache(home, 1 << 30).find("key" + i);
                    assertEquals(Integer.toString(i), found.orElseThrow().settings().get("seed"), "a file that is there is whole");
                }
            }

            @Override
            Path folder(final Path home) {
                return home.resolve("cache/results");
            }
        },
        BUNDLED_MODEL {
            @Override
            void write(final Path home, final int round) throws IOException {
                new InstalledModels(home).resolve("");
                if (round % 2 == 0) Files.delete(home.resolve("models/MicroDiff/unet/model.onnx"));
            }

            @Override
            void check(final Path home) throws IOException {
                final Path model = new InstalledModels(home).resolve("");
                final Path right = new InstalledModels(Folders.HOME).resolve("");
                assertEquals(new ModelHashes(Folders.HOME).of(right.resolve("unet/model.onnx")),
                    new ModelHashes(Folders.HOME).of(model.resolve("unet/model.onnx")));
            }

            @Override
            Path folder(final Path home) {
                return home.resolve("models");
            }
        },
        FLOAT32_MODEL {
            @Override
            void write(final Path home, final int round) throws IOException {
                deleteAll(home.resolve("cache/float32"));
                rewrite(home);
            }

            @Override
            void check(final Path home) {
                rewrite(home);
            }

            private void rewrite(final Path home) {
                try (SessionCaches caches = new SessionCaches(home, new ModelHashes(home));
                    SessionLease lease = caches.with(Settings.DEFAULTS).lease(Folders.RESOURCES.resolve("ort/half-unet.onnx"), ProviderChoice.CPU)) {
                    assertTrue(lease.inputs().size() >= 3);
                }
            }

            @Override
            Path folder(final Path home) {
                return home.resolve("cache/float32");
            }
        },
        IMAGE {
            @Override
            void write(final Path home, final int round) {
                final byte[] values = new byte[PIXELS];
                Arrays.fill(values, (byte) round);
                ImageFiles.write(home.resolve("out.tif"), ArrayImgs.unsignedBytes(values, 1024, 1024, 3), ImageMetadata.NONE);
            }

            @Override
            void check(final Path home) {
                if (!Files.exists(home.resolve("out.tif"))) return;
                final Img<?> image = ImageFiles.read(home.resolve("out.tif")).image();
                final int first = ((RealType<?>) image.firstElement()).hashCode();
                for (final Object pixel : image) assertEquals(first, pixel.hashCode(), "of one round, not of two");
            }

            @Override
            Path folder(final Path home) {
                return home;
            }
        };

        abstract void write(Path home, int round) throws IOException;

        abstract void check(Path home) throws IOException;

        /** @return where unfinished files lie */
        abstract Path folder(Path home);
    }

    /** The child. */
    public static final class Child {

        private Child() {}

        /** @param args the kind of file, and a home
         *  @throws IOException if something cannot be deleted */
        public static void main(final String[] args) throws IOException {
            final Kind kind = Kind.valueOf(args[0]);
            for (int round = 0;; round++) {
                kind.write(Path.of(args[1]), round);
                if (round == 0) System.out.println("writing");
            }
        }
    }

    private static DiffusionResult result(final int seed) {
        final byte[] values = new byte[PIXELS];
        Arrays.fill(values, (byte) seed);
        return new DiffusionResult(ArrayImgs.unsignedBytes(values, 1024, 1024, 3), Map.of("seed", Integer.toString(seed)), List.of(),
            new Timings(0, 0, 0, List.of(), 0, 0, 0), Optional.empty());
    }

    private static List<String> parts(final Path folder) {
        final String[] names = folder.toFile().list((where, name) -> name.contains("part") || name.contains("unpacking"));
        return names == null ? List.of() : List.of(names);
    }

    private static void deleteAll(final Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesWholeFilesAndHindersNobody(final Kind kind) throws IOException, InterruptedException {
        boolean inTheMiddle = false;
        for (int attempt = 0; attempt < ATTEMPTS && !(inTheMiddle && attempt > 1); attempt++) {
            try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx300m"), kind.name(), home.toString())) {
                assertTrue(child.waitForLine("writing"), child::output);
                final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (parts(kind.folder(home)).isEmpty() && System.nanoTime() < end) Thread.onSpinWait();
            }
            inTheMiddle |= !parts(kind.folder(home)).isEmpty();
            kind.check(home);
            kind.write(home, 1);
            kind.check(home);
        }
        assertTrue(inTheMiddle, "it was killed while it wrote");
    }
}
