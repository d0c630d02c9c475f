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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import net.diffusionj.image.SourcePlanes;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.labels.LabelImage;
import net.diffusionj.labels.LabelledObject;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;

/** Plants damage into a piece of a real field of nuclei (BBBC039, CC0), which {@code scripts/fixtures/real_nuclei.py} cut out. */
class RealNucleiTest {

    private RandomAccessibleInterval<?> image;
    private LabelImage labels;
    private double[] pixels;
    private SourceGate gate;

    @BeforeEach
    void read() throws URISyntaxException {
        image = file("nuclei.tif");
        labels = LabelImage.of(file("nuclei-labels.tif"));
        pixels = SourcePlanes.of(image).readDoubles(0);
        gate = Gate.fromSources(List.of(new SourceSample(image, labels))).forSource(image, labels);
    }

    private RandomAccessibleInterval<?> file(final String name) throws URISyntaxException {
        return ImageFiles.read(Path.of(Objects.requireNonNull(getClass().getResource(name)).toURI())).image();
    }

    @Test
    void everyNucleusIsThereWithOtherNoise() {
        final Random random = new Random(1);
        final GateVerdict verdict = gate.check(output(Arrays.stream(pixels).map(value -> value * 1.03 + 8 * random.nextGaussian()).toArray()));
        assertTrue(verdict.passed(), verdict.toString());
        assertEquals(labels.ids().size(), verdict.kept());
    }

    @Test
    void everyErasedNucleusIsMissedAndNoOther() {
        final int[] ids = labels.toArray();
        int erased = 0;
        for (final LabelledObject nucleus : labels.objects()) {
            if (nucleus.atBorder() || nucleus.areaPx() < 100) continue;
            erased++;
            final double[] changed = pixels.clone();
            final double ground = Arrays.stream(pixels).sorted().toArray()[pixels.length / 4];
            final Random random = new Random(2);
            for (int i = 0; i < changed.length; i++) {
                if (near(ids, i, nucleus.id())) changed[i] = ground + 6 * random.nextGaussian();
            }
            final GateFindings findings = gate.findings(output(changed));
            assertEquals(List.of(nucleus.id()), findings.objects().stream().filter(object -> object.told() && object.iou() < 0.5)
                .map(GateFindings.ObjectFinding::id).toList());
            assertEquals(0, findings.appeared());
            assertFalse(gate.check(output(changed)).passed());
        }
        assertTrue(erased >= 4, erased + " nuclei");
    }

    /** Whether a pixel of this nucleus is within three pixels, and none of another. */
    private boolean near(final int[] ids, final int pixel, final int id) {
        boolean found = false;
        for (int y = Math.max(0, pixel / labels.widthPx() - 3); y <= Math.min(labels.heightPx() - 1, pixel / labels.widthPx() + 3); y++) {
            for (int x = Math.max(0, pixel % labels.widthPx() - 3); x <= Math.min(labels.widthPx() - 1, pixel % labels.widthPx() + 3); x++) {
                found |= ids[y * labels.widthPx() + x] == id;
            }
        }
        return found && (ids[pixel] == 0 || ids[pixel] == id);
    }

    private RandomAccessibleInterval<?> output(final double[] values) {
        final short[] out = new short[values.length];
        for (int i = 0; i < out.length; i++) out[i] = (short) Math.max(0, Math.rint(values[i]));
        return ArrayImgs.unsignedShorts(out, labels.widthPx(), labels.heightPx());
    }
}
