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
package net.diffusionj.cli;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;

import com.google.protobuf.InvalidProtocolBufferException;

import java.util.Random;

/** Damages graphs that stay ONNX: sizes, operators, attributes, weights and edges that do not fit any more. */
final class FuzzOnnx {

    private static final long[] HOSTILE = {0, -1, 1, 2, 3, 7, 65536, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final String[] OPERATORS =
        {"Add", "Mul", "MatMul", "Reshape", "Conv", "Loop", "If", "Identity", "Tile", "Expand", "Range", "ConstantOfShape", "Resize",
            "Gather", "Slice", "Sqrt", "Log", "Nonsense"};

    private FuzzOnnx() {}

    /**
     * @param file an ONNX file
     * @param random decides what becomes of it
     * @return an ONNX file with something wrong in it
     */
    static byte[] damage(final byte[] file, final Random random) throws InvalidProtocolBufferException {
        final ModelProto.Builder model = ModelProto.parseFrom(file).toBuilder();
        for (int i = 1 + random.nextInt(2); i > 0; i--) damageOnce(model.getGraphBuilder(), random);
        if (random.nextInt(12) == 0) model.getOpsetImportBuilder(0).setVersion(random.nextInt(40));
        return model.build().toByteArray();
    }

    private static void damageOnce(final GraphProto.Builder graph, final Random random) {
        final NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
        final int weights = graph.getInitializerCount();
        switch (random.nextInt(9)) {
            case 0 -> node.setOpType(OPERATORS[random.nextInt(OPERATORS.length)]);
            case 1 -> damageEdge(node, graph, random);
            case 2 -> graph.removeNode(random.nextInt(graph.getNodeCount()));
            case 3 -> graph.addNode(random.nextInt(graph.getNodeCount()), node.build());
            case 4 -> {
                if (node.getAttributeCount() > 0) damageAttribute(node.getAttributeBuilder(random.nextInt(node.getAttributeCount())), random);
            }
            case 5 -> {
                if (weights > 0) graph.removeInitializer(random.nextInt(weights));
            }
            case 6 -> graph.getInputBuilder(random.nextInt(graph.getInputCount())).getTypeBuilder().getTensorTypeBuilder().setElemType(random.nextInt(20));
            default -> {
                if (weights > 0) damageTensor(graph.getInitializerBuilder(random.nextInt(weights)), random);
            }
        }
    }

    private static void damageEdge(final NodeProto.Builder node, final GraphProto.Builder graph, final Random random) {
        final NodeProto other = graph.getNode(random.nextInt(graph.getNodeCount()));
        if (node.getInputCount() > 0 && other.getOutputCount() > 0) node.setInput(random.nextInt(node.getInputCount()), other.getOutput(0));
    }

    private static void damageAttribute(final AttributeProto.Builder attribute, final Random random) {
        if (attribute.hasT()) damageTensor(attribute.getTBuilder(), random);
        else if (attribute.getIntsCount() > 0) attribute.setInts(random.nextInt(attribute.getIntsCount()), hostile(random));
        else if (random.nextBoolean()) attribute.setI(hostile(random));
        else attribute.setF(random.nextBoolean() ? Float.NaN : Float.MAX_VALUE);
    }

    private static void damageTensor(final TensorProto.Builder tensor, final Random random) {
        switch (random.nextInt(4)) {
            case 0 -> tensor.setDataType(random.nextInt(24));
            case 1 -> tensor.setRawData(tensor.getRawData().substring(0, random.nextInt(tensor.getRawData().size() + 1)));
            case 2 -> {
                if (tensor.getDimsCount() > 0) tensor.setDims(random.nextInt(tensor.getDimsCount()), hostile(random));
            }
            default -> {
                final byte[] raw = tensor.getRawData().toByteArray();
                for (int i = 0; i < raw.length; i++) raw[i] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
                tensor.setRawData(com.google.protobuf.ByteString.copyFrom(raw));
            }
        }
    }

    private static long hostile(final Random random) {
        return HOSTILE[random.nextInt(HOSTILE.length)];
    }
}
