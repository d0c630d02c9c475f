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
package net.diffusionj.augment.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.DrawEntry;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.manifest.SourceEntry;
import net.diffusionj.io.FoundMark;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.model.GuidanceInterval;

import net.imglib2.img.array.ArrayImgs;

import ij.ImagePlus;
import ij.io.Opener;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {

    private static final int SIDE = 24;
    private static final Map<String, String> MARKED = Map.of("task", "img2img", "model", "MicroDiff", "provider", "cpu", "diffusionj", "1", "seed", "1");

    @TempDir
    private Path temporary;
    private Path folder;
    private Path sources;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectories(temporary.resolve("out"));
        sources = Files.createDirectories(temporary.resolve("in"));
        Files.createDirectories(folder.resolve("labels"));
        Files.createDirectories(sources.resolve("labels"));
    }

    private static void writeImage(final Path file, final int value, final Map<String, String> settings) {
        final short[] pixels = new short[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (short) (value + i);
        ImageFiles.write(file, ArrayImgs.unsignedShorts(pixels, SIDE, SIDE), ImageMetadata.NONE.withSettings(settings));
    }

    /** Two objects in the form that the values give: 8 bits, 16 bits, or floats, as programs write labels. */
    private static void writeLabels(final Path file, final int first, final int second) {
        final float[] pixels = new float[SIDE * SIDE];
        for (int i = 0; i < 30; i++) {
            pixels[SIDE * 3 + i / 6 * SIDE + i % 6] = first;
            pixels[SIDE * 12 + 10 + i / 6 * SIDE + i % 6] = second;
        }
        ImageFiles.write(file, ArrayImgs.floats(pixels, SIDE, SIDE), ImageMetadata.NONE);
    }

    private ManifestRow row(final String stem, final int variant, final String group, final RowStatus status) {
        final String output = stem + "_00" + variant + ".tif";
        if (!Files.exists(sources.resolve(stem + ".tif"))) {
            writeImage(sources.resolve(stem + ".tif"), 100, Map.of());
            writeLabels(sources.resolve("labels").resolve(stem + ".tif"), 255, 255);
        }
        if (status == RowStatus.MADE) {
            writeImage(folder.resolve(output), 1000 * variant, MARKED);
            writeLabels(folder.resolve("labels").resolve(output), 70000, 7);
        }
        final SourceEntry source = new SourceEntry("../in/" + stem + ".tif", 1, "", "../in/labels/" + stem + ".tif", "", "", group);
        final DrawEntry draw =
            new DrawEntry("vary", "", "", 1, GuidanceInterval.ALWAYS, 1, "ddim", 0.3, "1", 1, 1, 0, 0, "MicroDiff", "", "cpu", 1, "", "", "");
        return new ManifestRow(output, "", "labels/" + output, "", status, "", variant, source, draw, "off", "", Optional.empty(), Optional.empty(), "");
    }

    private List<ManifestRow> rows(final int stems, final int variants) {
        final List<ManifestRow> rows = new ArrayList<>();
        for (int stem = 0; stem < stems; stem++) {
            for (int variant = 1; variant <= variants; variant++) rows.add(row("cells" + stem, variant, "dish" + stem, RowStatus.MADE));
        }
        return rows;
    }

    private static int[] pixels(final Path file) {
        final ImagePlus opened = new Opener().openImage(file.toString());
        assertEquals(16, opened.getBitDepth(), file.toString());
        final int[] values = new int[opened.getWidth() * opened.getHeight()];
        for (int i = 0; i < values.length; i++) values[i] = opened.getProcessor().get(i);
        return values;
    }

    private static Set<Integer> ids(final Path file) {
        final Set<Integer> ids = new HashSet<>();
        for (final int value : pixels(file)) ids.add(value);
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void everyImageIsThereOnceWithLabelsOfItsOwn(final Layout layout) throws IOException {
        final List<ManifestRow> rows = SplitPlan.assign(rows(4, 2), SplitShares.parse("0.5,0.25,0.25"), 3);
        final Path target = temporary.resolve("set");
        LayoutWriter.write(folder, rows, layout, target, new CancelToken());
        final List<String> list = Files.readAllLines(target.resolve(LayoutWriter.LIST));
        assertEquals("image,labels,side,group,kind,from", list.get(0));
        assertEquals(1 + 4 + 8, list.size());
        final Map<String, String> sideOfGroup = new HashMap<>();
        for (final String line : list.subList(1, list.size())) {
            final String[] fields = line.split(",");
            assertEquals(fields[2], sideOfGroup.computeIfAbsent(fields[3], group -> fields[2]), "a group is torn apart: " + line);
            assertTrue(fields[0].startsWith(fields[2] + "/"), line);
            assertEquals(Set.of(0, 1, 2), ids(target.resolve(fields[1])), "two objects, also of a mask with one value and of numbers beyond 16 bits");
            assertEquals(fields[4].equals("generated"), FoundMark.in(target.resolve(fields[0])).isPresent(), line);
        }
        assertEquals(Set.of("train", "validation", "test"), new HashSet<>(sideOfGroup.values()));
        assertEquals(1 + 2 * 12, allFiles(target).size());
        assertArrayEquals(pixels(folder.resolve("cells1_002.tif")), pixels(find(target, "cells1_002.tif")));
        assertArrayEquals(pixels(sources.resolve("cells1.tif")), pixels(find(target, "cells1.tif")));
    }

    private static List<Path> allFiles(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Path find(final Path target, final String name) throws IOException {
        return allFiles(target).stream().filter(file -> file.endsWith(name) && !file.getParent().endsWith("labels") && !file.getParent().endsWith("masks"))
            .findFirst().orElseThrow();
    }

    @Test
    void rejectedOutputsAreLeftOut() throws IOException {
        final List<ManifestRow> rows = List.of(row("a", 1, "a", RowStatus.MADE), row("a", 2, "a", RowStatus.REJECTED), row("b", 1, "b", RowStatus.SKIPPED));
        LayoutWriter.write(folder, SplitPlan.assign(rows, SplitShares.parse("1,0,0"), 1), Layout.CELLPOSE, temporary.resolve("set"), new CancelToken());
        assertEquals(Set.of("a.tif", "a_masks.tif", "a_001.tif", "a_001_masks.tif"), names(temporary.resolve("set/train")));
    }

    private static Set<String> names(final Path folder) throws IOException {
        final Set<String> names = new HashSet<>();
        allFiles(folder).forEach(file -> names.add(file.getFileName().toString()));
        return names;
    }

    /** Cellpose would take an image of such a name for a mask. */
    @Test
    void namesDoNotCollide() throws IOException {
        final List<ManifestRow> rows = List.of(row("a_masks", 1, "a", RowStatus.MADE), row("A", 1, "a", RowStatus.MADE), row("a", 1, "a", RowStatus.MADE));
        LayoutWriter.write(folder, rows, Layout.CELLPOSE, temporary.resolve("set"), new CancelToken());
        final Set<String> names = names(temporary.resolve("set/train"));
        assertEquals(12, names.size());
        assertTrue(names.contains("a_masks_image.tif") && names.contains("A.tif") && names.contains("a-2.tif"), names.toString());
    }

    @Test
    void nothingIsLeftOfACancelledOrFailedWriting() throws IOException {
        final Path target = temporary.resolve("set");
        final List<ManifestRow> rows = rows(2, 1);
        LayoutWriter.write(folder, rows, Layout.PAIRS, target, new CancelToken());
        final Set<Path> before = new HashSet<>(allFiles(temporary));
        final CancelToken cancelled = new CancelToken();
        cancelled.cancel();
        assertThrows(CancellationException.class, () -> LayoutWriter.write(folder, rows, Layout.STARDIST, target, cancelled));
        assertEquals(before, new HashSet<>(allFiles(temporary)));
        Files.delete(folder.resolve("labels/cells1_001.tif"));
        before.remove(folder.resolve("labels/cells1_001.tif"));
        assertThrows(InvalidInputException.class, () -> LayoutWriter.write(folder, rows, Layout.STARDIST, target, new CancelToken()));
        assertEquals(before, new HashSet<>(allFiles(temporary)));
    }

    @Test
    void anOlderTrainingFolderIsReplacedAndNothingElse() throws IOException {
        final Path target = temporary.resolve("set");
        LayoutWriter.write(folder, rows(3, 1), Layout.STARDIST, target, new CancelToken());
        LayoutWriter.write(folder, rows(1, 1), Layout.CELLPOSE, target, new CancelToken());
        assertEquals(Set.of("split.csv", "cells0.tif", "cells0_masks.tif", "cells0_001.tif", "cells0_001_masks.tif"), names(target));
        final Path foreign = Files.createDirectories(temporary.resolve("mine"));
        Files.writeString(foreign.resolve("notes.txt"), "keep");
        assertTrue(assertThrows(InvalidInputException.class, () -> LayoutWriter.write(folder, rows(1, 1), Layout.CELLPOSE, foreign, new CancelToken()))
            .getMessage().contains("holds something else"));
        assertEquals("keep", Files.readString(foreign.resolve("notes.txt")));
    }

    @Test
    void equalSeedsSplitAlikeInAnyOrderAndOtherSeedsDoNot() {
        final Map<String, Integer> sizes = new HashMap<>();
        for (int i = 0; i < 20; i++) sizes.put("group" + i, 10);
        final SplitShares shares = SplitShares.parse("0.7,0.15,0.15");
        final Map<String, Side> sides = SplitPlan.sides(sizes, shares, 5);
        assertEquals(sides, SplitPlan.sides(new TreeMap<>(sizes), shares, 5));
        assertFalse(sides.equals(SplitPlan.sides(sizes, shares, 6)));
        assertEquals(14, sides.values().stream().filter(Side.TRAIN::equals).count());
        assertEquals(3, sides.values().stream().filter(Side.TEST::equals).count());
    }

    /** Whatever the groups, no side is off by more than the largest group, and none is empty. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void sidesAreBalancedAsGroupsPermit(final int seed) {
        final Random random = new Random(seed);
        final Map<String, Integer> sizes = new HashMap<>();
        for (int i = 0; i < 3 + seed * 3; i++) sizes.put("g" + i, 1 + random.nextInt(15));
        final SplitShares shares = SplitShares.parse("0.6,0.25,0.15");
        final Map<String, Side> sides = SplitPlan.sides(sizes, shares, seed);
        final int all = sizes.values().stream().mapToInt(Integer::intValue).sum();
        final int largest = sizes.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        for (final Side side : Side.values()) {
            final int got = sizes.entrySet().stream().filter(group -> sides.get(group.getKey()) == side).mapToInt(Map.Entry::getValue).sum();
            assertTrue(got > 0, side.toString());
            assertEquals(all * shares.of(side), got, largest, side.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0.7,0.3 | three shares", "0.7,0.2,0.2 | sum to 1", "0,0.5,0.5 | first above 0", "a,b,c | cannot be read",
        "1.2,-0.2,0 | 0 or more", "NaN,0,1 | first above 0"})
    void badSharesAreNamed(final String text, final String said) {
        final String message = assertThrows(InvalidInputException.class, () -> SplitShares.parse(text)).getMessage();
        assertTrue(message.contains(said), message);
    }

    @Test
    void tooFewGroupsAreSaid() {
        assertTrue(assertThrows(InvalidInputException.class, () -> SplitPlan.assign(rows(2, 3), SplitShares.parse("0.8,0.1,0.1"), 1)).getMessage()
            .contains("at least 3 groups"));
        assertEquals(Layout.STARDIST, Layout.parse("StarDist"));
        assertThrows(InvalidInputException.class, () -> Layout.parse("yolo"));
    }
}
