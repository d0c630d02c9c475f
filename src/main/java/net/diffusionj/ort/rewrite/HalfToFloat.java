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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.platform.Fp16Conversions;

import com.google.protobuf.ByteString;

/**
 * Rewrites a model that computes in float16 into one that computes in float32 from the same weights: initializers stay as they lie, each behind a cast,
 * which ONNX Runtime folds when it opens the model; everything that flows becomes float32, inputs and outputs too. Weights are passed on, not copied.
 */
final class HalfToFloat {

    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    private static final int FLOAT16 = TensorProto.DataType.FLOAT16_VALUE;
    private static final String SUFFIX = "_float32";

    /** Attributes that name the element type of a result. */
    private static final Set<String> TYPE_ATTRIBUTES = Set.of("to", "dtype", "output_dtype");

    private final Set<String> names = new HashSet<>();

    private HalfToFloat() {}

    /**
     * @param model computes in float16; not changed
     * @return the same model computing in float32
     */
    static ModelProto rewrite(final ModelProto model) {
        final HalfToFloat rewriter = new HalfToFloat();
        rewriter.collectNames(model.getGraph());
        final ModelProto.Builder builder = model.toBuilder().setGraph(rewriter.graph(model.getGraph(), Map.of()));
        for (int i = 0; i < model.getFunctionsCount(); i++) builder.setFunctions(i, rewriter.function(model.getFunctions(i)));
        return builder.build();
    }

    private void collectNames(final GraphProto graph) {
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        graph.getInputList().forEach(value -> names.add(value.getName()));
        for (final NodeProto node : graph.getNodeList()) {
            names.addAll(node.getOutputList());
            node.getAttributeList().stream().filter(AttributeProto::hasG).forEach(attribute -> collectNames(attribute.getG()));
        }
    }

    private FunctionProto function(final FunctionProto function) {
        final FunctionProto.Builder builder = function.toBuilder().clearNode();
        function.getNodeList().forEach(node -> builder.addNode(node(node, Map.of())));
        return builder.build();
    }

    /** @param outer new names of float16 weights of the graphs around this one */
    private GraphProto graph(final GraphProto graph, final Map<String, String> outer) {
        final Map<String, String> renamed = new HashMap<>(outer);
        final List<NodeProto> casts = new ArrayList<>();
        final Set<String> weights = new HashSet<>();
        for (final TensorProto tensor : graph.getInitializerList()) {
            weights.add(tensor.getName());
            if (tensor.getDataType() != FLOAT16) continue;
            final String name = unused(tensor.getName() + SUFFIX);
            renamed.put(tensor.getName(), name);
            casts.add(cast(tensor.getName(), name));
        }
        final GraphProto.Builder builder = graph.toBuilder().clearNode().addAllNode(casts);
        graph.getNodeList().forEach(node -> builder.addNode(node(node, renamed)));
        builder.clearInput().clearOutput().clearValueInfo();
        // Old models list weights among the inputs, which would have to be of another type now; that stopped being needed with IR version 4.
        graph.getInputList().stream().filter(value -> !weights.contains(value.getName())).forEach(value -> builder.addInput(value(value)));
        graph.getOutputList().forEach(value -> builder.addOutput(value(value)));
        graph.getValueInfoList().forEach(value -> builder.addValueInfo(value(value)));
        return builder.build();
    }

    private String unused(final String wish) {
        String name = wish;
        for (int i = 2; !names.add(name); i++) name = wish + i;
        return name;
    }

    private static NodeProto cast(final String from, final String to) {
        return NodeProto.newBuilder().setOpType("Cast").setName(to).addInput(from).addOutput(to)
            .addAttribute(AttributeProto.newBuilder().setName("to").setType(AttributeProto.AttributeType.INT).setI(FLOAT)).build();
    }

    private NodeProto node(final NodeProto node, final Map<String, String> renamed) {
        final NodeProto.Builder builder = node.toBuilder().clearInput().clearAttribute();
        node.getInputList().forEach(input -> builder.addInput(renamed.getOrDefault(input, input)));
        node.getAttributeList().forEach(attribute -> builder.addAttribute(attribute(attribute, renamed)));
        return builder.build();
    }

    private AttributeProto attribute(final AttributeProto attribute, final Map<String, String> renamed) {
        final AttributeProto.Builder builder = attribute.toBuilder();
        if (TYPE_ATTRIBUTES.contains(attribute.getName()) && attribute.getI() == FLOAT16) builder.setI(FLOAT);
        if (attribute.hasT()) builder.setT(constant(attribute.getT()));
        if (attribute.hasG()) builder.setG(graph(attribute.getG(), renamed));
        for (int i = 0; i < attribute.getTensorsCount(); i++) builder.setTensors(i, constant(attribute.getTensors(i)));
        for (int i = 0; i < attribute.getGraphsCount(); i++) builder.setGraphs(i, graph(attribute.getGraphs(i), renamed));
        return builder.build();
    }

    /** Constants inside of nodes are small: they become float32 themselves. */
    private static TensorProto constant(final TensorProto tensor) {
        if (tensor.getDataType() != FLOAT16 || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) return tensor;
        final TensorProto.Builder builder = tensor.toBuilder().setDataType(FLOAT).clearRawData().clearInt32Data();
        final ByteString raw = tensor.getRawData();
        for (int i = 0; i + 1 < raw.size(); i += 2) builder.addFloatData(half((raw.byteAt(i) & 0xff) | (raw.byteAt(i + 1) << 8)));
        tensor.getInt32DataList().forEach(bits -> builder.addFloatData(half(bits)));
        return builder.build();
    }

    private static float half(final int bits) {
        return Fp16Conversions.fp16ToFloat((short) bits);
    }

    private static ValueInfoProto value(final ValueInfoProto value) {
        if (!value.hasType() || value.getType().getTensorType().getElemType() != FLOAT16) return value;
        final TypeProto.Builder type = value.getType().toBuilder();
        type.getTensorTypeBuilder().setElemType(FLOAT);
        return value.toBuilder().setType(type).build();
    }
}
