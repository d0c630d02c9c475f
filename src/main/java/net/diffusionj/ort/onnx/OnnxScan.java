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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The one reader of ONNX files: walks through a model's graphs, those inside of nodes and functions included, and tells a {@link Visitor} of nodes and
 * tensors in the order of the file. Weights are passed over by their position, so a model of any size is read in little memory. Field numbers are those of
 * onnx.proto3.
 * <p>
 * One scan for one thread.
 * </p>
 */
public final class OnnxScan {

    /** Graphs inside of graphs. ONNX Runtime's own reader ends at about the same depth, and each level costs some stack. */
    public static final int MAX_DEPTH = 32;

    /** {@code TensorProto.DataType.FLOAT16}. */
    static final long FLOAT16 = 10;

    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_TRAINING = 20;
    private static final int MODEL_FUNCTION = 25;
    private static final int TRAINING_INITIALIZATION = 1;
    private static final int TRAINING_ALGORITHM = 2;
    private static final int FUNCTION_NODE = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_SPARSE_INITIALIZER = 15;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_OP_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_TENSORS = 10;
    private static final int ATTRIBUTE_GRAPHS = 11;
    private static final int ATTRIBUTE_SPARSE_TENSOR = 22;
    private static final int ATTRIBUTE_SPARSE_TENSORS = 23;

    /**
     * Bytes of a file beside the model.
     *
     * @param location the file's name as the model has it, relative to the model's folder
     * @param endByte how many bytes the file must have at least
     */
    public record External(String location, long endByte) {}

    /**
     * Values that the model holds or names.
     *
     * @param name what nodes call it; may be empty for a tensor in an attribute
     * @param elementType a number of {@code TensorProto.DataType}
     * @param rows its first dimension; empty for a single value
     * @param external where the values lie if not in the model
     */
    public record Tensor(String name, long elementType, OptionalLong rows, Optional<External> external) {}

    /**
     * An operation.
     *
     * @param type the operator
     * @param inputs names of tensors
     * @param outputs names of tensors
     * @param constants tensors in its own attributes; those in graphs inside of it are not among them
     * @param depth 0 in the model's graph, more in graphs inside of nodes and in functions
     */
    public record Node(String type, List<String> inputs, List<String> outputs, List<Tensor> constants, int depth) {}

    /** Is told what is found. */
    public interface Visitor {

        /** A graph begins. */
        default void graph() {}

        /** @param node whose attributes were visited before it */
        default void node(final Node node) {}

        /** @param tensor an initializer or a tensor in an attribute, at whatever depth */
        default void tensor(final Tensor tensor) {}
    }

    /** A model nests its graphs too deeply to be read. */
    public static final class TooDeepException extends IOException {
        private static final long serialVersionUID = 1L;

        TooDeepException() {
            super("its graphs are nested more than " + MAX_DEPTH + " deep");
        }
    }

    private final ProtobufReader reader;
    private final Visitor visitor;
    private final TensorScan tensors;

    private OnnxScan(final ProtobufReader reader, final Visitor visitor) {
        this.reader = reader;
        this.visitor = visitor;
        this.tensors = new TensorScan(reader, visitor);
    }

    /**
     * Walks through a model.
     *
     * @param model an ONNX file
     * @param visitor is told what is found, until the end or the first fault
     * @throws ProtobufReader.TruncatedException if the file ends too early
     * @throws ProtobufReader.MalformedException if it is not an ONNX file
     * @throws TooDeepException if graphs lie inside one another more than {@link #MAX_DEPTH} deep
     * @throws IOException if it cannot be read
     */
    public static void read(final Path model, final Visitor visitor) throws IOException {
        try (ProtobufReader reader = new ProtobufReader(model)) {
            new OnnxScan(reader, visitor).model();
        }
    }

    private void model() throws IOException {
        reader.readMessage(reader.size(), (number, end) -> {
            if (end < 0) return false;
            switch (number) {
                case MODEL_GRAPH -> graph(end, 0);
                case MODEL_TRAINING -> training(end);
                case MODEL_FUNCTION -> function(end);
                default -> {
                    return false;
                }
            }
            return true;
        });
    }

    private void training(final long messageEnd) throws IOException {
        reader.readMessage(messageEnd, (number, end) -> {
            if (end < 0 || number != TRAINING_INITIALIZATION && number != TRAINING_ALGORITHM) return false;
            graph(end, 1);
            return true;
        });
    }

    private void function(final long messageEnd) throws IOException {
        reader.readMessage(messageEnd, (number, end) -> {
            if (end < 0 || number != FUNCTION_NODE) return false;
            node(end, 1);
            return true;
        });
    }

    private void graph(final long messageEnd, final int depth) throws IOException {
        if (depth > MAX_DEPTH) throw new TooDeepException();
        visitor.graph();
        reader.readMessage(messageEnd, (number, end) -> {
            if (end < 0) return false;
            switch (number) {
                case GRAPH_NODE -> node(end, depth);
                case GRAPH_INITIALIZER -> tensors.tensor(end);
                case GRAPH_SPARSE_INITIALIZER -> tensors.sparse(end);
                default -> {
                    return false;
                }
            }
            return true;
        });
    }

    private void node(final long messageEnd, final int depth) throws IOException {
        final String[] type = {""};
        final List<String> inputs = new ArrayList<>();
        final List<String> outputs = new ArrayList<>();
        final List<Tensor> constants = new ArrayList<>();
        reader.readMessage(messageEnd, (number, end) -> {
            if (end < 0) return false;
            switch (number) {
                case NODE_INPUT -> inputs.add(reader.readText(end));
                case NODE_OUTPUT -> outputs.add(reader.readText(end));
                case NODE_OP_TYPE -> type[0] = reader.readText(end);
                case NODE_ATTRIBUTE -> attribute(end, depth, constants);
                default -> {
                    return false;
                }
            }
            return true;
        });
        visitor.node(new Node(type[0], inputs, outputs, constants, depth));
    }

    private void attribute(final long messageEnd, final int depth, final List<Tensor> constants) throws IOException {
        reader.readMessage(messageEnd, (number, end) -> {
            if (end < 0) return false;
            switch (number) {
                case ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS -> constants.add(tensors.tensor(end));
                case ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS -> graph(end, depth + 1);
                case ATTRIBUTE_SPARSE_TENSOR, ATTRIBUTE_SPARSE_TENSORS -> constants.addAll(tensors.sparse(end));
                default -> {
                    return false;
                }
            }
            return true;
        });
    }
}
