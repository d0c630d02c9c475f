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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.runtime.ElementType;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.runtime.TensorSpec;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.ort.session.TensorBuffer;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;
import net.diffusionj.testing.OrtFixtures;

/** Models of {@code scripts/fixtures/half_models.py}: rewritten they compute in float32, give what the float32 original gives, and are made once. */
class HalfModelsTest {

    private static final Path HALF_UNET = OrtFixtures.GRAPHS.resolve("half-unet.onnx");
    private static final Path HALF_BRANCHES = OrtFixtures.GRAPHS.resolve("half-branches.onnx");
    private static final long PLENTY = 1L << 30;

    @TempDir
    private Path home;

    @Test
    void theRewrittenUnetPredictsWhatTheFloat32UnetPredicts() {
        final float[] expected;
        final float[] found;
        try (SessionCache cache = cache()) {
            expected = predict(cache, Models.of("sd1").resolve("unet/model.onnx"));
            found = predict(cache, HALF_UNET);
        }
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - found[i]));
        }
        assertTrue(largest > 0.1 && difference < 1e-3 * largest, "largest " + largest + ", largest difference " + difference);
    }

    @Test
    void nothingComputesInFloat16AnyMore() throws IOException {
        for (final Path model : List.of(HALF_UNET, HALF_BRANCHES)) {
            final GraphProto graph = ModelProto.parseFrom(Files.readAllBytes(new HalfModels(home, PLENTY).float32(model).orElseThrow())).getGraph();
            final List<String> half = graph.getInitializerList().stream().filter(tensor -> tensor.getDataType() == TensorProto.DataType.FLOAT16_VALUE)
                .map(TensorProto::getName).toList();
            assertFalse(half.isEmpty(), "weights stay float16 on disk");
            assertNoHalfArithmetic(graph, half);
        }
    }

    private static void assertNoHalfArithmetic(final GraphProto graph, final List<String> half) {
        Stream.of(graph.getInputList(), graph.getOutputList(), graph.getValueInfoList()).flatMap(List::stream)
            .forEach(value -> assertNotEquals(TensorProto.DataType.FLOAT16_VALUE, value.getType().getTensorType().getElemType(), value.getName()));
        for (final NodeProto node : graph.getNodeList()) {
            if (!node.getOpType().equals("Cast")) assertTrue(node.getInputList().stream().noneMatch(half::contains), node.getName());
            for (final AttributeProto attribute : node.getAttributeList()) {
                assertFalse(attribute.getName().equals("to") && attribute.getI() == TensorProto.DataType.FLOAT16_VALUE, node.getName());
                assertNotEquals(TensorProto.DataType.FLOAT16_VALUE, attribute.getT().getDataType(), node.getName());
                if (attribute.hasG()) assertNoHalfArithmetic(attribute.getG(), half);
            }
        }
    }

    /** A field that everybody may skip, but whose content ends in the middle. */
    @Test
    void aDamagedModelIsNamedAsThat() throws IOException {
        final byte[] whole = Files.readAllBytes(HALF_UNET);
        final byte[] damaged = java.util.Arrays.copyOf(whole, whole.length + 4);
        System.arraycopy(new byte[] {0x72, 2, 0x0A, 5}, 0, damaged, whole.length, 4);
        final Path file = Files.write(home.resolve("damaged.onnx"), damaged);
        final String message =
            org.junit.jupiter.api.Assertions.assertThrows(net.diffusionj.InvalidInputException.class, () -> new HalfModels(home, PLENTY).float32(file))
                .getMessage();
        assertTrue(message.contains("damaged.onnx is damaged"), message);
    }

    @Test
    void constantsBranchesAndWeightsInAFileOfTheirOwnAreRewrittenToo() {
        try (SessionCache cache = cache(); SessionLease lease = cache.lease(HALF_BRANCHES, ProviderChoice.CPU); ModelCall call = lease.newCall()) {
            assertEquals(ElementType.FLOAT32, lease.inputs().get(0).type());
            assertEquals(HALF_BRANCHES.toAbsolutePath(), lease.file(), "messages name the model, not what was made from it");
            final TensorBuffer x = call.input(lease.inputs().get(0), 2, 3);
            final TensorBuffer y = call.output(lease.outputs().get(0), 2, 3);
            x.put(new float[] {1, -2, 3, 0.5f, 0, 1});
            call.run(new CancelToken());
            assertArrayEquals(new float[] {2.5f, -2.5f, 10.5f, 3.5f, 1.5f, 7.5f}, y.toFloats());
            x.put(new float[] {-1, 2, -3, -0.5f, 0, -1});
            call.run(new CancelToken());
            assertArrayEquals(new float[] {-0.5f, 1.5f, -4.5f, -3, -3.5f, -5.5f}, y.toFloats());
        }
    }

    @Test
    void aModelThatOnlyStoresFloat16IsOpenedAsItIs() {
        final HalfModels models = new HalfModels(home, PLENTY);
        assertTrue(models.float32(Models.of("turbo").resolve("unet/model.onnx")).isEmpty());
        assertTrue(models.float32(Models.of("sd1").resolve("unet/model.onnx")).isEmpty());
        assertTrue(models.float32(OrtFixtures.GRAPHS.resolve("external.onnx")).isEmpty());
        assertFalse(Files.exists(home.resolve("cache/float32")));
    }

    @Test
    void itIsMadeOnceAndAnewWhenTheModelChanges() throws IOException {
        final Path model = Files.copy(HALF_UNET, home.resolve("model.onnx"));
        final HalfModels models = new HalfModels(home, PLENTY);
        final Path first = models.float32(model).orElseThrow();
        final FileTime made = Files.getLastModifiedTime(first);
        assertEquals(first, new HalfModels(home, PLENTY).float32(model).orElseThrow());
        assertEquals(made, Files.getLastModifiedTime(first));
        Files.copy(OrtFixtures.GRAPHS.resolve("overflowing-vae.onnx"), model, StandardCopyOption.REPLACE_EXISTING);
        assertNotEquals(first, models.float32(model).orElseThrow());
        assertEquals(2, entries());
    }

    @Test
    void aDamagedOneIsMadeAgain() throws IOException {
        final Path made = new HalfModels(home, PLENTY).float32(HALF_UNET).orElseThrow();
        Files.write(made, new byte[100]);
        try (SessionCache cache = cache()) {
            assertEquals(2 * 4 * 8 * 8, predict(cache, HALF_UNET).length);
        }
        assertTrue(Files.size(made) > 100_000);
    }

    @Test
    void oneThatDoesNotOpenIsNotMadeAgainAtTheNextStart() throws IOException {
        // An operator that nobody has: neither form opens.
        final ModelProto.Builder odd = ModelProto.parseFrom(Files.readAllBytes(HALF_UNET)).toBuilder();
        odd.getGraphBuilder().getNodeBuilder(0).setOpType("NoSuchOperator");
        final Path model = Files.write(home.resolve("odd.onnx"), odd.build().toByteArray());
        for (int start = 0; start < 2; start++) {
            try (SessionCache cache = cache()) {
                assertThrows(DiffusionJException.class, () -> cache.lease(model, ProviderChoice.CPU));
            }
            assertEquals(1, entries(), "a note of a few bytes");
            assertEquals(Optional.empty(), new HalfModels(home, PLENTY).float32(model), "not made again");
        }
        // Another content is another model.
        Files.copy(HALF_UNET, model, StandardCopyOption.REPLACE_EXISTING);
        try (SessionCache cache = cache(); SessionLease lease = cache.lease(model, ProviderChoice.CPU)) {
            assertEquals(ElementType.FLOAT32, lease.inputs().get(0).type());
        }
    }

    @Test
    void theOneUsedLongestAgoGoesFirst() throws IOException {
        final HalfModels models = new HalfModels(home, 200_000);
        final Path branches = models.float32(HALF_BRANCHES).orElseThrow();
        Files.setLastModifiedTime(branches.getParent(), FileTime.fromMillis(1));
        final Path unet = models.float32(HALF_UNET).orElseThrow();
        assertTrue(Files.exists(unet), "what was just asked for stays");
        assertFalse(Files.exists(branches));
        assertEquals(1, entries());
    }

    @Test
    void weightsOutsideOfTheModelsFolderAreRefused() throws IOException {
        final Path folder = Files.createDirectories(home.resolve("a/b"));
        final Path model = folder.resolve("model.onnx");
        final ModelProto.Builder evil = ModelProto.parseFrom(Files.readAllBytes(HALF_BRANCHES)).toBuilder();
        evil.getGraphBuilder().getInitializerBuilderList().stream().filter(tensor -> tensor.getExternalDataCount() > 0)
            .forEach(tensor -> tensor.getExternalDataBuilder(0).setValue("../../weights"));
        Files.write(model, evil.build().toByteArray());
        Files.write(home.resolve("weights"), new byte[100]);
        final String message = assertThrows(DiffusionJException.class, () -> new HalfModels(home, PLENTY).float32(model)).getMessage();
        assertTrue(message.contains("../../weights") && message.contains("cpu.rewritefp16"), message);
        assertEquals(0, entries(), "nothing half-made is left");
    }

    private long entries() throws IOException {
        try (Stream<Path> entries = Files.list(home.resolve("cache/float32"))) {
            return entries.count();
        }
    }

    private SessionCache cache() {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME).withHome(home);
        return new SessionCache(onnx, new ExecutionProviders(onnx));
    }

    private static float[] predict(final SessionCache cache, final Path unet) {
        final Random random = new Random(7);
        try (SessionLease lease = cache.lease(unet, ProviderChoice.CPU); ModelCall call = lease.newCall()) {
            fill(call.input(OrtFixtures.input(lease, "sample"), 2, 4, 8, 8), random);
            call.input(OrtFixtures.input(lease, "timestep")).fill(321);
            final TensorSpec hidden = OrtFixtures.input(lease, "encoder_hidden_states");
            fill(call.input(hidden, 2, 77, hidden.shape().get(2)), random);
            final TensorBuffer prediction = call.output(lease.outputs().get(0), 2, 4, 8, 8);
            call.run(new CancelToken());
            return prediction.toFloats();
        }
    }

    private static void fill(final TensorBuffer buffer, final Random random) {
        final float[] values = new float[buffer.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        buffer.put(values);
    }
}
