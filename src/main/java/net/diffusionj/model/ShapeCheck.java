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

import java.nio.file.Path;
import java.util.Arrays;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.TensorSpec;

/** Compares the shapes that a part is about to be given with what its graph fixes and with one another. */
record ShapeCheck(Path file) {

    /** @throws InvalidInputException if the rank or a fixed dimension differs */
    ShapeCheck fits(final TensorSpec spec, final long[] shape) {
        boolean fits = spec.rank() == shape.length;
        for (int axis = 0; fits && axis < shape.length; axis++) {
            final long expected = spec.shape().get(axis);
            fits = shape[axis] > 0 && (expected < 1 || expected == shape[axis]);
        }
        if (!fits) {
            throw new InvalidInputException(file + " takes " + spec.name() + " of shape " + spec.shape() + " (-1: any size), not "
                + Arrays.toString(shape) + ". Choose a size and a batch that fit it, or export the model with dynamic sizes.");
        }
        return this;
    }

    /** @throws InvalidInputException if the first dimensions differ */
    ShapeCheck sameBatch(final TensorSpec one, final long[] oneShape, final TensorSpec other, final long[] otherShape) {
        if (oneShape[0] != otherShape[0]) {
            throw new InvalidInputException(file + " was about to be given a batch of " + oneShape[0] + " in " + one.name() + " and of "
                + otherShape[0] + " in " + other.name() + ": they must be equal.");
        }
        return this;
    }
}
