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
package net.diffusionj.ort.rewrite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.platform.Fp16Conversions;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import net.diffusionj.InvalidInputException;

/**
 * The weights of an ONNX file by their names: read as float32, and written back into the same graph in the type that each was stored in. A weight that is
 * stored as float16 under the name {@code X.half}, behind a cast to {@code X}, goes by the name {@code X}.
 * <p>
 * Holds the whole file in memory. Immutable and thread-safe.
 * </p>
 */
public final class ModelWeights {

    private static final String HALF = ".half";
    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    private static final int FLOAT16 = TensorProto.DataType.FLOAT16_VALUE;
    /** Protocol buffers end at 2^31 - 1 bytes. */
    private static final long MOST_BYTES = 2_000_000_000L;

    private final Path file;
    private final ModelProto model;
    private final Map<String, Integer> places = new HashMap<>();

    private ModelWeights(final Path file, final ModelProto model) {
        this.file = file;
        this.model = model;
        final List<TensorProto> tensors = model.getGraph().getInitializerList();
        for (int i = 0; i < tensors.size(); i++) {
            final int type = tensors.get(i).getDataType();
            if (type == FLOAT || type == FLOAT16) places.put(weightName(tensors.get(i)), i);
        }
    }

    private static String weightName(final TensorProto tensor) {
        final String name = tensor.getName();
        return tensor.getDataType() == FLOAT16 && name.endsWith(HALF) ? name.substring(0, name.length() - HALF.length()) : name;
    }

    /**
     * Reads a model.
     *
     * @param file an ONNX file, perhaps with weights in files beside it
     * @return its weights
     * @throws InvalidInputException if the file cannot be read, or is too large to be written again
     */
    public static ModelWeights read(final Path file) {
        return new ModelWeights(file, parse(file));
    }

    /**
     * @param file an ONNX file
     * @param key of one of the entries that its maker left in it
     * @return the entry; empty if there is none
     * @throws InvalidInputException if the file cannot be read
     */
    public static Optional<String> note(final Path file, final String key) {
        return parse(file).getMetadataPropsList().stream().filter(entry -> entry.getKey().equals(key)).map(StringStringEntryProto::getValue).findFirst();
    }

    private static ModelProto parse(final Path file) {
        try (FileChannel in = FileChannel.open(file)) {
            if (in.size() > MOST_BYTES) throw tooLarge(file);
            return ModelProto.parseFrom(ByteString.copyFrom(in.map(FileChannel.MapMode.READ_ONLY, 0, in.size())));
        }
        catch (final InvalidProtocolBufferException e) {
            throw new InvalidInputException(file + " is not an ONNX model, or is damaged. Download, copy or export it again.", e);
        }
        catch (final IOException e) {
            throw new InvalidInputException(file + " cannot be read: " + e.getMessage() + ". Check that it is there and may be read.", e);
        }
    }

    /**
     * @param name of a weight
     * @param shape that it must have
     * @return a new array of its values, row-major
     * @throws InvalidInputException if there is no such weight
     */
    public float[] values(final String name, final List<Long> shape) {
        final Integer place = places.get(name);
        if (place == null) throw new InvalidInputException(file + " has no weight " + name + ". " + advice());
        final TensorProto tensor = model.getGraph().getInitializer(place);
        if (!tensor.getDimsList().equals(shape)) {
            throw new InvalidInputException(
                "In " + file + " the weight " + name + " has the shape " + tensor.getDimsList() + ", not " + shape + ". " + advice());
        }
        return floats(tensor);
    }

    private static String advice() {
        return "The training step beside it belongs to another model: make it again with python -m scripts.training MODEL_FOLDER.";
    }

    private float[] floats(final TensorProto tensor) {
        if (tensor.getFloatDataCount() > 0) {
            final float[] values = new float[tensor.getFloatDataCount()];
            for (int i = 0; i < values.length; i++) values[i] = tensor.getFloatData(i);
            return values;
        }
        final ByteBuffer raw = raw(tensor).order(ByteOrder.LITTLE_ENDIAN);
        final boolean half = tensor.getDataType() == FLOAT16;
        final float[] values = new float[raw.remaining() / (half ? Short.BYTES : Float.BYTES)];
        if (!half) raw.asFloatBuffer().get(values);
        else for (int i = 0; i < values.length; i++) values[i] = Fp16Conversions.fp16ToFloat(raw.getShort(Short.BYTES * i));
        return values;
    }

    private ByteBuffer raw(final TensorProto tensor) {
        if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) return tensor.getRawData().asReadOnlyByteBuffer();
        final Map<String, String> where = new HashMap<>();
        tensor.getExternalDataList().forEach(entry -> where.put(entry.getKey(), entry.getValue()));
        final Path data = file.resolveSibling(where.getOrDefault("location", ""));
        try (FileChannel in = FileChannel.open(data)) {
            final long offset = Long.parseLong(where.getOrDefault("offset", "0"));
            final ByteBuffer bytes = ByteBuffer.allocate(Integer.parseInt(where.getOrDefault("length", String.valueOf(in.size() - offset))));
            while (bytes.hasRemaining() && in.read(bytes, offset + bytes.position()) >= 0) {
                // Reads until all is there.
            }
            if (bytes.hasRemaining()) throw new IOException("it ends too early");
            return bytes.flip();
        }
        catch (final IOException | NumberFormatException e) {
            throw new InvalidInputException(file + " keeps weights in " + data + ", which cannot be read: " + e.getMessage() + ". Copy that file again.", e);
        }
    }

    /**
     * Writes the model with other weights, all of them inside.
     *
     * @param values by name; what is not among them stays as it is
     * @param out where to; stays open
     * @throws IOException if that fails
     * @throws InvalidInputException if a weight has grown beyond what float16 holds, or the model is too large for one file
     */
    public void write(final Map<String, float[]> values, final OutputStream out) throws IOException {
        final ModelProto.Builder builder = model.toBuilder();
        long bytes = 0;
        for (int i = 0; i < model.getGraph().getInitializerCount(); i++) {
            final TensorProto tensor = model.getGraph().getInitializer(i);
            final float[] changed = values.get(weightName(tensor));
            final boolean isWeight = tensor.getDataType() == FLOAT || tensor.getDataType() == FLOAT16;
            final ByteString raw = changed != null && isWeight ? encoded(tensor, changed) : ByteString.copyFrom(raw(tensor));
            bytes += raw.size();
            if (bytes > MOST_BYTES) throw tooLarge(file);
            // What is neither changed nor in another file keeps the form that it has.
            if (changed == null && tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) continue;
            builder.getGraphBuilder().setInitializer(i,
                tensor.toBuilder().clearFloatData().clearInt32Data().clearExternalData().clearDataLocation().setRawData(raw));
        }
        builder.build().writeTo(out);
    }

    private static ByteString encoded(final TensorProto tensor, final float[] values) {
        final boolean half = tensor.getDataType() == FLOAT16;
        final ByteBuffer raw = ByteBuffer.allocate(values.length * (half ? Short.BYTES : Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (final float value : values) {
            if (!half) raw.putFloat(value);
            else {
                final short rounded = Fp16Conversions.floatToFp16(value);
                if (!Float.isFinite(Fp16Conversions.fp16ToFloat(rounded))) {
                    throw new InvalidInputException("The weight " + weightName(tensor) + " has grown to " + value
                        + ", more than the model's float16 file can hold. Train more slowly, or start from a model that is stored in float32.");
                }
                raw.putShort(rounded);
            }
        }
        return ByteString.copyFrom(raw.flip());
    }

    private static InvalidInputException tooLarge(final Path file) {
        return new InvalidInputException(file + " has more than 2 GB of weights, which is more than can be tuned. Choose a smaller model.");
    }

    /** @param target where to, replaced as a whole
     *  @param values as in {@link #write(Map, OutputStream)} */
    public void writeTo(final Path target, final Map<String, float[]> values) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            OutputStream out = java.nio.channels.Channels.newOutputStream(channel)) {
            write(values, out);
            channel.force(true);
        }
    }
}
