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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import ai.onnx.proto.OnnxMl;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.LinkedModel;
import net.diffusionj.testing.Models;

/** What becomes of a request for guidance at some steps: the model's own, what overrides it, and what the result says of it. */
@Timeout(120)
class GuidedRequestTest {

    private static final int STEPS = 4;

    private static DiffusionEngine engine;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        engine = new DiffusionEngine(Folders.HOME);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /** @return a model with sd1's parts whose maker recommends an interval */
    private Path model(final String preferences) throws IOException {
        final Path made =
            LinkedModel.make(folder.resolve("model"), Models.of("sd1"), Files.readString(Models.of("sd1").resolve("scheduler/scheduler_config.json")));
        Files.writeString(made.resolve("diffusionj.json"), preferences);
        return made;
    }

    private static DiffusionRequest.Builder request(final Path model) {
        return DiffusionRequest.prompt("cells").model(model.toString()).steps(STEPS).scheduler("ddim").guidance(5).seed(3).size(48, 32);
    }

    private static DiffusionResult make(final DiffusionRequest.Builder request) {
        return engine.generate(request.build(), DiffusionListener.NONE, new CancelToken()).result();
    }

    private static float[] latents(final DiffusionRequest.Builder request) {
        return make(request).latents().orElseThrow().values();
    }

    @Test
    void theModelsOwnIsTheDefaultAndTheResultSaysWhatWasUsed() throws IOException {
        final Path own = model("{\"guidanceFrom\": 0.25, \"guidanceTo\": 0.75}");
        assertEquals(new GuidanceInterval(0.25, 0.75), engine.defaults(own.toString()).guided());
        final DiffusionResult unsaid = make(request(own));
        assertEquals(List.of("0.25", "0.75"), List.of(unsaid.settings().get("guidance-from"), unsaid.settings().get("guidance-to")));
        assertArrayEquals(latents(request(Models.of("sd1")).guidanceFrom(0.25).guidanceTo(0.75)), unsaid.latents().orElseThrow().values());
        final DiffusionResult always = make(request(own).guidanceFrom(0).guidanceTo(1));
        assertEquals(List.of("0", "1"), List.of(always.settings().get("guidance-from"), always.settings().get("guidance-to")));
        final DiffusionResult plain = make(request(Models.of("sd1")));
        assertFalse(plain.settings().containsKey("guidance-from"), "nobody need read of it");
        assertArrayEquals(plain.latents().orElseThrow().values(), always.latents().orElseThrow().values());
        assertFalse(Arrays.equals(plain.latents().orElseThrow().values(), unsaid.latents().orElseThrow().values()));
    }

    @Test
    void anEndThatMeetsTheModelsOtherEndIsExplained() throws IOException {
        final Path own = model("{\"guidanceTo\": 0.5}");
        final String message = assertThrows(InvalidInputException.class, () -> make(request(own).guidanceFrom(0.6))).getMessage();
        assertTrue(message.contains("begin after 0.6") && message.contains("end after 0.5") && message.contains("the model chooses"), message);
        make(request(own).guidanceFrom(0.6).guidanceTo(0.9));
        final String both = assertThrows(InvalidInputException.class, () -> make(request(own).guidanceFrom(0.6).guidanceTo(0.2))).getMessage();
        assertTrue(both.contains("the beginning first"), both);
    }

    @Test
    void branchesKeepToTheStepsOfTheWhole() {
        final DiffusionRequest.Builder base = request(Models.of("sd1")).guidanceFrom(0.25).guidanceTo(0.75);
        final BranchRequest branches = new BranchRequest(base.build(), 1, List.of(PipelineBranch.UNCHANGED, PipelineBranch.UNCHANGED.withGuidance(2)));
        final List<DiffusionOutcome> made = engine.branch(branches, DiffusionListener.NONE, new CancelToken());
        final float[] whole = latents(base);
        assertArrayEquals(whole, made.get(0).result().latents().orElseThrow().values());
        assertArrayEquals(latents(base.guidance(2)), made.get(1).result().latents().orElseThrow().values(), "the shared step has no guidance");
    }

    @Test
    void tilesAreGuidedAsTheWholeIs() {
        final DiffusionRequest.Builder large = request(Models.of("sd1")).size(192, 128).steps(2);
        assertArrayEquals(latents(large.guidance(1)), latents(large.guidance(5).guidanceFrom(0.5).guidanceTo(0.5)), "at no step");
        assertFalse(Arrays.equals(latents(large.guidanceFrom(0.5).guidanceTo(0.5)), latents(large.guidanceFrom(0).guidanceTo(0.5))));
    }

    /** A graph for two rows cannot do with one: both get the prompt. */
    @Test
    void aUnetOfAFixedBatchDoesTheSame() throws IOException {
        final Path fixed = model("{}");
        final Path unet = fixed.resolve("unet");
        Files.delete(unet);
        Files.createDirectory(unet);
        final Path given = Models.of("sd1").resolve("unet");
        Files.copy(given.resolve("config.json"), unet.resolve("config.json"));
        final OnnxMl.ModelProto.Builder graph = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(given.resolve("model.onnx"))).toBuilder();
        graph.getGraphBuilder().getInputBuilderList().stream().filter(input -> input.getType().getTensorType().getShape().getDimCount() > 1)
            .forEach(GuidedRequestTest::fix);
        graph.getGraphBuilder().getOutputBuilderList().forEach(GuidedRequestTest::fix);
        Files.write(unet.resolve("model.onnx"), graph.build().toByteArray());
        final float[] expected = latents(request(Models.of("sd1")).guidanceFrom(0.25).guidanceTo(0.75));
        final float[] found = latents(request(fixed).guidanceFrom(0.25).guidanceTo(0.75));
        assertArrayEquals(expected, found, 1e-4f);
        assertThrows(DiffusionJException.class, () -> make(request(fixed).guidance(1)), "it is of a fixed batch indeed");
    }

    private static void fix(final OnnxMl.ValueInfoProto.Builder value) {
        value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().getDimBuilder(0).setDimValue(2);
    }
}
