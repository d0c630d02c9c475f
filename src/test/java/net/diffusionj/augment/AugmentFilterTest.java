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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.imglib2.img.array.ArrayImgs;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.Manifest;
import net.diffusionj.augment.manifest.ManifestRow;
import net.diffusionj.augment.manifest.QualityEntry;
import net.diffusionj.augment.manifest.RowStatus;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.Inputs;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentProgress;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;

/** Every measure of the filter refuses outputs, and those that are kept meet it; with checks as users have them. */
class AugmentFilterTest {

    private static final int SIDE = 32;
    private static final int OUTPUTS = 4 * 3;

    @TempDir
    private static Path folder;

    private static DiffusionEngine diffusion;
    private static List<ManifestRow> free;

    @BeforeAll
    static void open() throws IOException {
        diffusion = new DiffusionEngine(Folders.HOME);
        Files.createDirectories(folder.resolve("images"));
        for (int n = 0; n < 4; n++) {
            final byte[] pixels = new byte[SIDE * SIDE];
            for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (Math.hypot(i % SIDE - 10 - n, i / SIDE - 16) < 6 ? 200 : 20 + (i * 7919 + n) % 13);
            ImageFiles.write(folder.resolve("images/s" + n + ".tif"), ArrayImgs.unsignedBytes(pixels, SIDE, SIDE), ImageMetadata.NONE);
        }
        run(request("free", ""), new CancelToken(), OUTPUTS);
        free = Manifest.read(folder.resolve("free"));
    }

    @AfterAll
    static void close() {
        diffusion.close();
    }

    private static AugmentRequest request(final String output, final String filter) {
        return new AugmentRequest(new Inputs(folder.resolve("images"), Optional.empty(), Optional.empty()), folder.resolve(output), new Amount.Variants(3),
            AugmentFixture.draw(Mode.VARY, "0.5"), TransformChoices.parse("flip,intensity=0.2"), "off", QualityFilter.parse(filter), Optional.empty(),
            Optional.empty());
    }

    private static void run(final AugmentRequest request, final CancelToken cancel, final int cancelAt) {
        new AugmentEngine(Drawer.of(diffusion)).run(request, new AugmentListener() {
            @Override
            public void progress(final AugmentProgress progress) {
                if (progress.done() == cancelAt && cancelAt < OUTPUTS) cancel.cancel();
            }
        }, cancel);
    }

    private static ToDoubleFunction<QualityEntry> value(final String measure) {
        return switch (measure) {
            case "ssim" -> QualityEntry::ssim;
            case "psnr" -> QualityEntry::psnrDb;
            case "histogram" -> QualityEntry::histogramDistance;
            case "copy" -> QualityEntry::sourceDistance;
            case "outputs" -> QualityEntry::nearestOutputDistance;
            case "kernel" -> QualityEntry::kernelDistance;
            default -> throw new IllegalArgumentException(measure);
        };
    }

    @ParameterizedTest
    @CsvSource({"ssim, >", "psnr, <", "histogram, >", "copy, <", "outputs, >", "kernel, <"})
    void keepsWhatMeetsItAndDrawsTheRestAgain(final String measure, final String comparison) throws IOException {
        final double[] values = free.stream().mapToDouble(row -> value(measure).applyAsDouble(row.quality().orElseThrow())).sorted().toArray();
        final double limit = (values[OUTPUTS / 3] + values[2 * OUTPUTS / 3]) / 2;
        assertTrue(values[0] < limit && limit < values[OUTPUTS - 1], Arrays.toString(values));
        final String filter = String.format(Locale.ROOT, "%s%s%s", measure, comparison, limit);
        final AugmentRequest request = request(measure, filter);
        run(request, new CancelToken(), OUTPUTS);
        final List<ManifestRow> rows = Manifest.read(request.output());
        for (final ManifestRow row : rows) {
            final double found = value(measure).applyAsDouble(row.quality().orElseThrow());
            if (row.status() == RowStatus.MADE) assertTrue(comparison.equals(">") ? found > limit : found < limit, row.output() + ": " + found + filter);
            else assertTrue(row.reason().startsWith(measure + " is "), row.reason());
        }
        assertTrue(rows.stream().anyMatch(row -> row.draw().attempt() > 0), "something was refused");
        assertTrue(rows.stream().anyMatch(row -> row.status() == RowStatus.MADE), "something was kept");

        final AugmentRequest stopped = AugmentFixture.into(request, folder.resolve(measure + "-stopped"));
        run(stopped, new CancelToken(), 5);
        run(stopped, new CancelToken(), OUTPUTS);
        assertEquals(AugmentFixture.hashes(request.output()), AugmentFixture.hashes(stopped.output()), "as if it had not been stopped");
    }

    @Test
    void aConditionThatCannotBeMeasuredIsRefusedBeforeAnythingIsWritten() throws IOException {
        final Path two = Files.createDirectories(folder.resolve("two"));
        for (int n = 0; n < 2; n++) Files.copy(folder.resolve("images/s" + n + ".tif"), two.resolve("s" + n + ".tif"));
        final AugmentRequest whole = request("refused", "kernel<2");
        final AugmentRequest request = new AugmentRequest(new Inputs(two, Optional.empty(), Optional.empty()), whole.output(), whole.amount(), whole.draw(),
            whole.transforms(), "off", whole.filter(), Optional.empty(), Optional.empty());
        final String message = assertThrows(InvalidInputException.class, () -> run(request, new CancelToken(), OUTPUTS)).getMessage();
        assertTrue(message.contains("at least 3 images of at least 32 pixels"), message);
        assertFalse(Files.exists(request.output()));
    }
}
