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
package net.diffusionj.augment.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import net.imglib2.img.array.ArrayImgs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.model.SizeRule;
import net.diffusionj.service.ModelDefaults;

class PlannerTest {

    private static final ModelDefaults MODEL = new ModelDefaults(128, 128, new SizeRule(8, 8, true), 20, 3, "ddim");

    @TempDir
    private Path folder;

    private void image(final String name, final long... size) throws IOException {
        Files.createDirectories(folder.resolve("images"));
        int count = 1;
        for (final long side : size) count *= (int) side;
        final byte[] pixels = new byte[count];
        for (int i = 0; i < count; i++) pixels[i] = (byte) i;
        ImageFiles.write(folder.resolve("images").resolve(name), ArrayImgs.unsignedBytes(pixels, size), ImageMetadata.NONE);
    }

    private AugmentPlan plan(final Optional<Path> classes, final Amount amount, final DrawChoices draw) {
        return Planner.plan(new Inputs(folder.resolve("images"), Optional.empty(), classes), amount, draw, TransformChoices.parse("flip,turn"), MODEL, "hash",
            new CancelToken());
    }

    private static DrawChoices draw(final List<String> prompts, final String strength, final String guidance) {
        return new DrawChoices(Mode.VARY, prompts, "", Sweep.parse("strength", strength, 0, 1), Optional.of(Sweep.parse("guidance", guidance, 0, 100)),
            OptionalInt.empty(), "", "", "", "auto", 3);
    }

    @Test
    void balanceBringsEveryClassToTheSameNumberWithItsSources() throws IOException {
        for (final String name : List.of("a", "b", "c", "d", "e")) image(name + ".tif", 8, 8);
        final Path table =
            Files.writeString(folder.resolve("classes.csv"), "file;class;group\na.tif;round;1\nb.tif;round;1\nc;round;2\nd;long;3\ne.tif;long;\n");
        final AugmentPlan plan = plan(Optional.of(table), new Amount.Balance(10), draw(List.of("a {class} cell"), "0.3", "3"));
        assertEquals(Map.of("round", 7, "long", 8), plan.outputsByClass());
        assertEquals(List.of("1", "1", "2", "3", "e"), plan.sources().stream().map(PlannedSource::group).toList());
        assertEquals(Set.of("a round cell", "a long cell"), Set.copyOf(plan.batches().stream().map(PlannedBatch::prompt).toList()));
        assertEquals(List.of(3, 2, 2, 4, 4), plan.batches().stream().map(batch -> batch.outputs().size()).toList());
    }

    @Test
    void sweepsMeetEveryCombinationInBatchesAndSeedsDiffer() throws IOException {
        image("a.tif", 8, 8);
        image("b.tif", 8, 8);
        final AugmentPlan plan = plan(Optional.empty(), new Amount.Variants(8), draw(List.of("x", "y"), "0.2,0.3", "1..4"));
        final Set<String> combinations = new HashSet<>();
        final List<Long> seeds = new ArrayList<>();
        for (final PlannedBatch batch : plan.batches()) {
            combinations.add(batch.prompt() + batch.strength());
            assertTrue(batch.guidance() >= 1 && batch.guidance() <= 4);
            for (int i = 0; i < batch.outputs().size(); i++) seeds.add(batch.firstSeed() + i);
        }
        assertEquals(Set.of("x0.2", "x0.3", "y0.2", "y0.3"), combinations);
        assertEquals(16, Set.copyOf(seeds).size());
        assertEquals(16, plan.batches().size(), "guidance is another for every output, so each is drawn alone");
        final AugmentPlan swept = plan(Optional.empty(), new Amount.Variants(8), draw(List.of("x", "y"), "0.2,0.3", "3"));
        assertEquals(8, swept.batches().size());
        assertEquals(Set.of("x0.2", "x0.3", "y0.2", "y0.3"), Set.copyOf(plan(Optional.empty(), new Amount.Variants(2), draw(List.of("x", "y"), "0.2,0.3", "3"))
            .batches().stream().map(batch -> batch.prompt() + batch.strength()).toList()), "few outputs a source meet all combinations together");
    }

    @Test
    void theSameChoicesGiveTheSamePlanAndAnotherSourceChangesNoSeed() throws IOException {
        image("a.tif", 8, 8);
        final AugmentPlan before = plan(Optional.empty(), new Amount.Variants(3), draw(List.of("x"), "0.2..0.4", "3"));
        assertEquals(before, plan(Optional.empty(), new Amount.Variants(3), draw(List.of("x"), "0.2..0.4", "3")));
        image("0.tif", 8, 8);
        final List<PlannedBatch> after = plan(Optional.empty(), new Amount.Variants(3), draw(List.of("x"), "0.2..0.4", "3")).batches();
        assertEquals(before.batches(), after.subList(3, 6));
    }

    @Test
    void pagesOfAStackAreSourcesOfOneGroup() throws IOException {
        image("stack.tif", 8, 8, 1, 3);
        image("two.tif", 8, 8, 2);
        final AugmentPlan plan = plan(Optional.empty(), new Amount.Variants(1), draw(List.of("x"), "0.3", "3"));
        assertEquals(List.of("stack-001_001.tif", "stack-002_001.tif", "stack-003_001.tif"),
            plan.batches().stream().map(batch -> batch.outputs().get(0).name()).toList());
        assertEquals(Set.of("stack"), Set.copyOf(plan.sources().stream().map(PlannedSource::group).toList()));
        assertEquals(1, plan.skipped().size());
        assertTrue(plan.skipped().get(0).reason().contains("2 channels"), plan.skipped().get(0).reason());
    }
}
