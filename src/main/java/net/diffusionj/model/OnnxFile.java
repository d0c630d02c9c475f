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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.onnx.OnnxScan;
import net.diffusionj.ort.onnx.ProtobufReader;

/**
 * What can be told of an ONNX file without ONNX Runtime: whether it is whole, which other files hold its weights, and how often its graph
 * doubles a picture's size. Immutable.
 */
public final class OnnxFile {

    /** CLIP's table of tokens, by the end of its name in every export of transformers' text encoder. */
    private static final String TOKEN_TABLE = "token_embedding.weight";

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
        try {
            OnnxScan.read(path, file.new Contents());
        }
        catch (final ProtobufReader.TruncatedException e) {
            throw new InvalidInputException(path + " is truncated: it should have at least " + e.expectedBytes() + " bytes. Download or"
                + " copy it again.", e);
        }
        catch (final ProtobufReader.MalformedException e) {
            throw new InvalidInputException(path + " is not an ONNX model. Download or copy it again.", e);
        }
        catch (final OnnxScan.TooDeepException e) {
            throw new InvalidInputException(path + " cannot be used: " + e.getMessage() + ". Export the model again.", e);
        }
        catch (final IOException e) {
            throw new InvalidInputException(path + " cannot be read (" + FileFault.reason(e) + "). Check its permissions.", e);
        }
        if (!file.hasGraph) throw new InvalidInputException(path + " is not an ONNX model, or is truncated. Download or copy it again.");
        file.checkExternalData();
        return file;
    }

    /**
     * For the message of a failure elsewhere: says in words what is wrong with a file that would not load.
     *
     * @param path an ONNX file
     * @return a sentence or two, or empty where nothing can be seen from here
     */
    public static Optional<String> describeFault(final Path path) {
        try {
            read(path);
            return Optional.empty();
        }
        catch (final InvalidInputException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** @return the file */
    public Path path() {
        return path;
    }

    /** @return the files that hold its weights, relative to its folder as it names them; empty where it holds them itself */
    public Set<String> externalFiles() {
        return Collections.unmodifiableSet(externalBytes.keySet());
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

    /** Hears of what the scan finds. Of nodes only the model's own graph counts: of two branches one is taken. */
    private final class Contents implements OnnxScan.Visitor {

        @Override
        public void graph() {
            hasGraph = true;
        }

        @Override
        public void node(final OnnxScan.Node node) {
            if (node.depth() == 0) enlargements.add(node.type(), node.inputs(), node.outputs());
        }

        @Override
        public void tensor(final OnnxScan.Tensor tensor) {
            if (tensor.name().endsWith(TOKEN_TABLE)) tokenRows = tensor.rows();
            tensor.external().ifPresent(external -> externalBytes.merge(external.location(), external.endByte(), Math::max));
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
