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
package net.diffusionj.train.material;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.SourcePixels;
import net.diffusionj.scheduler.noise.TorchRandom;

/** Crops of a picture whose every pixel tells where it lies. */
class CropperTest {

    /** Pixel (x, y) has the value that {@link #value} gives; outside of a part it is as good as white. */
    private static Picture picture(final int widthPx, final int heightPx) {
        final float[] values = new float[3 * widthPx * heightPx];
        for (int i = 0; i < values.length; i++) {
            final int place = i % (widthPx * heightPx);
            values[i] = value(place % widthPx, place / widthPx);
        }
        return new Picture("p", new SourcePixels(values, heightPx, widthPx), "", OptionalDouble.empty());
    }

    private static float value(final int x, final int y) {
        return (y * 97 + x) / 20_000f;
    }

    @Test
    void plainCropsArePixelsOfThePicture() {
        final Picture picture = picture(60, 50);
        final SourcePixels crop = new Cropper(16, 16).plain(picture, new Region(10, 5, 40, 40), new TorchRandom(3));
        final int start = Math.round(crop.values()[0] * 20_000);
        final int x = start % 97;
        final int y = start / 97;
        assertTrue(x >= 10 && x + 16 <= 50 && y >= 5 && y + 16 <= 45, x + " " + y);
        for (int i = 0; i < 256; i++) assertEquals(value(x + i % 16, y + i / 16), crop.values()[i]);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 40})
    void noCropShowsWhatIsOutsideOfItsRegion(final int side) {
        final Picture picture = picture(90, 80);
        final Region region = new Region(30, 20, 30, 25);
        // All that the region does not hold is marked.
        for (int y = 0; y < 80; y++) {
            for (int x = 0; x < 90; x++) {
                final boolean inside = x >= 30 && x < 60 && y >= 20 && y < 45;
                for (int c = 0; c < 3; c++) picture.pixels().values()[(c * 80 + y) * 90 + x] = inside ? -0.5f : 1;
            }
        }
        for (int seed = 0; seed < 40; seed++) {
            for (final float value : new Cropper(side, side).varied(picture, region, new TorchRandom(seed)).values()) assertTrue(value < -0.3, "seed " + seed);
        }
    }

    @Test
    void cropsAreTurnedAndMirroredInEveryWay() {
        final Picture picture = picture(8, 8);
        final Set<List<Boolean>> seen = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            final float[] crop = new Cropper(8, 8).varied(picture, Region.whole(picture), new TorchRandom(seed)).values();
            seen.add(List.of(crop[0] < crop[7], crop[0] < crop[56], Math.abs(crop[0] - crop[7]) < Math.abs(crop[0] - crop[56])));
        }
        assertEquals(8, seen.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void noTrainingPartTouchesTheValidationQuarter(final int corner) {
        final Quarter quarter = Quarter.of(picture(51, 40), corner);
        final int[][] seen = new int[40][51];
        final List<Region> all = new ArrayList<>(quarter.training());
        all.add(quarter.validation());
        for (final Region part : all) {
            for (int y = part.y(); y < part.y() + part.height(); y++) {
                for (int x = part.x(); x < part.x() + part.width(); x++) seen[y][x]++;
            }
        }
        for (final int[] row : seen) for (final int count : row) assertEquals(1, count);
        assertEquals(25L * 20, quarter.validation().area());
    }

    @Test
    void anImageThatCannotBeDividedIsRefused() {
        assertTrue(assertThrows(InvalidInputException.class, () -> Quarter.of(picture(30, 90), 0)).getMessage().contains("30 x 90 pixels, too few"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 20, 5000})
    void noImageIsBothLearnedFromAndJudgedBy(final int count) {
        final List<NamedImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) images.add(new NamedImage("image " + i, () -> null));
        final Split split = Split.of(images, new TorchRandom(7));
        final Set<NamedImage> all = new HashSet<>(split.training());
        assertFalse(split.isOneImage());
        assertTrue(!split.validation().isEmpty() && !split.training().isEmpty());
        split.validation().forEach(image -> assertTrue(all.add(image)));
        assertEquals(count, all.size());
        assertEquals(split, Split.of(images, new TorchRandom(7)));
    }
}
