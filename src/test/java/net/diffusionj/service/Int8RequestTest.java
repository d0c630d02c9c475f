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
package net.diffusionj.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;

import com.google.protobuf.ByteString;

import net.diffusionj.CancelToken;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.ort.rewrite.Int8Models;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** What becomes of a request to a model with an int8 UNet: where that was measured to pay it draws, and the result says so. */
@Timeout(120)
class Int8RequestTest {

    @TempDir
    private Path folder;

    /** @return sd1, with another UNet as its form in int8: half of the last layer's weights are 0 */
    private Path model() throws IOException {
        final Path model = Models.copy("sd1", folder.resolve("model"));
        final ModelProto unet = ModelProto.parseFrom(Files.readAllBytes(model.resolve("unet/model.onnx")));
        final ModelProto.Builder changed = unet.toBuilder().setDocString("made at " + System.nanoTime());
        for (int i = 0; i < unet.getGraph().getInitializerCount(); i++) {
            final TensorProto tensor = unet.getGraph().getInitializer(i);
            if (!tensor.getName().startsWith("conv_out") && !tensor.getName().contains(".conv_out.")) continue;
            changed.getGraphBuilder().setInitializer(i, tensor.toBuilder().setRawData(ByteString.copyFrom(changed(tensor.getRawData().toByteArray()))));
        }
        Files.write(model.resolve("unet/model_int8.onnx"), changed.build().toByteArray());
        return model;
    }

    private static byte[] changed(final byte[] numbers) {
        final byte[] others = numbers.clone();
        Arrays.fill(others, 0, others.length / 2, (byte) 0);
        return others;
    }

    private static DiffusionResult draw(final DiffusionEngine engine, final Path model) {
        return engine.generate(DiffusionRequest.prompt("cells").model(model.toString()).provider("cpu").steps(2).seed(3).size(48, 32).build(),
            DiffusionListener.NONE, new CancelToken()).result();
    }

    private static void keep(final Path model, final double int8Millis) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        new Int8Models(onnx.home(), onnx.version()).keep(model.resolve("unet/model.onnx"), model.resolve("unet/model_int8.onnx"),
            ProviderOptions.DEFAULTS.cpu().toString(), new Int8Models.Verdict(10, OptionalDouble.of(int8Millis)));
    }

    @Test
    void theResultSaysWhichUnetDrewIt() throws IOException {
        final Path model = model();
        keep(model, 20);
        final float[] usual;
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final DiffusionResult slow = draw(engine, model);
            assertFalse(slow.settings().containsKey("unet"), slow.settings().toString());
            usual = slow.latents().orElseThrow().values();
            assertArrayEquals(draw(engine, Models.of("sd1")).latents().orElseThrow().values(), usual);
        }
        keep(model, 5);
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final DiffusionResult fast = draw(engine, model);
            assertEquals("int8", fast.settings().get("unet"));
            assertFalse(Arrays.equals(usual, fast.latents().orElseThrow().values()));
        }
    }

    @Test
    void theInt8UnetBelongsToTheModelsContentAndIsNoUnetByItself() throws IOException {
        final Path model = model();
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final String with = engine.modelHash(model.toString());
            assertEquals(Optional.of(model.toRealPath().resolve("unet/model_int8.onnx")), ModelFolder.open(model.toRealPath()).int8Unet());
            Files.delete(model.resolve("unet/model_int8.onnx"));
            assertNotEquals(with, engine.modelHash(model.toString()));
            assertEquals(engine.modelHash(Models.of("sd1").toString()), engine.modelHash(model.toString()));
        }
    }
}
