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
package net.diffusionj.testing;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;

/** Models of a few bytes whose structure matters, not what they compute. */
public final class OnnxModels {

    private OnnxModels() {}

    /** @return a model with what is put into its graph */
    public static byte[] of(final Consumer<GraphProto.Builder> content) {
        final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");
        content.accept(graph);
        return ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray();
    }

    /** @return a node {@code If} with one branch */
    public static NodeProto branch(final GraphProto.Builder content) {
        return NodeProto.newBuilder().setOpType("If").addInput("condition").addOutput("chosen")
            .addAttribute(AttributeProto.newBuilder().setName("then_branch").setType(AttributeType.GRAPH).setG(content)).build();
    }

    /** @return a node {@code Constant} */
    public static NodeProto constant(final String output, final TensorProto.Builder value) {
        return NodeProto.newBuilder().setOpType("Constant").addOutput(output)
            .addAttribute(AttributeProto.newBuilder().setName("value").setType(AttributeType.TENSOR).setT(value)).build();
    }

    /** @return a node with one input */
    public static NodeProto node(final String type, final String input) {
        return NodeProto.newBuilder().setOpType(type).addInput(input).addOutput(input + type).build();
    }

    /** @return a tensor without values */
    public static TensorProto.Builder tensor(final String name, final TensorProto.DataType type) {
        return TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    }

    /** @return a tensor whose 8 bytes lie in another file from byte 4 on */
    public static TensorProto.Builder external(final String file) {
        return tensor("in " + file, TensorProto.DataType.FLOAT).setDataLocation(TensorProto.DataLocation.EXTERNAL).addExternalData(entry("location", file))
            .addExternalData(entry("offset", "4")).addExternalData(entry("length", "8"));
    }

    private static StringStringEntryProto entry(final String key, final String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** @return a model with a graph in a graph in a graph, written by hand since protobuf's own classes would end first */
    public static byte[] nested(final int graphsInside) {
        byte[] graph = new byte[0];
        for (int i = 0; i < graphsInside; i++) graph = field(1, field(5, field(6, graph)));
        return field(7, graph);
    }

    /** @return a protobuf field of bytes */
    public static byte[] field(final int number, final byte[] content) {
        final ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(number << 3 | 2);
        int rest = content.length;
        for (; rest >= 0x80; rest >>>= 7) field.write(rest & 0x7f | 0x80);
        field.write(rest);
        field.writeBytes(content);
        return field.toByteArray();
    }
}
