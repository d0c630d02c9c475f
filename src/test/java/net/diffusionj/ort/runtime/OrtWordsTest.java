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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;

import java.nio.file.Path;
import java.util.List;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime's words as it said them of damaged files, and what of them reaches people. */
class OrtWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Error code - ORT_FAIL - message: Load model from /tmp/a b/failed:/model.onnx failed:/onnxruntime_src/onnxruntime/core/framework/tensorprotoutils.cc:2223"
            + " onnxruntime::common::Status onnxruntime::utils::ConstantNodeProtoToTensorProto(const onnx::NodeProto&, const"
            + " std::filesystem::__cxx11::path&, onnx::TensorProto&) node.output_size() == 1 was false. NodeProto for Constant should have 1 output. Got:0."
            + "|node.output_size() == 1 was false. NodeProto for Constant should have 1 output. Got:0",
        "Error code - ORT_INVALID_ARGUMENT - message: Load model from /m/model.onnx failed:Invalid model. Node input 'v179' is not a graph input."
            + "|Invalid model. Node input 'v179' is not a graph input",
        "Error code - ORT_RUNTIME_EXCEPTION - message: Exception during initialization: D:\\a\\_work\\1\\s\\onnxruntime\\core\\optimizer\\initializer.cc:45"
            + " onnxruntime::Initializer::Initializer(const onnx::TensorProto&, const std::function<int(long)>&) [with T = float] !model_path.empty() was false."
            + "|Exception during initialization: !model_path.empty() was false",
        "Error code - ORT_RUNTIME_EXCEPTION - message: Non-zero status code returned while running Reshape node. Name:'Reshape_3' Status Message:"
            + " /onnxruntime_src/onnxruntime/core/providers/cpu/tensor/reshape_helper.h:39 onnxruntime::ReshapeHelper::ReshapeHelper(const"
            + " onnxruntime::TensorShape&, onnxruntime::TensorShapeVector&, bool) input_shape_size == size was false. The input tensor cannot be reshaped."
            + "|node Reshape_3 (Reshape): input_shape_size == size was false. The input tensor cannot be reshaped",
        "Exception during initialization: [ONNXRuntimeError] : 1 : FAIL : tensorprotoutils.cc:1496 ValidateEmbeddedTensorProtoDataSizeAndShape Initializer 'x':"
            + " raw_data size (32 bytes) does not match.|Exception during initialization: Initializer 'x': raw_data size (32 bytes) does not match",
        "Error code - ORT_FAIL - message: plain words|plain words",
        "Error code - ORT_FAIL - message:|nothing"
    })
    void quotesWithoutPlacesInItsSource(final String said, final String expected) {
        assertEquals('"' + expected + '"', OrtWords.quoted(said));
    }

    @Test
    void whatATerminalWouldActOnIsReplacedAndLongTextsAreCut() {
        assertEquals("\"a?[31mb\"", OrtWords.quoted("a\u001B[31mb"));
        assertTrue(OrtWords.quoted("x".repeat(5000)).length() < 400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ORT_FAIL|Node (Unsqueeze_114) Op (Unsqueeze) [ShapeInferenceError] Unexpected axis value|true",
        "ORT_INVALID_ARGUMENT|Invalid model. Node input 'v179' is not a graph input|true",
        "ORT_RUNTIME_EXCEPTION|Exception during initialization: vector::_M_default_append|true",
        "ORT_FAIL|Failed to allocate memory for requested buffer of size 18446744073709551488|true",
        "ORT_FAIL|Failed to allocate memory for requested buffer of size 4194304|false",
        "ORT_EP_FAIL|something|false",
        "ORT_FAIL|CUDA failure 100: no CUDA-capable device is detected|false",
        "ORT_FAIL|system error number 13: Permission denied|false"
    })
    void theFileIsAtFaultUnlessTheMachineIs(final OrtErrorCode code, final String said, final boolean ofTheFile) {
        final OrtException cause = new OrtException(code, said);
        final DiffusionJException opening = OrtFailures.opening(Path.of("m.onnx"), cause);
        final DiffusionJException running = OrtFailures.running(Path.of("m.onnx"), List.of(), List.of(), cause);
        assertEquals(ofTheFile, opening instanceof InvalidInputException, opening.getMessage());
        assertEquals(ofTheFile, running instanceof InvalidInputException, running.getMessage());
        assertFalse(opening.getMessage().contains("Error code"), opening.getMessage());
    }
}
