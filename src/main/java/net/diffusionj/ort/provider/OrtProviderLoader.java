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
package net.diffusionj.ort.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.OnnxEnvironment;

/**
 * Adds ONNX Runtime's own providers, each with its options. The keys are those of ONNX Runtime's documentation of the provider.
 * <p>
 * Thread-safe.
 * </p>
 */
final class OrtProviderLoader implements ProviderLoader {

    private final OnnxEnvironment onnx;
    private final ProviderOptions options;
    private final PlugInProviders plugIns;

    OrtProviderLoader(final OnnxEnvironment onnx, final ProviderOptions options) {
        this.onnx = onnx;
        this.options = options;
        this.plugIns = new PlugInProviders(onnx, options.plugIns());
    }

    @Override
    public String add(final SessionOptions session, final ExecutionProvider provider) throws OrtException {
        return switch (provider) {
            case CPU -> "";
            case CUDA -> addCuda(session);
            case TENSORRT -> addTensorRt(session);
            case DIRECTML -> addDirectMl(session);
            case OPENVINO -> addOpenVino(session);
            case COREML -> addCoreMl(session);
            case PLUGIN -> plugIns.add(session);
        };
    }

    private String addCuda(final SessionOptions session) throws OrtException {
        onnx.natives().unpackCuda();
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(options.cuda().deviceId())) {
            for (final Map.Entry<String, String> option : cuda(options.cuda()).entrySet()) cuda.add(option.getKey(), option.getValue());
            session.addCUDA(cuda);
        }
        return "device " + options.cuda().deviceId();
    }

    /** @return what is said to ONNX Runtime beside the device, in its words */
    static Map<String, String> cuda(final ProviderOptions.Cuda chosen) {
        final Map<String, String> said = new LinkedHashMap<>();
        chosen.memoryBytes().ifPresent(bytes -> said.put("gpu_mem_limit", Long.toString(bytes)));
        said.put("arena_extend_strategy", chosen.arena().ortName());
        said.put("cudnn_conv_algo_search", chosen.convolutionSearch().name());
        said.put("use_tf32", chosen.tf32() ? "1" : "0");
        return said;
    }

    private String addTensorRt(final SessionOptions session) throws OrtException {
        onnx.natives().unpackCuda();
        onnx.natives().unpackTensorRt();
        try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(options.tensorRt().deviceId())) {
            for (final Map.Entry<String, String> option : tensorRt(options.tensorRt(), cacheFolder()).entrySet())
                tensorRt.add(option.getKey(), option.getValue());
            session.addTensorrt(tensorRt);
        }
        return "device " + options.tensorRt().deviceId();
    }

    /**
     * Building an engine takes minutes, so engines and timings are kept.
     *
     * @param cache where
     * @return what is said to ONNX Runtime beside the device, in its words
     */
    static Map<String, String> tensorRt(final ProviderOptions.TensorRt chosen, final Path cache) {
        final Map<String, String> said = new LinkedHashMap<>();
        said.put("trt_engine_cache_enable", "1");
        said.put("trt_engine_cache_path", cache.toString());
        said.put("trt_timing_cache_enable", "1");
        said.put("trt_timing_cache_path", cache.toString());
        said.put("trt_fp16_enable", chosen.fp16() ? "1" : "0");
        chosen.workspaceBytes().ifPresent(bytes -> said.put("trt_max_workspace_size", Long.toString(bytes)));
        return said;
    }

    private Path cacheFolder() {
        final Path folder = onnx.home().resolve("cache").resolve("tensorrt");
        try {
            return Files.createDirectories(folder);
        }
        catch (final IOException e) {
            throw new DiffusionJException("TensorRT's engines cannot be kept in " + folder + ": " + e.getMessage() + ". Make the folder writable, or"
                + " choose another home with -Ddiffusionj.home=FOLDER.", e);
        }
    }

    /** DirectML wants neither memory patterns nor parallel execution. */
    private String addDirectMl(final SessionOptions session) throws OrtException {
        session.setMemoryPatternOptimization(false);
        session.setExecutionMode(ExecutionMode.SEQUENTIAL);
        session.addDirectML(options.directMl().deviceId());
        return "adapter " + options.directMl().deviceId();
    }

    private String addOpenVino(final SessionOptions session) throws OrtException {
        session.addOpenVINO(options.openVino().deviceType());
        return options.openVino().deviceType();
    }

    private String addCoreMl(final SessionOptions session) throws OrtException {
        session.addCoreML(Map.of("ModelFormat", "MLProgram", "MLComputeUnits", options.coreMl().units().ortName()));
        return options.coreMl().units().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
