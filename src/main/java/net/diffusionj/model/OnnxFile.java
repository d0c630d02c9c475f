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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.onnx.ProtobufReader;

/**
 * What can be told of an ONNX file without ONNX Runtime: whether it is whole, which other files hold its weights, and how often its graph
 * doubles a picture's size. Field numbers are those of onnx.proto3. Immutable.
 */
public final class OnnxFile {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_OP_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int TENSOR_DIMENSIONS = 1;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_EXTERNAL_DATA = 13;
    /** CLIP's table of tokens, by the end of its name in every export of transformers' text encoder. */
    private static final String TOKEN_TABLE = "token_embedding.weight";
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;

    private final Path path;
    private final Map<String, Long> externalBytes = new LinkedHashMap<>();
    private final Enlargements enlargements = new Enlargements();
    private boolean hasGraph;
    private OptionalLong tokenRows = OptionalLong.empty();

    private OnnxFile(final Path path) {
        this.path = path;
    }

    /**
     * Reads the structure of a file, not its weights, and checks that every file it names is there and long enough.
     *
     * @param path an ONNX file
     * @return what it holds
     * @throws InvalidInputException if it is missing, empty, truncated, something else, or lacks its external data
     */
    public static OnnxFile read(final Path path) {
        FileFault.describe(path).ifPresent(fault -> {
            throw new InvalidInputException(fault);
        });
        final OnnxFile file = new OnnxFile(path);
        try (ProtobufReader reader = new ProtobufReader(path)) {
            file.readModel(reader);
        }
        catch (final ProtobufReader.TruncatedException e) {
            throw new InvalidInputException(path + " is truncated: it should have at least " + e.expectedBytes() + " bytes. Download or"
                + " copy it again.", e);
        }
        catch (final ProtobufReader.MalformedException e) {
            throw new InvalidInputException(path + " is not an ONNX model. Download or copy it again.", e);
        }
        catch (final IOException e) {
            throw new InvalidInputException(path + " cannot be read (" + FileFault.reason(e) + "). Check its permissions.", e);
        }
        if (!file.hasGraph) throw new InvalidInputException(path + " is not an ONNX model, or is truncated. Download or copy it again.");
        file.checkExternalData();
        return file;
    }

    /** @return the file */
    public Path path() {
        return path;
    }

    /** @return rows of the table of tokens, where the graph has one under its usual name */
    OptionalLong tokenRows() {
        return tokenRows;
    }

    /** @return how many nodes of the graph enlarge a picture; in a VAE decoder each doubles width and height */
    int upsamplings() {
        return enlargements.count();
    }

    /** @return whether each of them takes its size from another tensor; one that doubles gives a UNet trouble with odd sizes */
    boolean fitsSkipConnections() {
        return enlargements.allFitted();
    }

    private void readModel(final ProtobufReader reader) throws IOException {
        while (reader.position() < reader.size()) {
            if (reader.nextField() == MODEL_GRAPH && reader.isBytes()) readGraph(reader, reader.contentEnd());
            else reader.skipField();
        }
    }

    private void readGraph(final ProtobufReader reader, final long end) throws IOException {
        hasGraph = true;
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == GRAPH_NODE && reader.isBytes()) readNode(reader, reader.contentEnd());
            else if (field == GRAPH_INITIALIZER && reader.isBytes()) readTensor(reader, reader.contentEnd());
            else reader.skipField();
        }
    }

    private void readNode(final ProtobufReader reader, final long end) throws IOException {
        String type = "";
        final List<String> inputs = new ArrayList<>();
        final List<String> outputs = new ArrayList<>();
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == NODE_OP_TYPE && reader.isBytes()) type = reader.readText(reader.contentEnd());
            else if (field == NODE_INPUT && reader.isBytes()) inputs.add(reader.readText(reader.contentEnd()));
            else if (field == NODE_OUTPUT && reader.isBytes()) outputs.add(reader.readText(reader.contentEnd()));
            else if (field == NODE_ATTRIBUTE && reader.isBytes()) readAttribute(reader, reader.contentEnd());
            else reader.skipField();
        }
        enlargements.add(type, inputs, outputs);
    }

    private void readAttribute(final ProtobufReader reader, final long end) throws IOException {
        while (reader.position() < end) {
            if (reader.nextField() == ATTRIBUTE_TENSOR && reader.isBytes()) readTensor(reader, reader.contentEnd());
            else reader.skipField();
        }
    }

    private void readTensor(final ProtobufReader reader, final long end) throws IOException {
        final Map<String, String> external = new LinkedHashMap<>();
        OptionalLong rows = OptionalLong.empty();
        String name = "";
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == TENSOR_EXTERNAL_DATA && reader.isBytes()) readEntry(reader, reader.contentEnd(), external);
            else if (field == TENSOR_NAME && reader.isBytes()) name = reader.readText(reader.contentEnd());
            else if (field == TENSOR_DIMENSIONS && !reader.isBytes() && rows.isEmpty()) rows = OptionalLong.of(reader.readNumber());
            else reader.skipField();
        }
        if (name.endsWith(TOKEN_TABLE)) tokenRows = rows;
        final String location = external.get("location");
        if (location != null) externalBytes.merge(location, number(external, "offset") + number(external, "length"), Math::max);
    }

    private static void readEntry(final ProtobufReader reader, final long end, final Map<String, String> entries) throws IOException {
        String key = "";
        String value = "";
        while (reader.position() < end) {
            final int field = reader.nextField();
            if (field == ENTRY_KEY && reader.isBytes()) key = reader.readText(reader.contentEnd());
            else if (field == ENTRY_VALUE && reader.isBytes()) value = reader.readText(reader.contentEnd());
            else reader.skipField();
        }
        entries.put(key, value);
    }

    private static long number(final Map<String, String> entries, final String key) throws IOException {
        try {
            return Long.parseLong(entries.getOrDefault(key, "0"));
        }
        catch (final NumberFormatException e) {
            throw new ProtobufReader.MalformedException(key + " " + entries.get(key));
        }
    }

    private void checkExternalData() {
        for (final Map.Entry<String, Long> entry : externalBytes.entrySet()) {
            final Path data = resolve(entry.getKey());
            if (!Files.exists(data)) {
                throw new InvalidInputException(path + " keeps its weights in " + entry.getKey() + ", which is missing from "
                    + data.getParent() + ". Copy or download that file too.");
            }
            FileFault.describe(data).ifPresent(fault -> {
                throw new InvalidInputException(path + " keeps its weights in " + entry.getKey() + ", but " + fault);
            });
            final long found = size(data);
            if (found < entry.getValue()) {
                throw new InvalidInputException(path + " keeps its weights in " + entry.getKey() + ", which is truncated: expected at least "
                    + entry.getValue() + " bytes, found " + found + ". Download or copy it again.");
            }
        }
    }

    private Path resolve(final String location) {
        try {
            final Path folder = path.toAbsolutePath().normalize().getParent();
            final Path data = folder.resolve(location).normalize();
            if (data.startsWith(folder)) return data;
            throw new InvalidInputException(path + " names a file for its weights outside of its own folder: " + location
                + ". No exporter does that; get the model from where you trust it.");
        }
        catch (final InvalidPathException e) {
            throw new InvalidInputException(path + " names a file for its weights that cannot exist here: " + location + ".", e);
        }
    }

    private static long size(final Path file) {
        try {
            return Files.size(file);
        }
        catch (final IOException e) {
            throw new InvalidInputException(file + " cannot be read (" + FileFault.reason(e) + "). Check its permissions.", e);
        }
    }
}
