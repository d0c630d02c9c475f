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
package net.diffusionj.ort.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.OnnxModels;

/** Every place of an ONNX file that may hold weights, and files that would have a reader recurse or reserve without end. */
class OnnxScanTest {

    private static final OnnxScan.Visitor NOBODY = new OnnxScan.Visitor() {};

    @TempDir
    private Path folder;

    /** proto3's writers put all dimensions into one field, proto2's give each a field of its own. */
    @Test
    void dimensionsInOneFieldAreReadToo() throws IOException {
        final Map<String, OptionalLong> rows = new LinkedHashMap<>();
        for (final byte[] dimensions : List.of(OnnxModels.field(1, new byte[] {(byte) 0xAC, 2, 3}), new byte[] {8, (byte) 0xAC, 2, 8, 3},
            OnnxModels.field(1, new byte[0]))) {
            final byte[] name = OnnxModels.field(8, ("tensor" + rows.size()).getBytes(StandardCharsets.UTF_8));
            final byte[] tensor = Arrays.copyOf(dimensions, dimensions.length + name.length);
            System.arraycopy(name, 0, tensor, dimensions.length, name.length);
            OnnxScan.read(file(OnnxModels.field(7, OnnxModels.field(5, tensor))), new OnnxScan.Visitor() {
                @Override
                public void tensor(final OnnxScan.Tensor found) {
                    rows.put(found.name(), found.rows());
                }
            });
        }
        assertEquals(Map.of("tensor0", OptionalLong.of(300), "tensor1", OptionalLong.of(300), "tensor2", OptionalLong.empty()), rows);
    }

    @Test
    void weightsAreFoundWhereverTheyAreNamed() throws IOException {
        final NodeProto lists = NodeProto.newBuilder().setOpType("Custom")
            .addAttribute(AttributeProto.newBuilder().setName("tensors").addTensors(OnnxModels.external("tensors")))
            .addAttribute(AttributeProto.newBuilder().setName("graphs").addGraphs(GraphProto.newBuilder().addInitializer(OnnxModels.external("graphs"))))
            .addAttribute(AttributeProto.newBuilder().setName("sparse")
                .setSparseTensor(SparseTensorProto.newBuilder().setValues(OnnxModels.external("sparse")).setIndices(OnnxModels.external("indices"))))
            .build();
        final GraphProto.Builder graph = GraphProto.newBuilder().addInitializer(OnnxModels.external("initializer"))
            .addNode(OnnxModels.constant("c", OnnxModels.external("constant")))
            .addNode(OnnxModels.branch(GraphProto.newBuilder().addInitializer(OnnxModels.external("branch"))
                .addNode(OnnxModels.branch(GraphProto.newBuilder().addNode(OnnxModels.constant("d", OnnxModels.external("branch of a branch")))))))
            .addNode(lists).addSparseInitializer(SparseTensorProto.newBuilder().setValues(OnnxModels.external("sparse initializer")));
        final Path model = file(ModelProto.newBuilder().setGraph(graph)
            .addTrainingInfo(TrainingInfoProto.newBuilder().setAlgorithm(GraphProto.newBuilder().addInitializer(OnnxModels.external("training"))))
            .addFunctions(FunctionProto.newBuilder().addNode(OnnxModels.constant("e", OnnxModels.external("function")))).build().toByteArray());
        final Map<Path, Long> expected = new LinkedHashMap<>();
        List.of("initializer", "constant", "branch", "branch of a branch", "tensors", "graphs", "sparse", "indices", "sparse initializer", "training",
            "function")
            .forEach(name -> expected.put(folder.resolve(name), 12L));
        assertEquals(expected, ExternalData.extents(model));
        assertEquals(expected.size(), HalfScan.of(model).externalFiles().size());
    }

    @Test
    void float16IsFoundInBranchesAndConstants() throws IOException {
        assertTrue(computesInHalf(graph -> graph.addInitializer(OnnxModels.tensor("w", DataType.FLOAT16)).addNode(OnnxModels.node("Add", "w"))));
        assertTrue(computesInHalf(graph -> graph.addNode(OnnxModels.branch(
            GraphProto.newBuilder().addInitializer(OnnxModels.tensor("w", DataType.FLOAT16)).addNode(OnnxModels.node("Add", "w"))))));
        assertTrue(computesInHalf(graph -> graph.addNode(OnnxModels.constant("w", OnnxModels.tensor("", DataType.FLOAT16)))
            .addNode(OnnxModels.node("Add", "w"))));
        assertTrue(computesInHalf(graph -> graph.addInitializer(OnnxModels.tensor("w", DataType.FLOAT16))
            .addNode(OnnxModels.branch(GraphProto.newBuilder().addNode(OnnxModels.node("Add", "w"))))), "a branch sees the weights around it");
        assertFalse(computesInHalf(graph -> graph.addNode(OnnxModels.constant("w", OnnxModels.tensor("", DataType.FLOAT16)))
            .addNode(OnnxModels.node("Cast", "w"))), "stored in float16, not computed with");
        assertFalse(computesInHalf(graph -> graph.addNode(OnnxModels.branch(
            GraphProto.newBuilder().addInitializer(OnnxModels.tensor("w", DataType.FLOAT)).addNode(OnnxModels.node("Add", "w"))))));
    }

    private boolean computesInHalf(final Consumer<GraphProto.Builder> content) throws IOException {
        return HalfScan.of(file(OnnxModels.of(content))).computesInHalf();
    }

    @Test
    void graphsInGraphsAreReadToABoundedDepth() throws IOException {
        final int[] graphs = {0};
        OnnxScan.read(file(OnnxModels.nested(OnnxScan.MAX_DEPTH)), new OnnxScan.Visitor() {
            @Override
            public void graph() {
                graphs[0]++;
            }
        });
        assertEquals(OnnxScan.MAX_DEPTH + 1, graphs[0]);
        for (final int depth : new int[] {OnnxScan.MAX_DEPTH + 1, 3_000}) {
            final Path model = file(OnnxModels.nested(depth));
            assertThrows(OnnxScan.TooDeepException.class, () -> OnnxScan.read(model, NOBODY));
            assertThrows(OnnxScan.TooDeepException.class, () -> HalfScan.of(model));
            final String message = assertThrows(InvalidInputException.class, () -> new ModelFiles.Reader().look(model)).getMessage();
            assertTrue(message.contains(model.toString()) && message.contains("more than 32 deep"), message);
        }
    }

    @Test
    void lengthsAreHeldAgainstTheFileAndAgainstWhatTheyLieIn() throws IOException {
        final byte[] terabyte = {5 << 3 | 2, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x20};
        assertThrows(ProtobufReader.TruncatedException.class, () -> OnnxScan.read(file(OnnxModels.field(7, terabyte)), NOBODY));
        final byte[] negative = {5 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        assertThrows(ProtobufReader.MalformedException.class, () -> OnnxScan.read(file(OnnxModels.field(7, negative)), NOBODY));
        // An initializer of 4 bytes in a graph of 3, with 4 bytes behind it.
        final byte[] beyond = {7 << 3 | 2, 3, 5 << 3 | 2, 4, 0, 1 << 3, 8, 1 << 3, 8};
        assertThrows(ProtobufReader.MalformedException.class, () -> OnnxScan.read(file(beyond), NOBODY));
    }

    @Test
    void aFaultEndsTheSearchForWeightsQuietly() throws IOException {
        final byte[] first = OnnxModels.field(5, OnnxModels.external("first").build().toByteArray());
        final byte[] noWireType = Arrays.copyOf(first, first.length + 1);
        noWireType[first.length] = 7;
        assertEquals(List.of(folder.resolve("first")), ExternalData.of(file(OnnxModels.field(7, noWireType))));
        assertEquals(List.of(), ExternalData.of(file(Arrays.copyOf(OnnxModels.field(7, first), 20))));
        assertEquals(List.of(), ExternalData.of(file("This is no model at all.".getBytes(StandardCharsets.UTF_8))));
    }

    private Path file(final byte[] content) throws IOException {
        return Files.write(folder.resolve("model.onnx"), content);
    }
}
