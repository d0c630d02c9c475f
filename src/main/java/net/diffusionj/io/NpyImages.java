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
package net.diffusionj.io;

import java.nio.file.Path;
import java.util.Arrays;

import net.diffusionj.InvalidInputException;

/** Between image planes and arrays [height, width, channel] or [image, height, width, channel]. Stateless and thread-safe. */
final class NpyImages {

    private NpyImages() {}

    static NpyArray toArray(final Planes planes, final Path file) {
        if (planes.depth() == Planes.Depth.INT16) {
            throw new InvalidInputException("Images in .npy files are uint8, uint16 or float32 here, and the image has signed pixels. Write " + file
                + " as .tif, or convert the image first.");
        }
        final long total = (long) planes.width() * planes.height() * planes.arrays().size();
        if (total > Planes.MOST_VALUES) {
            throw new InvalidInputException("The image holds " + total + " values, more than one .npy file takes here (2^31). Write " + file
                + " in parts.");
        }
        final int[] shape = planes.images() == 1 ? new int[] {planes.height(), planes.width(), planes.channels()}
            : new int[] {planes.images(), planes.height(), planes.width(), planes.channels()};
        final Object all = planes.depth().newArray((int) total);
        for (int image = 0; image < planes.images(); image++) {
            for (int channel = 0; channel < planes.channels(); channel++) {
                final int first = image * planes.width() * planes.height() * planes.channels() + channel;
                copy(planes.array(image, channel), 0, 1, all, first, planes.channels(), planes.width() * planes.height());
            }
        }
        return switch (planes.depth()) {
            case UINT8 -> NpyArray.ofBytes((byte[]) all, shape);
            case FLOAT32 -> NpyArray.ofFloats((float[]) all, shape);
            default -> NpyArray.ofShorts((short[]) all, shape);
        };
    }

    static Planes toPlanes(final NpyArray array, final Path file) {
        final int[] shape = array.shape();
        if (shape.length < 2 || shape.length > 4 || Arrays.stream(shape).anyMatch(size -> size < 1)) {
            throw new InvalidInputException(file + " holds an array of shape " + Arrays.toString(shape)
                + ". An image has the shape (height, width), (height, width, channel) or (image, height, width, channel).");
        }
        final int y = shape.length == 4 ? 1 : 0;
        final int images = shape.length == 4 ? shape[0] : 1;
        final int channels = shape.length == 2 ? 1 : shape[y + 2];
        final int size = shape[y] * shape[y + 1];
        final Planes.Depth depth = switch (array.element()) {
            case UINT8 -> Planes.Depth.UINT8;
            case UINT16 -> Planes.Depth.UINT16;
            case FLOAT32 -> Planes.Depth.FLOAT32;
        };
        final Object all = switch (array.element()) {
            case UINT8 -> array.bytes();
            case UINT16 -> array.shorts();
            case FLOAT32 -> array.floats();
        };
        final Object[] planes = new Object[images * channels];
        for (int plane = 0; plane < planes.length; plane++) {
            planes[plane] = depth.newArray(size);
            copy(all, plane / channels * size * channels + plane % channels, channels, planes[plane], 0, 1, size);
        }
        return new Planes(depth, shape[y + 1], shape[y], channels, Arrays.asList(planes));
    }

    private static void copy(final Object from, final int fromStart, final int fromStep, final Object to, final int toStart, final int toStep,
        final int count) {
        if (from instanceof final byte[] bytes) {
            for (int i = 0; i < count; i++) {
                ((byte[]) to)[toStart + i * toStep] = bytes[fromStart + i * fromStep];
            }
        }
        else if (from instanceof final short[] shorts) {
            for (int i = 0; i < count; i++) {
                ((short[]) to)[toStart + i * toStep] = shorts[fromStart + i * fromStep];
            }
        }
        else {
            for (int i = 0; i < count; i++) {
                ((float[]) to)[toStart + i * toStep] = ((float[]) from)[fromStart + i * fromStep];
            }
        }
    }
}
