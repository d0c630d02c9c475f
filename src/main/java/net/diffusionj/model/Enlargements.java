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

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a graph enlarges pictures, told from its nodes in their order: by a fixed factor, or to the size of another tensor, such as the one that a
 * skip connection brings. Not thread-safe.
 */
final class Enlargements {

    private static final Set<String> ENLARGING = Set.of("Resize", "Upsample", "ConvTranspose");
    /** What exporters compute sizes with; other nodes end the trail of a size. */
    private static final Set<String> ARITHMETIC =
        Set.of("Gather", "Slice", "Cast", "Concat", "Unsqueeze", "Squeeze", "Identity", "Mul", "Add", "Floor");
    private static final int RESIZE_SIZES = 3;

    private final Map<String, Set<String>> measured = new HashMap<>();
    private int count;
    private int fitted;

    /** Takes the graph's next node. */
    void add(final String type, final List<String> inputs, final List<String> outputs) {
        if (ENLARGING.contains(type)) {
            count++;
            if (type.equals("Resize") && fitsAnother(inputs)) fitted++;
        }
        else if (type.equals("Shape") && !inputs.isEmpty()) outputs.forEach(output -> measured.put(output, Set.of(inputs.get(0))));
        else if (ARITHMETIC.contains(type)) {
            final Set<String> tensors = new HashSet<>();
            inputs.forEach(input -> tensors.addAll(measured.getOrDefault(input, Set.of())));
            if (!tensors.isEmpty()) outputs.forEach(output -> measured.put(output, tensors));
        }
    }

    private boolean fitsAnother(final List<String> inputs) {
        return inputs.size() > RESIZE_SIZES
            && measured.getOrDefault(inputs.get(RESIZE_SIZES), Set.of()).stream().anyMatch(tensor -> !tensor.equals(inputs.get(0)));
    }

    /** @return how many nodes enlarge a picture */
    int count() {
        return count;
    }

    /** @return whether there are such nodes and each takes its size from another tensor */
    boolean allFitted() {
        return count > 0 && fitted == count;
    }
}
