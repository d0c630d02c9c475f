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
package net.diffusionj.service.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderOptions.CoreMlUnits;
import net.diffusionj.ort.provider.ProviderOptions.CudaArena;
import net.diffusionj.ort.provider.ProviderOptions.CudaConvolutionSearch;
import net.diffusionj.service.settings.CacheSettings.ResultCache;

/** Every setting there is, with its default. A key that is not here is refused wherever it is written. */
public final class SettingKeys {

    static final SettingKey<ProviderChoice> PROVIDER = key("provider", ValueType.choice(ProviderChoice.class), ProviderChoice.AUTO,
        "What runs models where a request says auto.");
    static final SettingKey<Optional<ProviderChoice>> PROVIDER_TEXT = key("provider.text", part(), Optional.empty(),
        "What runs the text encoder; same: what runs the rest.");
    static final SettingKey<Optional<ProviderChoice>> PROVIDER_UNET = key("provider.unet", part(), Optional.empty(),
        "What runs the UNet; same: what runs the rest.");
    static final SettingKey<Optional<ProviderChoice>> PROVIDER_VAE = key("provider.vae", part(), Optional.empty(),
        "What runs the VAE; same: what runs the rest.");
    static final SettingKey<Boolean> PROVIDER_CHECK = key("provider.check", ValueType.flag(), true,
        "Whether to find out on which provider each node of a GPU session runs.");
    static final SettingKey<Boolean> PROVIDER_STRICT = key("provider.strict", ValueType.flag(), false,
        "Whether heavy nodes of a GPU session that landed on the CPU are an error; otherwise a warning.");
    static final SettingKey<List<Path>> PROVIDER_LIBRARIES = key("provider.libraries", ValueType.files(), List.of(),
        "Plug-in execution provider libraries for ONNX Runtime.");

    static final SettingKey<Integer> CPU_THREADS = key("cpu.threads", ValueType.integer(0, 1024), 0,
        "Threads that a model call computes with; 0: one per core.");
    static final SettingKey<String> CPU_AFFINITY = key("cpu.affinity", ValueType.text("processors per thread such as 1;2 or 1-4;5-8, counted from 1",
        Pattern.compile("|[\\d,-]+(;[\\d,-]+)*")), "", "Processors that each thread keeps to; one entry less than threads.");
    static final SettingKey<Boolean> CPU_SPINNING = key("cpu.spinning", ValueType.flag(), true,
        "Whether idle threads spin between the nodes of a model.");
    static final SettingKey<Boolean> CPU_FP16 = key("cpu.rewritefp16", ValueType.flag(), true,
        "Whether a float16 model is rewritten once to compute in float32 on the CPU.");
    static final SettingKey<Boolean> CPU_INT8 = key("cpu.int8", ValueType.flag(), true,
        "Whether the CPU runs unet/model_int8.onnx, where a model has it, if that is faster: slightly other images.");

    static final SettingKey<Integer> CUDA_DEVICE = key("cuda.device", ValueType.integer(0, 63), 0, "Index of the NVIDIA GPU.");
    static final SettingKey<OptionalLong> CUDA_MEMORY = key("cuda.memory", ValueType.bytesOrAuto(), OptionalLong.empty(),
        "Most GPU memory that ONNX Runtime may take; auto: all.");
    static final SettingKey<CudaArena> CUDA_ARENA = key("cuda.arena", ValueType.choice(CudaArena.class), CudaArena.SAME_AS_REQUESTED,
        "How the GPU memory pool grows.");
    static final SettingKey<CudaConvolutionSearch> CUDA_SEARCH = key("cuda.convolutionsearch", ValueType.choice(CudaConvolutionSearch.class),
        CudaConvolutionSearch.HEURISTIC, "How cuDNN chooses algorithms; exhaustive: slower first image, faster afterwards.");
    static final SettingKey<Boolean> CUDA_TF32 = key("cuda.tf32", ValueType.flag(), true,
        "Whether float32 products may use TensorFloat-32: faster, slightly other images.");

    static final SettingKey<Integer> TENSORRT_DEVICE = key("tensorrt.device", ValueType.integer(0, 63), 0, "Index of the NVIDIA GPU.");
    static final SettingKey<Boolean> TENSORRT_FP16 = key("tensorrt.fp16", ValueType.flag(), false, "Whether TensorRT may compute in float16.");
    static final SettingKey<OptionalLong> TENSORRT_WORKSPACE = key("tensorrt.workspace", ValueType.bytesOrAuto(), OptionalLong.empty(),
        "Most memory that building an engine may take.");
    static final SettingKey<String> OPENVINO_DEVICE = key("openvino.device", ValueType.text("a device such as CPU, GPU, NPU or AUTO:GPU,CPU",
        Pattern.compile("[A-Za-z0-9.]+(:[A-Za-z0-9.,]+)?")), "AUTO:GPU,CPU", "Device that OpenVINO uses.");
    static final SettingKey<Integer> DIRECTML_DEVICE = key("directml.device", ValueType.integer(0, 63), 0, "Index of the display adapter.");
    static final SettingKey<CoreMlUnits> COREML_UNITS = key("coreml.units", ValueType.choice(CoreMlUnits.class), CoreMlUnits.ALL,
        "Which of Apple's processors CoreML uses.");

    static final SettingKey<OptionalLong> MEMORY_RAM = key("memory.ram", ValueType.bytesOrAuto(), OptionalLong.empty(),
        "Most main memory that open models may take together; auto: a share of what the machine has.");
    static final SettingKey<OptionalLong> MEMORY_GPU = key("memory.gpu", ValueType.bytesOrAuto(), OptionalLong.empty(),
        "Most memory of each GPU that open models may take together; auto: a share of what it has.");
    static final SettingKey<OptionalInt> MEMORY_IDLE = key("memory.idle", ValueType.minutesOrNever(), OptionalInt.of(30),
        "Minutes after which an unused model is closed.");

    static final SettingKey<OptionalInt> MEMORY_SHRINK = key("memory.shrink", ValueType.minutesOrNever(), OptionalInt.of(5),
        "Minutes after which a model in use that does not run gives back what its runs have taken; it stays open.");

    static final SettingKey<ResultCache> CACHE_RESULTS = key("cache.results", ValueType.choice(ResultCache.class), ResultCache.AUTO,
        "Whether results are kept on disk and given again; auto: for the dialog, not for scripts.");
    static final SettingKey<Long> CACHE_RESULTS_SIZE = key("cache.results.size", ValueType.bytes(), 1L << 30, "Most disk space of kept results.");
    static final SettingKey<Boolean> CACHE_MODELS = key("cache.models", ValueType.flag(), true,
        "Whether optimised models are kept on disk, so that they open faster.");
    static final SettingKey<Long> CACHE_MODELS_SIZE = key("cache.models.size", ValueType.bytes(), 20L << 30, "Most disk space of optimised models.");
    static final SettingKey<Long> CACHE_EMBEDDINGS_SIZE = key("cache.embeddings.size", ValueType.bytes(), 64L << 20,
        "Most memory of remembered text embeddings.");

    static final SettingKey<Boolean> RECORD_LOG = key("record.log", ValueType.flag(), true,
        "Whether each generation leaves a line in logs/generations.jsonl.");
    static final SettingKey<Boolean> RECORD_PROMPTS = key("record.prompts", ValueType.flag(), false, "Whether that line has the prompt.");

    static final SettingKey<OptionalInt> INSTANCES = key("instances", ValueType.countOrAuto(64), QueueSettings.DEFAULTS.instances(),
        "How many generations run at the same time, each on a GPU or on its share of the cores; auto: one a GPU, or one.");
    static final SettingKey<Integer> QUEUE_MOST = key("queue.most", ValueType.integer(1, 10_000), QueueSettings.DEFAULTS.mostWaiting(),
        "Most requests that may wait; one more is refused.");
    static final SettingKey<Integer> QUEUE_TOGETHER = key("queue.together", ValueType.integer(1, 64), QueueSettings.DEFAULTS.mostTogether(),
        "Most images of different requests that may go through a model together; 1: none.");
    static final SettingKey<Integer> QUEUE_COMPANY = key("queue.company", ValueType.integer(0, 60_000), QueueSettings.DEFAULTS.companyMillis(),
        "Milliseconds that a request of batch priority may be held back for others like it.");

    static final SettingKey<Optional<URI>> SERVER = key("server", ValueType.address(), Optional.empty(),
        "A DiffusionJ server that makes the images instead of this computer; empty: none.");
    static final SettingKey<Optional<Path>> SERVER_TOKEN = key("server.token", ValueType.file(), Optional.empty(),
        "File with the token that the server asks for. It is sent to the address of the setting server alone.");
    static final SettingKey<Optional<Path>> SERVER_CERTIFICATE = key("server.certificate", ValueType.file(), Optional.empty(),
        "Certificate (PEM) of an https server to trust instead of those that Java trusts, such as one that the lab has made itself.");

    private static final List<SettingKey<?>> ALL = List.of(PROVIDER, PROVIDER_TEXT, PROVIDER_UNET, PROVIDER_VAE, PROVIDER_CHECK,
        PROVIDER_STRICT, PROVIDER_LIBRARIES, CPU_THREADS, CPU_AFFINITY, CPU_SPINNING, CPU_FP16, CPU_INT8, CUDA_DEVICE, CUDA_MEMORY, CUDA_ARENA,
        CUDA_SEARCH, CUDA_TF32, TENSORRT_DEVICE, TENSORRT_FP16, TENSORRT_WORKSPACE, OPENVINO_DEVICE, DIRECTML_DEVICE, COREML_UNITS,
        MEMORY_RAM, MEMORY_GPU, MEMORY_IDLE, MEMORY_SHRINK, CACHE_RESULTS, CACHE_RESULTS_SIZE, CACHE_MODELS, CACHE_MODELS_SIZE, CACHE_EMBEDDINGS_SIZE,
        INSTANCES, QUEUE_MOST, QUEUE_TOGETHER, QUEUE_COMPANY, RECORD_LOG, RECORD_PROMPTS,
        SERVER, SERVER_TOKEN, SERVER_CERTIFICATE);

    private SettingKeys() {}

    private static ValueType<Optional<ProviderChoice>> part() {
        return ValueType.choiceOr(ProviderChoice.class, "same");
    }

    private static <T> SettingKey<T> key(final String name, final ValueType<T> type, final T defaultValue, final String meaning) {
        return new SettingKey<>(name, type, defaultValue, meaning);
    }

    /** @return all keys, related ones together */
    public static List<SettingKey<?>> all() {
        return ALL;
    }

    /**
     * @param name of a key, exactly
     * @return the key, if there is one
     */
    public static Optional<SettingKey<?>> find(final String name) {
        return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    /**
     * @param name a name that no key has
     * @param where it stands
     * @return what to throw; names the keys of the same group
     */
    public static InvalidInputException unknown(final String name, final String where) {
        final String group = group(name);
        final String near = ALL.stream().map(SettingKey::name).filter(known -> group(known).equals(group)).collect(Collectors.joining(", "));
        return new InvalidInputException("There is no setting '" + name + "', which " + where + " names. "
            + (near.isEmpty() ? "'diffusionj settings list' shows those there are." : "Expected one of " + near + '.'));
    }

    private static String group(final String name) {
        return name.split("\\.", 2)[0];
    }
}
