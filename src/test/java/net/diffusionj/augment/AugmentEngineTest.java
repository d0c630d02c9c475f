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
package net.diffusionj.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.manifest.GateEntry;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentOutcome;
import net.diffusionj.augment.run.AugmentProgress;
import net.diffusionj.augment.run.Checks;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.run.LabelGate;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;

/** The engine on a tiny model: what it makes, goes on with, makes again and leaves out. */
class AugmentEngineTest {

    private static DiffusionEngine diffusion;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        diffusion = new DiffusionEngine(Folders.HOME);
    }

    @AfterAll
    static void close() {
        diffusion.close();
    }

    @BeforeEach
    void sources() throws IOException {
        AugmentFixture.sources(folder.resolve("images"), folder.resolve("labels"), "a", "b");
    }

    private static AugmentEngine engine() {
        return new AugmentEngine(Drawer.of(diffusion), AugmentFixture.NOISE_ONLY);
    }

    private static AugmentOutcome run(final AugmentRequest request) {
        return engine().run(request, AugmentListener.NONE, new CancelToken());
    }

    @Test
    void makesEveryOutputWithLabelsAndARowAndASecondRunDoesNothing() throws IOException {
        final AugmentRequest request = AugmentFixture.request(folder, 3);
        final AugmentOutcome outcome = run(request);
        assertEquals(6, outcome.made());
        final List<ManifestRow> rows = Manifest.read(request.output());
        assertEquals(List.of("a_001.tif", "a_002.tif", "a_003.tif", "b_001.tif", "b_002.tif", "b_003.tif"), rows.stream().map(ManifestRow::output).toList());
        final Map<String, String> hashes = AugmentFixture.hashes(request.output());
        for (final ManifestRow row : rows) {
            assertEquals(hashes.get(row.output()), row.outputSha256());
            assertEquals(hashes.get(row.outputLabels()), row.outputLabelsSha256());
            assertEquals("../images/" + row.source().group() + ".tif", row.source().file());
            assertTrue(row.quality().orElseThrow().nearestOutputDistance() > 0, row.toString());
        }
        assertEquals(6, rows.stream().map(row -> row.draw().seed()).distinct().count());
        assertEquals(3, rows.get(0).draw().batch());
        assertTrue(hashes.containsKey("report.html"), hashes.toString());
        assertFalse(hashes.keySet().stream().anyMatch(name -> name.contains("part") || name.contains("lock")), hashes.toString());
        final FileTime before = Files.getLastModifiedTime(request.output().resolve(Manifest.JSON));
        assertEquals(0, run(request).here());
        assertEquals(before, Files.getLastModifiedTime(request.output().resolve(Manifest.JSON)));
        assertEquals(hashes, AugmentFixture.hashes(request.output()));
    }

    @Test
    void aReplayIsEqualToTheByte() throws IOException {
        final AugmentRequest request = AugmentFixture.request(folder, 3);
        run(request);
        // One of a batch is missing: it must still be drawn among the others.
        final List<String> warnings = new ArrayList<>();
        final AugmentOutcome outcome =
            engine().replay(new ReplayRequest(request.output().resolve(Manifest.CSV), folder.resolve("again"), ""), new AugmentListener() {
                @Override
                public void warning(final String message) {
                    warnings.add(message);
                }
            }, new CancelToken());
        assertEquals(6, outcome.made());
        assertEquals(List.of(), warnings);
        final Map<String, String> first = new TreeMap<>(AugmentFixture.hashes(request.output()));
        final Map<String, String> again = new TreeMap<>(AugmentFixture.hashes(folder.resolve("again")));
        // The record says that it is a replay.
        List.of(first, again).forEach(files -> files.keySet().removeAll(List.of(Manifest.JSON, "report.html")));
        assertEquals(first, again);
    }

    @Test
    void whatWasDeletedIsMadeAgainAsItWas() throws IOException {
        final AugmentRequest request = AugmentFixture.request(folder, 3);
        run(request);
        final Map<String, String> before = AugmentFixture.hashes(request.output());
        Files.delete(request.output().resolve("a_002.tif"));
        assertEquals(1, run(request).here());
        assertEquals(before, AugmentFixture.hashes(request.output()));
    }

    @Test
    void aCancelledRunGoesOnAndEndsAsIfNothingHadBeen() throws IOException {
        final AugmentRequest whole = AugmentFixture.request(folder, 4);
        run(whole);
        final AugmentRequest request = AugmentFixture.into(whole, folder.resolve("stopped"));
        final CancelToken cancel = new CancelToken();
        final List<AugmentProgress> told = new ArrayList<>();
        final AugmentOutcome stopped = engine().run(request, new AugmentListener() {
            @Override
            public void progress(final AugmentProgress progress) {
                told.add(progress);
                if (progress.done() == 4) cancel.cancel();
            }
        }, cancel);
        assertTrue(stopped.cancelled());
        assertTrue(stopped.made() >= 4 && stopped.made() < 8, stopped.toString());
        assertTrue(told.get(told.size() - 1).leftMillis().isPresent());
        assertEquals(8 - stopped.made(), run(request).here());
        assertEquals(AugmentFixture.hashes(whole.output()), AugmentFixture.hashes(request.output()));
    }

    @Test
    void modesKeepTheRestBitForBit() {
        for (final Mode mode : List.of(Mode.BACKGROUND, Mode.OBJECTS)) {
            final AugmentRequest request = AugmentFixture.into(AugmentFixture.request(folder, new Amount.Variants(1), AugmentFixture.draw(mode, "0.8"),
                TransformChoices.NONE), folder.resolve(mode.id()));
            run(request);
            final Iterator<?> source = ImageFiles.read(folder.resolve("images/a.tif")).image().iterator();
            final Iterator<?> label = ImageFiles.read(folder.resolve("labels/a.tif")).image().iterator();
            final Img<?> output = ImageFiles.read(request.output().resolve("a_001.tif")).image();
            int changed = 0;
            for (final Object pixel : output) {
                final double before = ((RealType<?>) source.next()).getRealDouble();
                final double after = ((RealType<?>) pixel).getRealDouble();
                if (!mode.mayChange((int) ((RealType<?>) label.next()).getRealDouble())) assertEquals(before, after, mode.id());
                else if (before != after) changed++;
            }
            assertTrue(changed > 10, mode + " changed " + changed);
        }
    }

    @Test
    void whatTheGateRefusesIsDrawnAgainWithAnotherSeedThenAtLowerStrengthThenRejected() {
        final AugmentRequest request = AugmentFixture.request(folder, new Amount.Variants(2), AugmentFixture.draw(Mode.VARY, "0.5"), TransformChoices.NONE);
        final AugmentRequest ungated = AugmentFixture.into(request, folder.resolve("ungated"));
        new AugmentEngine(Drawer.of(diffusion), (wanted, plan, camera, listener) -> AugmentFixture.checks(Optional.empty(), wanted)).run(ungated,
            AugmentListener.NONE, new CancelToken());
        final int first = AugmentFixture.hash(ImageFiles.read(ungated.output().resolve("a_001.tif")).image());
        final AtomicInteger judged = new AtomicInteger();
        // Of a's two outputs the first is refused once, b's are refused for good.
        final LabelGate gate = (source, labels) -> output -> {
            judged.incrementAndGet();
            final boolean b = ((RealType<?>) source.getAt(9, 4)).getRealDouble() != 0 && ((RealType<?>) source.getAt(3, 4)).getRealDouble() < 100;
            final boolean passes = !b && AugmentFixture.hash(output) != first;
            return new LabelGate.Verdict(new GateEntry(passes, 2, passes ? 2 : 1, 0, 0.4, 0.6, ""), passes ? "" : "object 1 is gone");
        };
        final AugmentOutcome outcome =
            new AugmentEngine(Drawer.of(diffusion), (wanted, plan, camera, listener) -> AugmentFixture.checks(Optional.of(gate), wanted)).run(request,
                AugmentListener.NONE, new CancelToken());
        final Map<String, ManifestRow> rows = new TreeMap<>();
        Manifest.read(request.output()).forEach(row -> rows.put(row.output(), row));
        assertEquals(RowStatus.MADE, rows.get("a_001.tif").status());
        assertEquals(1, rows.get("a_001.tif").draw().attempt());
        assertNotEquals(rows.get("a_002.tif").draw().seed() - 1, rows.get("a_001.tif").draw().seed());
        assertEquals(0, rows.get("a_002.tif").draw().attempt());
        for (final String name : List.of("b_001.tif", "b_002.tif")) {
            assertEquals(RowStatus.REJECTED, rows.get(name).status());
            assertEquals("object 1 is gone", rows.get(name).reason());
            assertEquals(4, rows.get(name).draw().attempt());
            assertEquals(0.25, rows.get(name).draw().strength());
            assertFalse(Files.exists(request.output().resolve(name)));
        }
        assertEquals(2, outcome.rejected());
        assertEquals(3, outcome.redrawn());
        assertEquals(2 + 1 + 2 * 5, judged.get());
    }

    @Test
    void damagedAndOddSourcesAreSkippedAndSaid() throws IOException {
        Files.write(folder.resolve("images/c.tif"), new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0});
        Files.copy(folder.resolve("labels/a.tif"), folder.resolve("labels/c.tif"));
        final List<String> warnings = new ArrayList<>();
        final AugmentRequest request = AugmentFixture.request(folder, 1);
        final AugmentOutcome outcome = engine().run(request, new AugmentListener() {
            @Override
            public void warning(final String message) {
                warnings.add(message);
            }
        }, new CancelToken());
        assertEquals(2, outcome.made());
        assertEquals(1, outcome.skipped());
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith("c.tif is skipped"), warnings.get(0));
        final ManifestRow skipped = Manifest.read(request.output()).get(2);
        assertEquals(RowStatus.SKIPPED, skipped.status());
        assertTrue(skipped.reason().contains("c.tif"), skipped.reason());
    }

    @Test
    void theDryRunTellsThePlanTimeAndDiskUseAndWritesNothing() throws IOException {
        final AugmentRequest request = AugmentFixture.request(folder, 5);
        final AugmentEstimate estimate = engine().dryRun(request, AugmentListener.NONE, new CancelToken());
        assertFalse(Files.exists(request.output()));
        assertTrue(estimate.millisPerImage() > 0);
        assertEquals(estimate.millisPerImage() * 10, estimate.totalMillis(), 1);
        run(request);
        long bytes = 0;
        for (final ManifestRow row : Manifest.read(request.output())) {
            bytes += Files.size(request.output().resolve(row.output())) + Files.size(request.output().resolve(row.outputLabels()));
        }
        assertEquals(bytes, estimate.diskBytes(), 4096.0 * 20, "headers are estimated");
        assertTrue(bytes <= estimate.diskBytes(), "no more than was said");
    }
}
