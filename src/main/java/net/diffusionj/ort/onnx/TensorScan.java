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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The part of {@link OnnxScan} that reads tensors: what they are called, their type, and where their values lie. One for one scan. */
final class TensorScan {

    private static final int SPARSE_VALUES = 1;
    private static final int SPARSE_INDICES = 2;
    private static final int TENSOR_DIMENSIONS = 1;
    private static final int TENSOR_DATA_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_EXTERNAL_DATA = 13;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;

    private final ProtobufReader reader;
    private final OnnxScan.Visitor visitor;

    TensorScan(final ProtobufReader reader, final OnnxScan.Visitor visitor) {
        this.reader = reader;
        this.visitor = visitor;
    }

    /**
     * Reads a SparseTensorProto; its values and its indices are told to the visitor.
     *
     * @param messageEnd where it ends
     * @return its values
     * @throws IOException if it is malformed
     */
    List<OnnxScan.Tensor> sparse(final long messageEnd) throws IOException {
        final List<OnnxScan.Tensor> values = new ArrayList<>();
        reader.readMessage(messageEnd, (number, end) -> {
            if (end < 0 || number != SPARSE_VALUES && number != SPARSE_INDICES) return false;
            final OnnxScan.Tensor found = tensor(end);
            if (number == SPARSE_VALUES) values.add(found);
            return true;
        });
        return values;
    }

    /**
     * Reads a TensorProto without its values and tells the visitor of it.
     *
     * @param messageEnd where it ends
     * @return the tensor
     * @throws IOException if it is malformed
     */
    OnnxScan.Tensor tensor(final long messageEnd) throws IOException {
        final String[] name = {""};
        final long[] elementType = {0};
        final OptionalLong[] rows = {OptionalLong.empty()};
        final Map<String, String> external = new LinkedHashMap<>();
        reader.readMessage(messageEnd, (number, end) -> {
            switch (number) {
                case TENSOR_DIMENSIONS -> {
                    if (rows[0].isPresent() || end >= 0 && reader.position() == end) return false;
                    // All dimensions in one field, as some writers pack them.
                    rows[0] = OptionalLong.of(end < 0 ? reader.readNumber() : reader.readPackedNumber());
                    if (end >= 0) reader.moveTo(end);
                }
                case TENSOR_DATA_TYPE -> {
                    if (end >= 0) return false;
                    elementType[0] = reader.readNumber();
                }
                case TENSOR_NAME -> {
                    if (end < 0) return false;
                    name[0] = reader.readText(end);
                }
                case TENSOR_EXTERNAL_DATA -> {
                    if (end < 0) return false;
                    entry(end, external);
                }
                default -> {
                    return false;
                }
            }
            return true;
        });
        final Optional<String> location = Optional.ofNullable(external.get("location")).filter(named -> !named.isEmpty());
        final long endByte = location.isEmpty() ? 0 : bytes(external, "offset") + bytes(external, "length");
        final OnnxScan.Tensor tensor = new OnnxScan.Tensor(name[0], elementType[0], rows[0], location.map(file -> new OnnxScan.External(file, endByte)));
        visitor.tensor(tensor);
        return tensor;
    }

    private void entry(final long messageEnd, final Map<String, String> entries) throws IOException {
        final String[] keyAndValue = {"", ""};
        reader.readMessage(messageEnd, (number, end) -> {
            if (end < 0 || number != ENTRY_KEY && number != ENTRY_VALUE) return false;
            keyAndValue[number - ENTRY_KEY] = reader.readText(end);
            return true;
        });
        entries.put(keyAndValue[0], keyAndValue[1]);
    }

    /** Of up to 18 digits, so that the sum of two is a long. */
    private static long bytes(final Map<String, String> entries, final String key) throws IOException {
        final String digits = entries.getOrDefault(key, "0");
        if (!digits.matches("[0-9]{1,18}")) throw new ProtobufReader.MalformedException(key + ' ' + digits);
        return Long.parseLong(digits);
    }
}
