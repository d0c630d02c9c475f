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
package net.diffusionj.ort.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;

/** The one place where an {@link OrtException} becomes an exception of ours. */
public final class OrtFailures {

    private OrtFailures() {}

    /**
     * @param file the model that did not open
     * @param cause what ONNX Runtime said
     * @return input that cannot be used where the file is at fault, otherwise a failure
     */
    public static DiffusionJException opening(final Path file, final OrtException cause) {
        final String said = line(cause);
        if (MemoryFailures.tells(cause.getMessage())) {
            return new InsufficientMemoryException("There is too little memory to open " + file + ": " + said + " Close other programs or images.", cause);
        }
        if (cause.getCode() == OrtErrorCode.ORT_INVALID_PROTOBUF || said.contains("does not have a graph")) {
            return new InvalidInputException(file + " is not a whole ONNX model. It may be a download that broke off, or a Git LFS pointer; get it"
                + " again.", cause);
        }
        if (cause.getCode() == OrtErrorCode.ORT_NO_SUCHFILE) {
            return new InvalidInputException(file + " does not exist. Get the model again, with all its files.", cause);
        }
        if (said.toLowerCase(Locale.ROOT).contains("external data")) {
            return new InvalidInputException(file + " keeps its weights in a second file, which is missing, empty or cut short: " + said
                + " Copy it beside the model.", cause);
        }
        if (cause.getCode() == OrtErrorCode.ORT_INVALID_GRAPH || cause.getCode() == OrtErrorCode.ORT_NOT_IMPLEMENTED) {
            return new InvalidInputException(file + " uses operators that this ONNX Runtime does not have: " + said
                + " Export the model again for opset 17 or lower.", cause);
        }
        return new DiffusionJException("ONNX Runtime could not open " + file + ": " + said, cause);
    }

    /**
     * @param file the model that did not run
     * @param inputs what it was given, for the message
     * @param expected what the session says it takes
     * @param cause what ONNX Runtime said
     * @return a failure with the cause kept
     */
    public static DiffusionJException running(final Path file, final List<String> inputs, final List<TensorSpec> expected, final OrtException cause) {
        if (MemoryFailures.tells(cause.getMessage())) {
            return new InsufficientMemoryException("There is too little memory to run " + file + " on " + inputs + ": " + line(cause), cause);
        }
        return new DiffusionJException("ONNX Runtime could not run " + file + ": " + line(cause) + " Expected " + expected + ", found " + inputs + '.', cause);
    }

    private static String line(final OrtException cause) {
        final String first = cause.getMessage().lines().findFirst().orElse("").trim();
        return first.endsWith(".") ? first : first + '.';
    }
}
