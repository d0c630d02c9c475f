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
package net.diffusionj.ort.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.Models;

/** Weights of the tiny models: stored as float32, as float16, and in a file beside the graph. */
class ModelWeightsTest {

    private static final String NAME = "unet.conv_out.weight";
    private static final List<Long> SHAPE = List.of(4L, 8L, 3L, 3L);

    @TempDir
    Path folder;

    private static Path unet(final String model) {
        return Models.of(model).resolve("unet").resolve("model.onnx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd1", "sd1-legacy", "turbo"})
    void whatIsWrittenIsRead(final String model) throws IOException {
        final ModelWeights before = ModelWeights.read(unet(model));
        final float[] changed = before.values(NAME, SHAPE);
        // Its half is a float16 number as well.
        for (int i = 0; i < changed.length; i++) changed[i] /= 2;
        final Path copy = folder.resolve("model.onnx");
        before.writeTo(copy, Map.of(NAME, changed));
        final ModelWeights after = ModelWeights.read(copy);
        assertArrayEquals(changed, after.values(NAME, SHAPE));
        assertArrayEquals(before.values("unet.conv_in.bias", List.of(8L)), after.values("unet.conv_in.bias", List.of(8L)));
        if (model.equals("turbo")) assertTrue(Files.size(copy) < 1.01 * Files.size(unet(model)), "float16 stays float16");
    }

    @Test
    void modelsOfOneWeightsInThreeFormsAgree() {
        assertArrayEquals(ModelWeights.read(unet("sd1")).values(NAME, SHAPE), ModelWeights.read(unet("sd1-legacy")).values(NAME, SHAPE));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        final ModelWeights half = ModelWeights.read(unet("turbo"));
        final float[] large = half.values(NAME, SHAPE);
        large[0] = 1e6f;
        assertTrue(assertThrows(InvalidInputException.class, () -> half.writeTo(folder.resolve("model.onnx"), Map.of(NAME, large))).getMessage()
            .contains("more than the model's float16 file can hold"));
        assertTrue(assertThrows(InvalidInputException.class, () -> half.values("nothing", SHAPE)).getMessage().contains("has no weight nothing"));
        assertTrue(assertThrows(InvalidInputException.class, () -> half.values(NAME, List.of(4L))).getMessage().contains("not [4]"));
        assertThrows(InvalidInputException.class, () -> ModelWeights.read(folder.resolve("missing.onnx")));
        assertEquals(java.util.Optional.empty(), ModelWeights.note(unet("sd1"), "diffusionj.training"));
    }
}
