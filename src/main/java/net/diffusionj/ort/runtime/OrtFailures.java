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
import java.util.regex.Pattern;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;

/** The one place where an {@link OrtException} becomes an exception of ours. */
public final class OrtFailures {

    private OrtFailures() {}

    /** More than any machine has, asked for at once: a number in the file was damaged. */
    private static final Pattern HUGE = Pattern.compile("(?:requested buffer of size|size:?) (\\d{13,})", Pattern.CASE_INSENSITIVE);

    /**
     * @param file the model that did not open
     * @param cause what ONNX Runtime said
     * @return input that cannot be used, unless the machine is at fault
     */
    public static DiffusionJException opening(final Path file, final OrtException cause) {
        final String message = String.valueOf(cause.getMessage());
        final String said = OrtWords.quoted(message);
        if (isMemory(message)) {
            return new InsufficientMemoryException("There is too little memory to open " + file + " (ONNX Runtime says " + said
                + "). Close other programs or images.", cause);
        }
        if (cause.getCode() == OrtErrorCode.ORT_INVALID_PROTOBUF || message.contains("does not have a graph")) {
            return new InvalidInputException(file + " is not a whole ONNX model. It may be a download that broke off, or a Git LFS pointer; get it"
                + " again.", cause);
        }
        if (cause.getCode() == OrtErrorCode.ORT_NO_SUCHFILE) {
            return new InvalidInputException(file + " does not exist. Get the model again, with all its files.", cause);
        }
        if (isMachines(cause, message)) {
            return new ProviderFailedException("ONNX Runtime could not open " + file + " on this machine; it says " + said
                + ". Try another provider, or look after what it names.", cause);
        }
        if (message.toLowerCase(Locale.ROOT).contains("external data")) {
            return new InvalidInputException(file + " keeps its weights in a second file, which is missing, empty or cut short (ONNX Runtime says " + said
                + "). Copy it beside the model.", cause);
        }
        if (cause.getCode() == OrtErrorCode.ORT_NOT_IMPLEMENTED || message.contains("is not a registered function/op") || message.contains("opset")) {
            return new InvalidInputException(file + " uses operators that this ONNX Runtime does not have, or is damaged (ONNX Runtime says " + said
                + "). Get it again, or export it again for opset 17 or lower.", cause);
        }
        return new InvalidInputException(file + " is damaged: ONNX Runtime cannot open it and says " + said + ". Download, copy or export it again.", cause);
    }

    /**
     * @param file the model that did not run
     * @param inputs what it was given, for the message
     * @param expected what the session says it takes
     * @param cause what ONNX Runtime said
     * @return input that cannot be used, unless the machine is at fault; the cause is kept
     */
    public static DiffusionJException running(final Path file, final List<String> inputs, final List<TensorSpec> expected, final OrtException cause) {
        final String message = String.valueOf(cause.getMessage());
        final String said = OrtWords.quoted(message);
        if (isMemory(message)) {
            return new InsufficientMemoryException("There is too little memory to run " + file + " on " + inputs + " (ONNX Runtime says " + said + ").", cause);
        }
        final String difference = " Expected " + expected + ", found " + inputs + ". ";
        if (isMachines(cause, message)) {
            return new ProviderFailedException("ONNX Runtime could not run " + file + " on this machine; it says " + said + '.' + difference
                + "Try another provider, or look after what it names.", cause);
        }
        return new InvalidInputException(file + " is damaged, was exported for other sizes, or belongs to another model: ONNX Runtime cannot run it and says "
            + said + '.' + difference + "Try the model's own size, or download, copy or export the whole model again.", cause);
    }

    private static boolean isMemory(final String message) {
        return MemoryFailures.tells(message) && !HUGE.matcher(message).find();
    }

    private static boolean isMachines(final OrtException cause, final String message) {
        return cause.getCode() == OrtErrorCode.ORT_EP_FAIL || cause.getCode() == OrtErrorCode.ORT_ENGINE_ERROR || OrtWords.tellOfTheMachine(message);
    }
}
