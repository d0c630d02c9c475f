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
package net.diffusionj.augment.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import net.diffusionj.augment.planes.Gaussian;
import net.diffusionj.augment.planes.Neighbourhood;
import net.diffusionj.augment.planes.Plane;

/** Compares with what {@code scripts/fixtures/features.py} recorded from numpy and scipy. */
class DeclaredFeaturesTest {

    private static final int SIDE = 64;
    /** numpy computes in single precision where this does in double. */
    private static final double TOLERANCE = 2e-4;
    private static JsonObject recorded;

    @BeforeAll
    static void read() throws IOException {
        try (Reader in = new InputStreamReader(Objects.requireNonNull(DeclaredFeaturesTest.class.getResourceAsStream("features.json")),
            StandardCharsets.UTF_8)) {
            recorded = new Gson().fromJson(in, JsonObject.class);
        }
    }

    @Test
    void aGreyFieldHasTheSameFeatures() {
        compare(recorded.getAsJsonArray("field"), new DeclaredFeatures(SIDE).ofField(new Plane(Patterns.field(SIDE, 3), SIDE)));
    }

    @Test
    void colourPicturesHaveTheSameFeatures() {
        final DeclaredFeatures features = new DeclaredFeatures(SIDE);
        final JsonArray pictures = recorded.getAsJsonArray("pictures");
        assertEquals(3, pictures.size());
        for (int seed = 0; seed < pictures.size(); seed++) compare(pictures.get(seed).getAsJsonArray(), features.ofPicture(Patterns.picture(SIDE, seed)));
    }

    @Test
    void twoSetsAreAsFarApart() {
        final DeclaredFeatures features = new DeclaredFeatures(SIDE);
        final List<float[]> first = new ArrayList<>();
        final List<float[]> second = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) first.add(features.ofPicture(Patterns.picture(SIDE, seed)));
        for (int seed = 20; seed < 25; seed++) second.add(features.ofPicture(Patterns.picture(SIDE, seed)));
        final double expected = recorded.get("kernelDistance").getAsDouble();
        assertEquals(expected, KernelDistance.between(first, second), 1e-3 * Math.abs(expected));
    }

    @Test
    void filtersEqualScipys() {
        final JsonObject filters = recorded.getAsJsonObject("filters");
        final Plane field = new Plane(Patterns.field(SIDE, 3), SIDE);
        compare(filters.getAsJsonArray("smooth"), every21st(new Gaussian(2.5).smooth(field)));
        compare(filters.getAsJsonArray("slope"), every21st(new Gaussian(2, 3).derivative(field, 1, 0)));
        compare(filters.getAsJsonArray("curvature"), every21st(new Gaussian(2, 3).derivative(field, 0, 2)));
        compare(filters.getAsJsonArray("smallest"), every21st(Neighbourhood.smallest(field, 7)));
    }

    private static float[] every21st(final Plane plane) {
        final float[] out = new float[16];
        for (int i = 0; i < out.length; i++) out[i] = plane.at(21 * (i % 4), 21 * (i / 4));
        return out;
    }

    private static void compare(final JsonArray expected, final float[] found) {
        assertEquals(expected.size(), found.length);
        for (int i = 0; i < found.length; i++) {
            final double value = expected.get(i).getAsDouble();
            assertEquals(value, found[i], TOLERANCE * Math.max(1, Math.abs(value)), "number " + i);
        }
    }
}
