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
package net.diffusionj.ort.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.NativeWork;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.runtime.TensorSpec;

/**
 * One input or output of a model call: a tensor over a direct buffer in native byte order, made once and filled or read for every run. Values
 * are converted between what Java code works with and the element type that the graph declares.
 * <p>
 * Not thread-safe. Never hands out a view of its memory.
 * </p>
 */
public final class TensorBuffer implements AutoCloseable {

    private final TensorSpec spec;
    private final long[] shape;
    private final int size;
    private final ByteBuffer bytes;
    private final OnnxTensor tensor;
    private final NativeWork work;

    TensorBuffer(final OnnxEnvironment onnx, final TensorSpec spec, final long... shape) {
        this.spec = spec;
        this.shape = shape.clone();
        final long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        final long byteCount = elements * spec.type().bytes();
        if (spec.type().bytes() == 0) throw new DiffusionJException("Tensor " + spec + " has an element type that diffusion models do not use.");
        if (byteCount > Integer.MAX_VALUE) throw tooLarge(spec, byteCount, null, shape);
        this.size = (int) elements;
        try {
            this.bytes = ByteBuffer.allocateDirect((int) byteCount).order(ByteOrder.nativeOrder());
        }
        catch (final OutOfMemoryError e) {
            throw tooLarge(spec, byteCount, e, shape);
        }
        this.work = onnx.work();
        this.tensor = wrap(onnx.environment());
    }

    private static InsufficientMemoryException tooLarge(final TensorSpec spec, final long bytes, final Throwable cause, final long... shape) {
        return new InsufficientMemoryException("A tensor " + spec + " of shape " + Arrays.toString(shape) + " cannot be made: it would take " + bytes
            + " bytes. Ask for a smaller image or batch.", cause);
    }

    /** @return the tensors of buffers, in their order; they stay the buffers' own */
    static Map<String, OnnxTensor> tensors(final Map<String, TensorBuffer> buffers) {
        final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        buffers.forEach((name, buffer) -> tensors.put(name, buffer.tensor));
        return tensors;
    }

    @SuppressWarnings("try") // the call is entered, not used
    private OnnxTensor wrap(final OrtEnvironment environment) {
        try (NativeWork.Call call = work.begin()) {
            return switch (spec.type()) {
                case FLOAT32 -> OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
                case FLOAT64 -> OnnxTensor.createTensor(environment, bytes.asDoubleBuffer(), shape);
                case FLOAT16 -> OnnxTensor.createTensor(environment, bytes.asShortBuffer(), shape, OnnxJavaType.FLOAT16);
                case INT32 -> OnnxTensor.createTensor(environment, bytes.asIntBuffer(), shape);
                case INT64 -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
                default -> throw new DiffusionJException("Tensor " + spec + " has an element type that diffusion models do not use.");
            };
        }
        catch (final OrtException e) {
            throw new DiffusionJException("ONNX Runtime refused a tensor " + spec + " of shape " + Arrays.toString(shape) + ": " + e.getMessage(), e);
        }
    }

    /** @return what the session says of this tensor */
    public TensorSpec spec() {
        return spec;
    }

    /** @return a copy of the concrete shape */
    public long[] shape() {
        return shape.clone();
    }

    /** @return the number of elements */
    public int size() {
        return size;
    }

    /**
     * Writes values, each multiplied by a factor.
     *
     * @param source values to write
     * @param destinationOffset first element to write
     * @param factor what every value is multiplied by, in float32
     */
    public void put(final float[] source, final int destinationOffset, final float factor) {
        checkRange(destinationOffset, source.length);
        switch (spec.type()) {
            case FLOAT32 -> {
                if (factor == 1) bytes.asFloatBuffer().put(destinationOffset, source);
                else for (int i = 0; i < source.length; i++) bytes.putFloat(4 * (destinationOffset + i), source[i] * factor);
            }
            case FLOAT16 -> {
                for (int i = 0; i < source.length; i++) bytes.putShort(2 * (destinationOffset + i), Fp16Conversions.floatToFp16(source[i] * factor));
            }
            case FLOAT64 -> {
                for (int i = 0; i < source.length; i++) bytes.putDouble(8 * (destinationOffset + i), source[i] * factor);
            }
            default -> throw new IllegalStateException("floating-point values for " + spec);
        }
    }

    /** @param values as many as the tensor has elements */
    public void put(final float[] values) {
        put(values, 0, 1);
    }

    /**
     * Writes whole numbers.
     *
     * @param source values to write
     * @param destinationOffset first element to write
     */
    public void put(final int[] source, final int destinationOffset) {
        checkRange(destinationOffset, source.length);
        switch (spec.type()) {
            case INT32 -> bytes.asIntBuffer().put(destinationOffset, source);
            case INT64 -> {
                for (int i = 0; i < source.length; i++) bytes.putLong(8 * (destinationOffset + i), source[i]);
            }
            default -> throw new IllegalStateException("whole numbers for " + spec);
        }
    }

    /**
     * Writes one number into every element, whatever the element type; whole-number types lose its fraction, as in NumPy.
     *
     * @param value the number
     */
    public void fill(final double value) {
        for (int i = 0; i < size; i++) {
            switch (spec.type()) {
                case FLOAT32 -> bytes.putFloat(4 * i, (float) value);
                case FLOAT64 -> bytes.putDouble(8 * i, value);
                case FLOAT16 -> bytes.putShort(2 * i, Fp16Conversions.floatToFp16((float) value));
                case INT32 -> bytes.putInt(4 * i, (int) value);
                case INT64 -> bytes.putLong(8 * i, (long) value);
                default -> throw new IllegalStateException("a number for " + spec);
            }
        }
    }

    /**
     * Reads values.
     *
     * @param sourceOffset first element to read
     * @param destination filled completely
     */
    public void get(final int sourceOffset, final float[] destination) {
        checkRange(sourceOffset, destination.length);
        switch (spec.type()) {
            case FLOAT32 -> bytes.asFloatBuffer().get(sourceOffset, destination);
            case FLOAT16 -> {
                for (int i = 0; i < destination.length; i++) destination[i] = Fp16Conversions.fp16ToFloat(bytes.getShort(2 * (sourceOffset + i)));
            }
            case FLOAT64 -> {
                for (int i = 0; i < destination.length; i++) destination[i] = (float) bytes.getDouble(8 * (sourceOffset + i));
            }
            default -> throw new IllegalStateException("floating-point values of " + spec);
        }
    }

    /** @return a copy of all values */
    public float[] toFloats() {
        final float[] values = new float[size];
        get(0, values);
        return values;
    }

    private void checkRange(final int offset, final int count) {
        if (offset < 0 || count > size - offset) {
            throw new IllegalArgumentException(count + " values at " + offset + " do not fit into " + spec + " of shape " + Arrays.toString(shape));
        }
    }

    @Override
    public void close() {
        work.unlessEnding(tensor::close);
    }
}
