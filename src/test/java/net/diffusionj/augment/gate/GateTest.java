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
package net.diffusionj.augment.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.gate.Drawn.Nucleus;
import net.diffusionj.labels.LabelImage;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

/** Plants damage into drawn fields: the gate must find what is wrong, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateTest {

    private static final long SOURCE = 1;
    private static final long OUTPUT = 2;
    private static final int TOUCHING = 12;
    private static final int TINY = 15;
    private static final int FAINT = 16;

    /** Learning takes most of a test's time, so every kind is learned once. */
    private final Map<Kind, Gate> gates = new EnumMap<>(Kind.class);
    private final Map<Kind, SourceGate> sourceGates = new EnumMap<>(Kind.class);

    /** How the nuclei look. */
    private enum Kind {
        BRIGHT, DARK, STAINED;

        private List<Nucleus> nuclei() {
            return Drawn.nuclei(this == DARK ? -1 : 1);
        }

        private RandomAccessibleInterval<?> image(final List<Nucleus> nuclei, final long seed) {
            return this == STAINED ? Drawn.stained(nuclei, seed) : Drawn.image(nuclei, seed);
        }
    }

    private Gate gate(final Kind kind) {
        return gates.computeIfAbsent(kind,
            one -> Gate.fromSources(List.of(new SourceSample(one.image(one.nuclei(), SOURCE), Drawn.labels(one.nuclei())))));
    }

    private SourceGate sourceGate(final Kind kind) {
        return sourceGates.computeIfAbsent(kind, one -> gate(one).forSource(one.image(one.nuclei(), SOURCE), Drawn.labels(one.nuclei())));
    }

    @ParameterizedTest
    @EnumSource
    void objectsThatAreThereAreKept(final Kind kind) {
        final List<Nucleus> nuclei = kind.nuclei();
        final GateVerdict verdict = sourceGate(kind).check(kind.image(nuclei, OUTPUT));
        assertTrue(verdict.passed(), verdict.toString());
        assertEquals(new GateVerdict(true, nuclei.size(), nuclei.size(), 0, verdict.lowestIou(), verdict.medianIou(), ""), verdict);
        assertTrue(verdict.lowestIou() > 0.5 && verdict.medianIou() > 0.85, verdict.toString());
    }

    @ParameterizedTest
    @EnumSource
    void whatWasErasedIsLost(final Kind kind) {
        for (final int index : new int[] {0, 5, TOUCHING, 14, TINY, FAINT}) {
            final List<Nucleus> left = new ArrayList<>(kind.nuclei());
            left.remove(index);
            assertLost(sourceGate(kind).findings(kind.image(left, OUTPUT)), 0, index + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasMovedIsLost(final Kind kind) {
        final List<Nucleus> changed = new ArrayList<>(kind.nuclei());
        changed.set(5, changed.get(5).moved(10, 8));
        // Its new place is partly beside its label, so it may count as new too.
        final GateFindings findings = sourceGate(kind).findings(kind.image(changed, OUTPUT));
        assertLost(findings, findings.appeared(), 6);
    }

    @ParameterizedTest
    @EnumSource
    void whatAppearedIsCounted(final Kind kind) {
        final List<Nucleus> more = new ArrayList<>(kind.nuclei());
        more.add(new Nucleus(76, 124, 8, more.get(0).brightness()));
        assertLost(sourceGate(kind).findings(kind.image(more, OUTPUT)), 1);
        assertFalse(sourceGate(kind).check(kind.image(more, OUTPUT)).passed());
    }

    @ParameterizedTest
    @EnumSource
    void neighboursThatBecomeOneAreFound(final Kind kind) {
        final List<Nucleus> apart = new ArrayList<>(kind.nuclei());
        // Two with a gap of four pixels.
        apart.set(TOUCHING, new Nucleus(26, 122, 8, apart.get(TOUCHING).brightness()));
        final SourceGate gate = gate(kind).forSource(kind.image(apart, SOURCE), Drawn.labels(apart));
        final List<Nucleus> joined = new ArrayList<>(apart);
        joined.add(new Nucleus(36, 122, 6, apart.get(TOUCHING).brightness()));
        assertLost(gate.findings(kind.image(joined, OUTPUT)), 0, TOUCHING + 1, TOUCHING + 2);
    }

    /** Their outline together stays as it is; the line between them is as bright as they are. */
    @ParameterizedTest
    @EnumSource
    void neighboursWhoseLineFadesAreFound(final Kind kind) {
        final List<Nucleus> joined = new ArrayList<>(kind.nuclei());
        joined.add(new Nucleus(38, 122, 5, joined.get(TOUCHING).brightness()));
        final GateFindings findings = sourceGate(kind).findings(kind.image(joined, OUTPUT));
        assertLost(findings, 0, TOUCHING + 1, TOUCHING + 2);
        for (final GateFindings.ObjectFinding object : findings.objects().subList(TOUCHING, TOUCHING + 2)) {
            assertTrue(object.iou() > 0.6 && object.contrast() > 0.6 && object.parted() < 0.4, object.toString());
        }
    }

    /** An object that is badly seen in its own source need not be seen better in an output. */
    @Test
    void lessIsAskedOfWhatTheSourceShowsLessWell() {
        final GateThresholds thresholds = gate(Kind.BRIGHT).thresholds();
        assertTrue(thresholds.leastIou() > 0.58, thresholds.toString());
        final GateFindings.ObjectFinding weak = new GateFindings.ObjectFinding(1, true, 0.5, 0.55, 1, 1);
        assertFalse(weak.isLost(thresholds));
        assertTrue(new GateFindings.ObjectFinding(1, true, 0.5, 0.9, 1, 1).isLost(thresholds));
        assertTrue(new GateFindings.ObjectFinding(1, true, 0.38, 0.55, 1, 1).isLost(thresholds));
    }

    @Test
    void aDoubtfulObjectCountsHalf() {
        final GateThresholds thresholds = new GateThresholds(1, 17, 1, 0.5, 0.75, 0.4, 0.4, 4, 0, 0.02);
        final GateFindings.ObjectFinding there = new GateFindings.ObjectFinding(1, true, 0.9, 0.9, 1, 1);
        final GateFindings.ObjectFinding doubtful = new GateFindings.ObjectFinding(1, true, 0.4, 0.9, 1, 1);
        final GateFindings.ObjectFinding lost = new GateFindings.ObjectFinding(1, true, 0.3, 0.9, 1, 1);
        assertTrue(verdict(24, there, doubtful, thresholds).passed());
        assertFalse(verdict(23, there, doubtful, thresholds).passed());
        assertFalse(verdict(48, there, lost, thresholds).passed());
        assertTrue(verdict(49, there, lost, thresholds).passed());
        assertEquals(24, verdict(24, there, doubtful, thresholds).kept());
    }

    /** So many of one kind, and one of another. */
    private static GateVerdict verdict(final int count, final GateFindings.ObjectFinding many, final GateFindings.ObjectFinding one,
        final GateThresholds thresholds) {
        final List<GateFindings.ObjectFinding> objects = new ArrayList<>(Collections.nCopies(count, many));
        objects.add(one);
        return new GateFindings(objects, 0).verdict(thresholds);
    }

    private static void assertLost(final GateFindings findings, final int appeared, final int... lost) {
        final GateThresholds thresholds = new GateThresholds(1, 17, 1, 0.5, 0.75, 0.4, 0.4, 4, 0, 0.02);
        assertEquals(IntStream.of(lost).boxed().toList(),
            findings.objects().stream().filter(object -> object.isLost(thresholds)).map(GateFindings.ObjectFinding::id).toList(), findings.toString());
        assertEquals(appeared, findings.appeared(), findings.toString());
    }

    @Test
    void theVerdictSaysWhy() {
        final List<Nucleus> left = new ArrayList<>(Kind.BRIGHT.nuclei());
        left.remove(3);
        left.remove(0);
        final GateVerdict verdict = sourceGate(Kind.BRIGHT).check(Drawn.image(left, OUTPUT));
        assertFalse(verdict.passed());
        assertEquals(15, verdict.kept());
        assertEquals("2 of 17 objects lost or changed, 0 doubtful (each counts half), 0 new (allowed: 2 % together)", verdict.reason());
    }

    @Test
    void aPaleCopyHasLostItsObjects() {
        final List<Nucleus> pale = Kind.BRIGHT.nuclei().stream().map(n -> new Nucleus(n.x(), n.y(), n.radiusPx(), n.brightness() / 12)).toList();
        assertEquals(0, sourceGate(Kind.BRIGHT).check(Drawn.image(pale, OUTPUT)).kept());
    }

    @Test
    void anImageWithoutObjectsMayGetNone() {
        final List<Nucleus> nuclei = Drawn.nuclei(1);
        final LabelImage none = LabelImage.ofIds(new int[Drawn.WIDTH * Drawn.HEIGHT], Drawn.WIDTH);
        final RandomAccessibleInterval<?> empty = Drawn.image(List.of(new Nucleus(8, 8, 0.5, 1)), SOURCE);
        final Gate gate = Gate.fromSources(List.of(new SourceSample(Drawn.image(nuclei, SOURCE), Drawn.labels(nuclei)), new SourceSample(empty, none)));
        final GateVerdict same = gate.check(empty, Drawn.image(List.of(new Nucleus(8, 8, 0.5, 1)), OUTPUT), none);
        assertEquals(new GateVerdict(true, 0, 0, 0, Double.NaN, Double.NaN, ""), same);
        assertFalse(gate.check(empty, Drawn.image(nuclei.subList(0, 4), OUTPUT), none).passed());
    }

    @Test
    void withoutLabelsNothingIsMeasured() {
        final LabelImage none = LabelImage.ofIds(new int[Drawn.WIDTH * Drawn.HEIGHT], Drawn.WIDTH);
        final RandomAccessibleInterval<?> image = Drawn.image(Drawn.nuclei(1), SOURCE);
        for (final Gate gate : List.of(Gate.fromSources(List.of()), Gate.fromSources(List.of(new SourceSample(image, none))))) {
            assertEquals(GateThresholds.NONE, gate.thresholds());
            assertTrue(gate.check(image, Drawn.image(List.of(new Nucleus(8, 8, 4, 9)), OUTPUT), none).passed());
        }
    }

    @Test
    void thresholdsReadBack() {
        final GateThresholds thresholds = gate(Kind.BRIGHT).thresholds();
        assertEquals(thresholds, GateThresholds.parse(thresholds.toString()));
        assertEquals(17, thresholds.objects());
        assertEquals(
            List.of("sources", "objects", "told", "least-iou", "iou-share", "least-contrast", "least-parted", "least-area-px", "least-score", "wrong-share"),
            List.copyOf(thresholds.values().keySet()));
        assertEquals(thresholds.leastAreaPx(), thresholds.values().get("least-area-px"));
        assertEquals(GateThresholds.NONE, GateThresholds.parse(GateThresholds.NONE.toString()));
        for (final String text : List.of("", "sources=1", thresholds + " more=1", thresholds.toString().replace("told=", "told=x"),
            thresholds.toString().replace("wrong-share=0.02", "wrong-share=2"))) {
            assertThrows(InvalidInputException.class, () -> GateThresholds.parse(text), text);
        }
    }

    @Test
    void constantAndTinyImagesGiveVerdictsAndOddOnesAnError() {
        final RandomAccessibleInterval<?> flat = ArrayImgs.unsignedBytes(new byte[64], 8, 8);
        final int[] ids = new int[64];
        ids[9] = 1;
        final LabelImage labels = LabelImage.ofIds(ids, 8);
        final Gate gate = Gate.fromSources(List.of(new SourceSample(flat, labels)));
        // Nothing can be told in it, so nothing is judged.
        assertEquals(new GateVerdict(true, 1, 1, 0, Double.NaN, Double.NaN, ""), gate.check(flat, flat, labels));
        final RandomAccessibleInterval<?> pixel = ArrayImgs.unsignedBytes(new byte[] {1}, 1, 1);
        assertTrue(gate.check(pixel, pixel, LabelImage.ofIds(new int[] {1}, 1)).passed());
        refused("8 x 8", gate, flat, pixel, labels);
        refused("labels have 8 x 8", gate, pixel, pixel, labels);
        final float[] odd = new float[64];
        odd[3] = Float.NaN;
        refused("not a number", gate, flat, ArrayImgs.floats(odd, 8, 8), labels);
        refused("3 channels", gate, flat, ArrayImgs.unsignedBytes(8, 8, 3), labels);
        assertThrows(InvalidInputException.class, () -> Gate.fromSources(List.of(new SourceSample(pixel, labels))));
    }

    private static void refused(final String words, final Gate gate, final RandomAccessibleInterval<?> source, final RandomAccessibleInterval<?> output,
        final LabelImage labels) {
        final String message = assertThrows(InvalidInputException.class, () -> gate.check(source, output, labels)).getMessage();
        assertTrue(message.contains(words), message);
    }
}
