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
package net.diffusionj.ort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;

/**
 * Looks through an ONNX file for arithmetic in float16, stepping over the weights. Field numbers are those of onnx.proto3.
 */
final class HalfScan {

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

    private HalfScan() { }

    /**
     * @param file an ONNX file
     * @return what was found
     * @throws IOException if it cannot be read or is no ONNX file
     */
    static HalfScan of(final Path file) throws IOException {
        final HalfScan scan = new HalfScan();
        try (FileChannel channel = FileChannel.open(file); InputStream stream = Channels.newInputStream(channel)) {
            final CodedInputStream in = CodedInputStream.newInstance(stream, 1 << 13);
            in.setSizeLimit(Integer.MAX_VALUE);
            message(in, field -> field == MODEL_GRAPH && sub(in, scan::graph));
        }
        return scan;
    }

    /** @return whether weights in float16 go straight into arithmetic; if every one is cast first, float16 is but how they are stored */
    boolean computesInHalf() {
        return computedWith.stream().anyMatch(halfWeights::contains);
    }

    /** @return files that hold weights, as the model names them, relative to its folder */
    Set<String> externalFiles() {
        return externalFiles;
    }

    private boolean graph(final CodedInputStream in) throws IOException {
        return message(in, field -> switch (field) {
            case GRAPH_NODE -> sub(in, this::node);
            case GRAPH_INITIALIZER -> sub(in, this::initializer);
            default -> false;
        });
    }

    private boolean node(final CodedInputStream in) throws IOException {
        final Set<String> inputs = new HashSet<>();
        final StringBuilder type = new StringBuilder();
        message(in, field -> {
            switch (field) {
                case NODE_INPUT -> inputs.add(in.readString());
                case NODE_OP_TYPE -> type.append(in.readString());
                case NODE_ATTRIBUTE -> sub(in, this::attribute);
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (!type.toString().equals("Cast")) computedWith.addAll(inputs);
        return true;
    }

    private boolean attribute(final CodedInputStream in) throws IOException {
        return message(in, field -> field == ATTRIBUTE_GRAPH && sub(in, this::graph));
    }

    private boolean initializer(final CodedInputStream in) throws IOException {
        final StringBuilder name = new StringBuilder();
        final int[] type = new int[1];
        message(in, field -> {
            switch (field) {
                case TENSOR_DATA_TYPE -> type[0] = in.readInt32();
                case TENSOR_NAME -> name.append(in.readString());
                case TENSOR_EXTERNAL_DATA -> sub(in, this::externalEntry);
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (type[0] == FLOAT16) halfWeights.add(name.toString());
        return true;
    }

    private boolean externalEntry(final CodedInputStream in) throws IOException {
        final String[] entry = {"", ""};
        message(in, field -> {
            if (field != ENTRY_KEY && field != ENTRY_VALUE) return false;
            entry[field - 1] = in.readString();
            return true;
        });
        if (entry[0].equals("location")) externalFiles.add(entry[1]);
        return true;
    }

    /** Takes a field, or leaves it to be stepped over. */
    private interface FieldReader {
        boolean read(int field) throws IOException;
    }

    /** Reads the inside of a message. */
    private interface MessageReader {
        boolean read(CodedInputStream in) throws IOException;
    }

    private static boolean message(final CodedInputStream in, final FieldReader reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!reader.read(WireFormat.getTagFieldNumber(tag))) in.skipField(tag);
        }
        return true;
    }

    private static boolean sub(final CodedInputStream in, final MessageReader reader) throws IOException {
        final int limit = in.pushLimit(in.readRawVarint32());
        reader.read(in);
        in.popLimit(limit);
        return true;
    }
}
