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
package net.diffusionj.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import ai.onnx.proto.OnnxMl.GraphProto;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.OnnxModels;

/** What is refused of a model's files before ONNX Runtime sees them, wherever in the graph it is. */
class OnnxFileTest {

    @TempDir
    private Path folder;

    @Test
    void weightsOfABranchAndOfAConstantAreMissedToo() throws IOException {
        refused(OnnxModels.of(graph -> graph.addNode(OnnxModels.branch(GraphProto.newBuilder().addInitializer(OnnxModels.external("w.data"))))),
            "keeps its weights in w.data, which is missing from " + folder);
        refused(OnnxModels.of(graph -> graph.addNode(OnnxModels.constant("c", OnnxModels.external("w.data")))), "w.data, which is missing");
        Files.write(folder.resolve("w.data"), new byte[11]);
        refused(OnnxModels.of(graph -> graph.addNode(OnnxModels.branch(GraphProto.newBuilder().addInitializer(OnnxModels.external("w.data"))))),
            "expected at least 12 bytes, found 11");
    }

    @Test
    void graphsWithoutEndAreRefusedInOneLine() throws IOException {
        final String message = refused(OnnxModels.nested(3_000), "more than 32 deep");
        assertEquals(1, message.lines().count());
    }

    @Test
    void enlargementsOfBranchesDoNotAddUp() throws IOException {
        final GraphProto.Builder inside = GraphProto.newBuilder().addNode(OnnxModels.node("Resize", "x"));
        final Path file = Files.write(folder.resolve("model.onnx"),
            OnnxModels.of(graph -> graph.addNode(OnnxModels.node("Resize", "y")).addNode(OnnxModels.branch(inside)).addNode(OnnxModels.branch(inside))));
        assertEquals(1, OnnxFile.read(file).upsamplings());
    }

    private String refused(final byte[] model, final String expected) throws IOException {
        final Path file = Files.write(folder.resolve("model.onnx"), model);
        final String message = assertThrows(InvalidInputException.class, () -> OnnxFile.read(file)).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains(expected), message);
        return message;
    }
}
