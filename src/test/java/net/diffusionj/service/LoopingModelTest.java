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

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import net.diffusionj.CancelToken;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A text encoder that loops for ever ends when it is told to, as Ctrl-C and Esc do. */
class LoopingModelTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void aLoopWithoutEndIsLeftWithinTwoSeconds() throws Exception {
        Models.copy("sd1", folder);
        addLoop(folder.resolve("text_encoder/model.onnx"));
        final CancelToken cancel = new CancelToken();
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final CompletableFuture<DiffusionOutcome> outcome = CompletableFuture.supplyAsync(() -> engine.generate(
                DiffusionRequest.prompt("cells").model(folder.toString()).size(32, 32).steps(1).build(), DiffusionListener.NONE, cancel));
            Thread.sleep(4000);
            assertFalse(outcome.isDone(), "loops");
            final long start = System.nanoTime();
            cancel.cancel();
            assertTrue(outcome.get(60, TimeUnit.SECONDS).isCancelled());
            final long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis < 2000, millis + " ms");
        }
    }

    /** Between the last node and the output: while true, keep the value. */
    private static void addLoop(final Path file) throws IOException {
        final ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        final GraphProto.Builder graph = model.getGraph().toBuilder();
        final String output = graph.getOutput(0).getName();
        for (int i = 0; i < graph.getNodeCount(); i++) {
            for (int o = 0; o < graph.getNode(i).getOutputCount(); o++) {
                if (graph.getNode(i).getOutput(o).equals(output)) graph.getNodeBuilder(i).setOutput(o, "before_loop");
            }
            for (int o = 0; o < graph.getNode(i).getInputCount(); o++) {
                if (graph.getNode(i).getInput(o).equals(output)) graph.getNodeBuilder(i).setInput(o, "before_loop");
            }
        }
        final GraphProto body = GraphProto.newBuilder().setName("body").addInput(value("i", 7)).addInput(value("going", 9)).addInput(value("kept", 1))
            .addNode(identity("going", "still")).addNode(identity("kept", "same")).addOutput(value("still", 9)).addOutput(value("same", 1)).build();
        graph.addInitializer(TensorProto.newBuilder().setName("true").setDataType(9).addInt32Data(1));
        graph.addNode(NodeProto.newBuilder().setOpType("Loop").setName("loop").addInput("").addInput("true").addInput("before_loop").addOutput(output)
            .addAttribute(AttributeProto.newBuilder().setName("body").setType(AttributeProto.AttributeType.GRAPH).setG(body)));
        Files.write(file, model.toBuilder().setGraph(graph).build().toByteArray());
    }

    private static ValueInfoProto value(final String name, final int type) {
        final TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type);
        if (type != 1) tensor.setShape(TensorShapeProto.getDefaultInstance());
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(tensor)).build();
    }

    private static NodeProto identity(final String from, final String to) {
        return NodeProto.newBuilder().setOpType("Identity").addInput(from).addOutput(to).build();
    }
}
