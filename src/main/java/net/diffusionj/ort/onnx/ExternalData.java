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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the files in which a model keeps its weights. In a file that is not a model it finds what comes before the fault; the code that opens it says what is wrong. */
public final class ExternalData {

    private static final Logger LOG = System.getLogger(ExternalData.class.getName());

    private ExternalData() {}

    /**
     * @param model an ONNX file
     * @return the files beside it that it names, in the order of their first use; empty when the weights are inside
     * @throws IOException if the file cannot be read, or nests graphs too deeply
     */
    static List<Path> of(final Path model) throws IOException {
        return List.copyOf(extents(model).keySet());
    }

    /**
     * @param model an ONNX file
     * @return as {@link #of}, with the bytes that each file must have at least
     * @throws IOException if the file cannot be read, or nests graphs too deeply
     */
    public static Map<Path, Long> extents(final Path model) throws IOException {
        final Map<String, Long> extents = new LinkedHashMap<>();
        try {
            OnnxScan.read(model, new OnnxScan.Visitor() {
                @Override
                public void tensor(final OnnxScan.Tensor tensor) {
                    tensor.external().ifPresent(external -> extents.merge(external.location(), external.endByte(), Math::max));
                }
            });
        }
        catch (final ProtobufReader.MalformedException | ProtobufReader.TruncatedException e) {
            LOG.log(Level.DEBUG, "{0} was read up to a fault: {1}", model, e);
        }
        try {
            final Map<Path, Long> files = new LinkedHashMap<>();
            extents.forEach((name, bytes) -> files.merge(model.resolveSibling(name).normalize(), bytes, Math::max));
            return files;
        }
        catch (final InvalidPathException e) {
            throw new IOException("the model names a weights file that cannot be: " + e.getMessage(), e);
        }
    }
}
