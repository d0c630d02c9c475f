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
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Looks through an ONNX file for arithmetic in float16, in the model's graph and in those inside of nodes, stepping over the weights. */
public final class HalfScan implements OnnxScan.Visitor {

    private final Set<String> halfWeights = new HashSet<>();
    private final Set<String> computedWith = new HashSet<>();
    private final Set<String> externalFiles = new TreeSet<>();

    private HalfScan() {}

    /**
     * @param file an ONNX file
     * @return what was found
     * @throws IOException if it cannot be read or is not an ONNX file
     */
    public static HalfScan of(final Path file) throws IOException {
        final HalfScan scan = new HalfScan();
        OnnxScan.read(file, scan);
        return scan;
    }

    /** @return whether weights in float16 go straight into arithmetic; if every one is cast first, float16 is but how they are stored */
    public boolean computesInHalf() {
        return !Collections.disjoint(halfWeights, computedWith);
    }

    /** @return files that hold weights, as the model names them, relative to its folder */
    public Set<String> externalFiles() {
        return Collections.unmodifiableSet(externalFiles);
    }

    @Override
    public void tensor(final OnnxScan.Tensor tensor) {
        if (tensor.elementType() == OnnxScan.FLOAT16 && !tensor.name().isEmpty()) halfWeights.add(tensor.name());
        tensor.external().ifPresent(external -> externalFiles.add(external.location()));
    }

    @Override
    public void node(final OnnxScan.Node node) {
        if (!node.type().equals("Cast")) computedWith.addAll(node.inputs());
        // A constant goes by the name of what the node gives.
        if (node.type().equals("Constant") && node.constants().stream().anyMatch(tensor -> tensor.elementType() == OnnxScan.FLOAT16)) {
            halfWeights.addAll(node.outputs());
        }
    }
}
