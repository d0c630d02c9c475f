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
package net.diffusionj.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import net.diffusionj.DiffusionJException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unpacks a made-up model from a made-up jar folder. */
class BundledModelTest {

    @TempDir
    private Path temp;
    private Path jar;
    private Path models;

    @BeforeEach
    void makeJar() throws Exception {
        jar = temp.resolve("jar");
        models = temp.resolve("home").resolve("models");
        write("unet/model.onnx", "first weights");
        write("model_index.json", "{}");
        list("unet/model.onnx", "model_index.json");
    }

    @Test
    void unpacksOnceAndOnlyOnce() throws IOException {
        final BundledModel model = model();
        assertTrue(model.isCarried());
        final Path folder = model.unpack(models);
        assertEquals(models.resolve("Toy"), folder);
        assertEquals("first weights", Files.readString(folder.resolve("unet/model.onnx")));
        final Path file = folder.resolve("model_index.json");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        model.unpack(models);
        assertEquals(1_000_000, Files.getLastModifiedTime(file).toMillis());
        assertNothingElse();
    }

    /** A home that one user made serves others too, as far as that user's umask lets them read. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whoMayReadTheHomeMayReadTheModel() throws IOException {
        final Path folder = model().unpack(models);
        assertEquals(Files.getPosixFilePermissions(models), Files.getPosixFilePermissions(folder));
    }

    @Test
    void weightsChangedWithTheirSizeAndTimeKeptAreUnpackedAnew() throws IOException {
        final Path weights = model().unpack(models).resolve("unet/model.onnx");
        final byte[] right = Files.readAllBytes(weights);
        final java.nio.file.attribute.FileTime time = Files.getLastModifiedTime(weights);
        final byte[] wrong = right.clone();
        wrong[wrong.length / 2] ^= 1;
        Files.write(weights, wrong);
        Files.setLastModifiedTime(weights, time);
        model().unpack(models);
        org.junit.jupiter.api.Assertions.assertArrayEquals(right, Files.readAllBytes(weights));
    }

    @Test
    void aNewerJarReplacesWhatAnOlderOneUnpacked() throws Exception {
        model().unpack(models);
        write("unet/model.onnx", "better weights");
        list("unet/model.onnx");
        final Path folder = model().unpack(models);
        assertEquals("better weights", Files.readString(folder.resolve("unet/model.onnx")));
        assertFalse(Files.exists(folder.resolve("model_index.json")), "files of the older one are gone");
        assertNothingElse();
    }

    private enum Damage {
        TRUNCATED, OVERWRITTEN, EMPTY, NO_WEIGHTS, NO_TEXT, NO_LIST;

        void strike(final Path model) throws IOException {
            final Path weights = model.resolve("unet/model.onnx");
            switch (this) {
                case TRUNCATED -> Files.writeString(weights, "first");
                case OVERWRITTEN -> {
                    Files.writeString(weights, "worst weights");
                    // A write within the clock's grain would be a test of the clock.
                    Files.setLastModifiedTime(weights, FileTime.fromMillis(2_000_000));
                }
                case EMPTY -> Files.write(weights, new byte[0]);
                case NO_WEIGHTS -> Files.delete(weights);
                case NO_TEXT -> Files.delete(model.resolve("model_index.json"));
                case NO_LIST -> Files.delete(model.resolve(BundledModel.CHECKSUMS));
                default -> throw new AssertionError(this);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aCopyThatWasDamagedIsUnpackedAnew(final Damage damage) throws IOException {
        final Path folder = model().unpack(models);
        damage.strike(folder);
        model().unpack(models);
        assertEquals("first weights", Files.readString(folder.resolve("unet/model.onnx")));
        assertEquals("{}", Files.readString(folder.resolve("model_index.json")));
        assertNothingElse();
    }

    @Test
    void whatWasTouchedOrEditedOnPurposeStays() throws IOException {
        final Path folder = model().unpack(models);
        final Path weights = folder.resolve("unet/model.onnx");
        Files.setLastModifiedTime(weights, FileTime.fromMillis(1_000_000));
        final Path text = folder.resolve("model_index.json");
        Files.writeString(text, "{\"mine\": true}");
        model().unpack(models);
        assertEquals(1_000_000, Files.getLastModifiedTime(weights).toMillis(), "the same weights with another time are right");
        assertEquals("{\"mine\": true}", Files.readString(text));
        assertTrue(new UnpackedFiles(folder).areAsTheyWere(), "and are not read again the next time");
    }

    @Test
    void whatAKilledProcessLeftGoesWithTheNextUnpacking() throws IOException {
        Files.createDirectories(models.resolve(".Toy-unpacking123/unet"));
        Files.writeString(models.resolve(".Toy-unpacking123/unet/model.onnx"), "first we");
        model().unpack(models);
        assertNothingElse();
    }

    @Test
    void refusesADamagedJarAndLeavesNothing() throws Exception {
        write("unet/model.onnx", "tampered with");
        final BundledModel damaged = model();
        final DiffusionJException e = assertThrows(DiffusionJException.class, () -> damaged.unpack(models));
        assertTrue(e.getMessage().contains("unet/model.onnx") && e.getMessage().contains("damaged"), e.getMessage());
        assertFalse(Files.exists(models.resolve("Toy")));
        assertNothingElse();
        Files.writeString(resource("checksums.sha256"), "0".repeat(64) + "  ../../escape\n");
        final BundledModel escaping = model();
        assertThrows(DiffusionJException.class, () -> escaping.unpack(models));
        assertFalse(Files.exists(temp.resolve("home/escape")));
    }

    @Test
    void saysWhatToDoWhereItCannotWrite() throws Exception {
        Files.writeString(Files.createDirectories(temp.resolve("home")).resolve("models"), "a file where the folder should be");
        final BundledModel model = model();
        final DiffusionJException e = assertThrows(DiffusionJException.class, () -> model.unpack(models));
        assertTrue(e.getMessage().contains("diffusionj.home"), e.getMessage());
    }

    @Test
    void manyAtOnceGetOneWholeModel() throws Exception {
        write("unet/model.onnx", "x".repeat(3_000_000));
        list("unet/model.onnx", "model_index.json");
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            final Callable<Long> unpack = () -> Files.size(model().unpack(models).resolve("unet/model.onnx"));
            for (final Future<Long> size : threads.invokeAll(List.of(unpack, unpack, unpack, unpack))) assertEquals(3_000_000, size.get());
            assertNothingElse();
        }
        finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aJarWithoutAModelCarriesNone() throws IOException {
        assertFalse(new BundledModel("Other", BundledModelTest.class.getClassLoader()).isCarried());
    }

    private BundledModel model() throws IOException {
        return new BundledModel("Toy", new URLClassLoader(new URL[] {jar.toUri().toURL()}, null));
    }

    private Path resource(final String file) {
        return jar.resolve("net/diffusionj/models/Toy").resolve(file);
    }

    private void write(final String file, final String content) throws IOException {
        Files.createDirectories(resource(file).getParent());
        Files.writeString(resource(file), content);
    }

    private void list(final String... files) throws Exception {
        final StringBuilder lines = new StringBuilder();
        for (final String file : files) {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(resource(file)));
            lines.append(HexFormat.of().formatHex(digest)).append("  ").append(file).append('\n');
        }
        Files.writeString(resource("checksums.sha256"), lines);
    }

    private void assertNothingElse() throws IOException {
        try (Stream<Path> files = Files.list(models)) {
            assertEquals(List.of(), files.map(file -> file.getFileName().toString()).filter(name -> name.contains("unpacking")).toList());
        }
    }
}
