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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.image.CameraModel;
import net.diffusionj.image.LimitChoice;
import net.diffusionj.image.SourceImage;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.view.Views;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.LinkedModel;
import net.diffusionj.testing.Models;

/** Results kept on disk: found again when everything is the same, made again when anything is not; long because everything that makes a result
 * another one is a case. */
class ResultCacheTest {

    @TempDir
    private Path home;

    private DiffusionEngine engine;
    private Path model;

    @BeforeEach
    void open() throws IOException {
        // Natives are unpacked once for all tests.
        if (Files.isDirectory(Folders.HOME.resolve("native"))) LinkedModel.link(home.resolve("native"), Folders.HOME.resolve("native"));
        model = Models.copy("turbo", home.resolve("turbo"));
        engine = new DiffusionEngine(home);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private DiffusionRequest.Builder request() {
        return DiffusionRequest.prompt("nuclei").model(model.toString()).steps(2).seed(3).useResultCache(true);
    }

    private DiffusionResult run(final DiffusionRequest request) {
        return engine.generate(request, DiffusionListener.NONE, new CancelToken()).result();
    }

    private static boolean isHit(final DiffusionResult result) {
        return ResultCache.HIT.equals(result.settings().get("cache"));
    }

    private List<Path> files() throws IOException {
        final Path folder = home.resolve("cache").resolve("results");
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static double[] values(final Img<?> image) {
        final double[] values = new double[Math.toIntExact(image.size())];
        final Cursor<?> cursor = Views.flatIterable(image).cursor();
        for (int i = 0; i < values.length; i++) values[i] = ((RealType<?>) cursor.next()).getRealDouble();
        return values;
    }

    @Test
    void theSameRequestIsFoundAgainAndSaysSo() throws IOException {
        for (final PixelType type : PixelType.values()) {
            final DiffusionResult made = run(request().pixelType(type).batch(2).build());
            final List<Stage> stages = new ArrayList<>();
            final DiffusionResult found = engine.generate(request().pixelType(type).batch(2).build(), new DiffusionListener() {
                @Override
                public void stage(final Stage stage) {
                    stages.add(stage);
                }
            }, new CancelToken()).result();
            assertFalse(isHit(made));
            assertTrue(isHit(found));
            assertTrue(stages.contains(Stage.FOUND), stages.toString());
            assertArrayEquals(made.image().dimensionsAsLongArray(), found.image().dimensionsAsLongArray());
            assertEquals(made.image().getType().getClass(), found.image().getType().getClass());
            assertArrayEquals(values(made.image()), values(found.image()));
            assertArrayEquals(made.latents().orElseThrow().values(), found.latents().orElseThrow().values());
            assertEquals(made.settings(), without(found.settings(), "cache"));
            assertEquals(List.copyOf(made.settings().keySet()), List.copyOf(without(found.settings(), "cache").keySet()), "in the same order");
            assertEquals(0, found.timings().modelMillis());
        }
        assertEquals(PixelType.values().length, files().size());
    }

    /** Whatever is done to the source is done once: a miss reads it as often as a run without the cache, and once more for the key. */
    @Test
    void aMissPreparesTheSourceOnceAndAHitDoesNotResizeIt() {
        final Img<UnsignedShortType> source = ArrayImgs.unsignedShorts(64, 64);
        int value = 0;
        for (final UnsignedShortType pixel : source) pixel.set(value++ % 4000);
        final AtomicLong reads = new AtomicLong();
        final var counted = Converters.convert((RandomAccessibleInterval<UnsignedShortType>) source, (in, out) -> {
            reads.incrementAndGet();
            out.set(in);
        }, new UnsignedShortType());
        final DiffusionRequest.Builder request = request().image(counted).strength(0.5);
        SourceImage.of(counted).mapping(LimitChoice.AUTO);
        final long measuring = reads.getAndSet(0);
        run(request.useResultCache(false).build());
        final long uncached = reads.getAndSet(0);
        final DiffusionResult missed = run(request.useResultCache(true).build());
        final long miss = reads.getAndSet(0);
        final DiffusionResult hit = run(request.build());
        assertFalse(isHit(missed));
        assertTrue(isHit(hit));
        assertTrue(measuring > 0 && uncached > measuring, () -> measuring + " reads to measure, " + uncached + " to measure and resize");
        assertEquals(uncached + source.size(), miss, "reads of a miss");
        assertEquals(measuring + source.size(), reads.get(), "reads of a hit");
    }

    private static Map<String, String> without(final Map<String, String> settings, final String key) {
        final Map<String, String> rest = new java.util.LinkedHashMap<>(settings);
        rest.remove(key);
        return rest;
    }

    @Test
    void isOffUnlessAskedFor() throws IOException {
        run(request().useResultCache(false).build());
        assertEquals(List.of(), files());
        run(request().build());
        assertFalse(isHit(run(request().useResultCache(false).build())));
    }

    @Test
    void defaultsSpelledOutAreTheSameRequest() {
        final ModelDefaults defaults = engine.defaults(model.toString());
        run(request().build());
        assertTrue(isHit(run(request().size(defaults.widthPx(), defaults.heightPx()).guidance(defaults.guidance()).scheduler(defaults.scheduler()).build())));
    }

    @Test
    void anythingElseIsAnotherRequest() throws IOException {
        final byte[] grey = new byte[48 * 48];
        for (int i = 0; i < grey.length; i++) grey[i] = (byte) i;
        final byte[] changed = grey.clone();
        changed[100]++;
        final float[] noise = new float[4 * 8 * 8];
        noise[5] = 1;
        final List<DiffusionRequest> different = new ArrayList<>(List.of(request().build(), request().promptText("nuclei ").build(),
            request().negative("nuclei").build(), request().promptText("").negative("nuclei").build(), request().guidance(1.5).build(),
            request().guidanceFrom(0.2).build(), request().guidanceTo(0.2).build(),
            request().steps(3).build(),
            request().seed(4).build(), request().size(64, 128).build(), request().batch(2).build(), request().scheduler("ddim").build(),
            request().provider("cpu").build(), request().pixelType(PixelType.UINT16).build(),
            request().camera(CameraModel.parse("gain=1,read=2,offset=3")).build(), request().camera(CameraModel.parse("gain=1,read=2,offset=4")).build()));
        final boolean encoder = engine.describe(model.toString()).vaeEncoder().isPresent();
        if (encoder) {
            different.add(request().image(ArrayImgs.unsignedBytes(grey, 48, 48)).build());
            different.add(request().image(ArrayImgs.unsignedBytes(changed, 48, 48)).build());
            different.add(request().image(ArrayImgs.unsignedBytes(grey, 24, 96)).build());
            different.add(request().image(ArrayImgs.bytes(grey, 48, 48)).build());
            different.add(request().image(ArrayImgs.unsignedBytes(grey, 48, 48)).strength(0.9).build());
            different.add(request().image(ArrayImgs.unsignedBytes(grey, 48, 48)).fit(Fit.MODEL).build());
            different.add(request().image(ArrayImgs.unsignedBytes(grey, 48, 48)).scale(ImageScale.of(2)).build());
            different.add(request().image(ArrayImgs.unsignedBytes(grey, 48, 48)).mask(ArrayImgs.unsignedBytes(grey, 48, 48)).build());
            different.add(request().image(ArrayImgs.unsignedBytes(grey, 48, 48)).mask(ArrayImgs.unsignedBytes(new byte[48 * 48], 48, 48)).build());
        }
        final Set<String> keys = different.stream().map(this::key).collect(Collectors.toSet());
        assertEquals(different.size(), keys.size());
        assertEquals(key(request().build()), key(request().useResultCache(false).build()));
    }

    private String key(final DiffusionRequest request) {
        return ResultKey.of(request,
            ResolvedRun.of(request, engine.describe(request.model()),
                (folder, name) -> Schedulers.create(name.kind(), name.settings(folder.schedulerConfig()))),
            "model", "1");
    }

    /** Who adds a choice to the request must say here whether it decides the result, and put it into {@link ResultKey} if it does. */
    @Test
    void everyChoiceOfARequestIsAccountedFor() {
        assertEquals(
            Set.of("model", "prompt", "negative", "guidance", "guidanceFrom", "guidanceTo", "steps", "seed", "widthPx", "heightPx", "batch", "scheduler",
                "strength", "provider",
                "image", "fit", "scale", "mask", "initialNoise", "pixelType", "camera", "useResultCache", "priority", "caller"),
            Arrays.stream(DiffusionRequest.Builder.class.getDeclaredFields()).filter(field -> !field.isSynthetic()).map(java.lang.reflect.Field::getName)
                .collect(Collectors.toSet()));
    }

    @Test
    void aModelWithOtherFilesIsAnotherModel() throws IOException {
        run(request().build());
        final Path config = model.resolve("scheduler").resolve("scheduler_config.json");
        Files.writeString(config, Files.readString(config).replace("{", "{\n"));
        assertFalse(isHit(run(request().build())));
        assertTrue(isHit(run(request().build())));
    }

    @Test
    void aDamagedFileIsMadeAgain() throws IOException {
        final double[] expected = values(run(request().build()).image());
        final Path file = files().get(0);
        final byte[] whole = Files.readAllBytes(file);
        final List<byte[]> damaged = new ArrayList<>();
        damaged.add(new byte[0]);
        damaged.add(Arrays.copyOf(whole, whole.length / 2));
        damaged.add(Arrays.copyOf(whole, whole.length - 1));
        damaged.add("<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (int at = 0; at < whole.length; at += whole.length / 20) {
            final byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            damaged.add(flipped);
        }
        for (final byte[] bytes : damaged) assertEquals(Optional.empty(), ResultFile.decode(bytes));
        for (final byte[] bytes : damaged.subList(0, 5)) {
            Files.write(file, bytes);
            final DiffusionResult again = run(request().build());
            assertFalse(isHit(again));
            assertArrayEquals(expected, values(again.image()));
            assertTrue(isHit(run(request().build())), "whole again");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenCostsAWarningAndNoResult() throws IOException {
        Files.createDirectories(home.resolve("cache"));
        Files.writeString(home.resolve("cache").resolve("results"), "a file where the folder should be");
        final DiffusionResult result = run(request().build());
        assertTrue(result.warnings().stream().anyMatch(warning -> warning.contains("could not be kept")), result.warnings().toString());
        assertTrue(result.image().size() > 0);
    }

    @Test
    void whatWasNotUsedLongestGoesFirst() throws IOException {
        final DiffusionResult result = run(request().useResultCache(false).build());
        final int bytes = ResultFile.encode(result).orElseThrow().length;
        final ResultCache cache = new ResultCache(home, 4L * bytes + 100);
        for (final String key : List.of("a", "b", "c", "d")) {
            assertEquals(Optional.empty(), cache.keep(key, result));
            age(key);
        }
        assertTrue(cache.find("a").isPresent());
        final Path abandoned = home.resolve("cache").resolve("results").resolve(".x.result.00000000" + AtomicFile.PART_SUFFIX);
        Files.writeString(abandoned, "left by a process that was killed");
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(7200)));
        cache.keep("e", result);
        assertTrue(cache.find("b").isEmpty(), "kept second, used never");
        for (final String key : List.of("a", "c", "d", "e")) assertTrue(cache.find(key).isPresent(), key);
        assertFalse(Files.exists(abandoned));
        new ResultCache(home, bytes).keep("large", result);
        assertTrue(cache.find("large").isEmpty(), "no single result fills the cache");
    }

    private void age(final String key) throws IOException {
        final Path file = home.resolve("cache").resolve("results").resolve(key + ".result");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(1000 - key.charAt(0))));
    }

    @Test
    void resultsOfOneRequestDoNotShareMemory() {
        run(request().build());
        final Img<?> one = run(request().build()).image();
        ((RealType<?>) one.firstElement()).setReal(77);
        assertNotEquals(77, values(run(request().build()).image())[0]);
    }
}
