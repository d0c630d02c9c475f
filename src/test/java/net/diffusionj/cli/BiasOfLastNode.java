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

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;

import com.google.protobuf.ByteString;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Overwrites the float32 weights nearest to a graph's output, so that what it gives is known. */
final class BiasOfLastNode {

    private BiasOfLastNode() {}

    /** @param file an ONNX file with its weights inside; changed
     *  @param value every weight of its last node with weights becomes this */
    static void set(final Path file, final float value) throws IOException {
        final ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        final GraphProto graph = model.getGraph();
        for (int node = graph.getNodeCount() - 1; node >= 0; node--) {
            final int weights = weights(graph, graph.getNode(node));
            if (weights < 0) continue;
            final TensorProto before = graph.getInitializer(weights);
            final int count = (int) before.getDimsList().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
            final ByteBuffer raw = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
            while (raw.hasRemaining()) raw.putFloat(value);
            final TensorProto after = before.toBuilder().clearFloatData().setRawData(ByteString.copyFrom(raw.array())).build();
            Files.write(file, model.toBuilder().setGraph(graph.toBuilder().setInitializer(weights, after)).build().toByteArray());
            return;
        }
        throw new IllegalStateException(file + " has no weights");
    }

    private static int weights(final GraphProto graph, final NodeProto node) {
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            final TensorProto tensor = graph.getInitializer(i);
            if (tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber() && tensor.getDimsCount() > 0 && node.getInputList().contains(tensor.getName()))
                return i;
        }
        return -1;
    }
}
