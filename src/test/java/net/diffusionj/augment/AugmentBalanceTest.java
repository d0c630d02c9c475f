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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.layout.Layout;
import net.diffusionj.augment.manifest.GateEntry;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentOutcome;
import net.diffusionj.augment.run.AugmentProgress;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.run.LabelGate;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;

/** Others are drawn in place of rejected outputs, until every class has its number or it is known that it cannot. */
class AugmentBalanceTest {

    private static final LabelGate STRICT = AugmentFixture.oneOf(7);

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
        AugmentFixture.sources(folder.resolve("images"), folder.resolve("labels"), "a", "b", "c");
        Files.writeString(folder.resolve("classes.csv"), "file,class\na,round\nb,round\nc,long\n");
    }

    private static AugmentEngine engine(final LabelGate gate) {
        return new AugmentEngine(Drawer.of(diffusion), (request, plan, camera, listener) -> AugmentFixture.checks(Optional.of(gate), request));
    }

    private static Map<RowStatus, Long> byStatus(final List<ManifestRow> rows, final String className) {
        final Map<RowStatus, Long> counts = new TreeMap<>();
        rows.stream().filter(row -> row.source().className().equals(className)).forEach(row -> counts.merge(row.status(), 1L, Long::sum));
        return counts;
    }

    @Test
    void rejectedOutputsAreReplacedAndAStoppedRunGoesOnToTheSame() throws IOException {
        final AugmentRequest request = AugmentFixture.balanced(folder, 10);
        final AugmentOutcome outcome = engine(STRICT).run(request, AugmentListener.NONE, new CancelToken());
        final List<ManifestRow> rows = Manifest.read(request.output());
        assertEquals(8, byStatus(rows, "round").get(RowStatus.MADE));
        assertEquals(9, byStatus(rows, "long").get(RowStatus.MADE));
        assertTrue(outcome.rejected() > 0, outcome.toString());
        assertEquals(17, outcome.made());
        assertEquals(List.of(), outcome.remarks());
        assertEquals(rows.size(), rows.stream().map(ManifestRow::output).distinct().count());
        final String report = Files.readString(request.output().resolve("report.html"));
        assertTrue(report.contains("images of round</th><td>10<"), report);
        assertEquals(0, engine(STRICT).run(request, AugmentListener.NONE, new CancelToken()).here());

        for (final int at : new int[] {3, 18}) {
            final AugmentRequest stopped = AugmentFixture.into(request, folder.resolve("stopped" + at));
            final CancelToken cancel = new CancelToken();
            engine(STRICT).run(stopped, new AugmentListener() {
                @Override
                public void progress(final AugmentProgress progress) {
                    if (progress.done() >= at) cancel.cancel();
                }
            }, cancel);
            engine(STRICT).run(stopped, AugmentListener.NONE, new CancelToken());
            assertEquals(AugmentFixture.hashes(request.output()), AugmentFixture.hashes(stopped.output()), "stopped at " + at);
        }

        final AugmentOutcome again = engine(STRICT).replay(new ReplayRequest(request.output(), folder.resolve("again"), ""),
            AugmentListener.NONE, new CancelToken());
        assertEquals(17, again.made());
        final Map<String, String> images = AugmentFixture.hashes(request.output());
        AugmentFixture.hashes(folder.resolve("again")).forEach((name, hash) -> {
            if (name.endsWith(".tif") || name.equals(Manifest.CSV)) assertEquals(images.get(name), hash, name);
        });
    }

    @Test
    void aDeletedReplacementIsMadeAgain() throws IOException {
        final AugmentRequest request = AugmentFixture.balanced(folder, 10);
        engine(STRICT).run(request, AugmentListener.NONE, new CancelToken());
        final Map<String, String> before = AugmentFixture.hashes(request.output());
        final String last = Manifest.read(request.output()).stream().filter(row -> row.status() == RowStatus.MADE && row.variant() > 9).findFirst()
            .orElseThrow().output();
        Files.delete(request.output().resolve(last));
        assertEquals(1, engine(STRICT).run(request, AugmentListener.NONE, new CancelToken()).here());
        assertEquals(before, AugmentFixture.hashes(request.output()));
    }

    @Test
    void whatCannotBeReachedEndsAndIsSaid() throws IOException {
        final LabelGate never = (source, labels) -> output -> new LabelGate.Verdict(new GateEntry(false, 2, 0, 0, 0, 0, ""), "all gone");
        final AugmentRequest plain = AugmentFixture.balanced(folder, 5);
        // Nothing to train on is no fault: the report is there, which says why.
        final AugmentRequest request = new AugmentRequest(plain.inputs(), plain.output(), plain.amount(), plain.draw(), plain.transforms(), "off",
            plain.filter(), Optional.empty(), Optional.of(Layout.STARDIST));
        final List<String> warnings = new ArrayList<>();
        final AugmentOutcome outcome = engine(never).run(request, new AugmentListener() {
            @Override
            public void warning(final String message) {
                warnings.add(message);
            }
        }, new CancelToken());
        assertFalse(outcome.cancelled());
        assertEquals(0, outcome.made());
        assertEquals(2, outcome.remarks().size(), outcome.remarks().toString());
        assertEquals(outcome.remarks(), warnings);
        assertTrue(warnings.get(0).startsWith("The class long comes to 1 instead of 5"), warnings.get(0));
        // Until ten were tried of each: 4 of long, and 4 and 4 more; 3 of round, and as many three times.
        assertEquals(24, outcome.rejected());
        assertTrue(Files.readString(request.output().resolve("report.html")).contains("images of round</th><td>2 of 5<"));
        assertFalse(Files.exists(request.output().resolve("stardist")));
    }
}
