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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks through an ONNX file for arithmetic in float16, stepping over the weights. Field numbers are those of onnx.proto3.
 */
public final class HalfScan {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OP_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int TENSOR_DATA_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_EXTERNAL_DATA = 13;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final int FLOAT16 = 10;

    private final Set<String> halfWeights = new HashSet<>();
    private final Set<String> computedWith = new HashSet<>();
    private final Set<String> externalFiles = new TreeSet<>();

    private final ProtobufReader reader;

    private HalfScan(final ProtobufReader reader) {
        this.reader = reader;
    }

    /**
     * @param file an ONNX file
     * @return what was found
     * @throws IOException if it cannot be read or is no ONNX file
     */
    public static HalfScan of(final Path file) throws IOException {
        try (ProtobufReader reader = new ProtobufReader(file)) {
            final HalfScan scan = new HalfScan(reader);
            while (reader.position() < reader.size()) {
                if (reader.nextField() == MODEL_GRAPH && reader.isBytes()) scan.readGraph(reader.contentEnd());
                else reader.skipField();
            }
            return scan;
        }
    }

    /** @return whether weights in float16 go straight into arithmetic; if every one is cast first, float16 is but how they are stored */
    public boolean computesInHalf() {
        for (final String weight : halfWeights) {
            if (computedWith.contains(weight)) return true;
        }
        return false;
    }

    /** @return files that hold weights, as the model names them, relative to its folder */
    public Set<String> externalFiles() {
        return externalFiles;
    }

    private void readGraph(final long end) throws IOException {
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == GRAPH_NODE && reader.isBytes()) readNode(reader.contentEnd());
            else if (field == GRAPH_INITIALIZER && reader.isBytes()) readInitializer(reader.contentEnd());
            else reader.skipField();
        }
    }

    private void readNode(final long end) throws IOException {
        final List<String> inputs = new ArrayList<>();
        String type = "";
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == NODE_INPUT && reader.isBytes()) inputs.add(reader.readText(reader.contentEnd()));
            else if (field == NODE_OP_TYPE && reader.isBytes()) type = reader.readText(reader.contentEnd());
            else if (field == NODE_ATTRIBUTE && reader.isBytes()) readAttribute(reader.contentEnd());
            else reader.skipField();
        }
        if (!type.equals("Cast")) computedWith.addAll(inputs);
    }

    private void readAttribute(final long end) throws IOException {
        while (reader.position() < end) {
            if (reader.nextField() == ATTRIBUTE_GRAPH && reader.isBytes()) readGraph(reader.contentEnd());
            else reader.skipField();
        }
    }

    private void readInitializer(final long end) throws IOException {
        String name = "";
        long type = 0;
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == TENSOR_DATA_TYPE && !reader.isBytes()) type = reader.readNumber();
            else if (field == TENSOR_NAME && reader.isBytes()) name = reader.readText(reader.contentEnd());
            else if (field == TENSOR_EXTERNAL_DATA && reader.isBytes()) readEntry(reader.contentEnd());
            else reader.skipField();
        }
        if (type == FLOAT16) halfWeights.add(name);
    }

    private void readEntry(final long end) throws IOException {
        String key = "";
        String value = "";
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == ENTRY_KEY && reader.isBytes()) key = reader.readText(reader.contentEnd());
            else if (field == ENTRY_VALUE && reader.isBytes()) value = reader.readText(reader.contentEnd());
            else reader.skipField();
        }
        if (key.equals("location")) externalFiles.add(value);
    }
}
