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

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.provider.PlacementCheck;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderOptions;

/**
 * All settings as they stood when they were read. Immutable.
 *
 * @param provider what models run on
 * @param memory what open models may hold
 * @param cache what is kept
 * @param queue how requests share what there is to run on
 * @param record what generations leave on the disk
 * @param server which other computer makes the images, if one does
 */
public record Settings(ProviderSettings provider, MemorySettings memory, CacheSettings cache, QueueSettings queue, RecordSettings record,
    ServerSettings server) {

    /** What holds where nothing was set: the defaults of {@link SettingKeys}, written out, since making every key takes a tenth of a start. */
    public static final Settings DEFAULTS = new Settings(
        new ProviderSettings(ProviderChoice.AUTO, Optional.empty(), Optional.empty(), Optional.empty(), ProviderOptions.DEFAULTS),
        new MemorySettings(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(30), OptionalInt.of(5)),
        new CacheSettings(CacheSettings.ResultCache.AUTO, 1L << 30, true, 20L << 30, 64L << 20), QueueSettings.DEFAULTS,
        new RecordSettings(true, false), ServerSettings.NONE);

    /** Returns the value of each key. */
    interface Values {
        <T> T get(SettingKey<T> key);
    }

    static Settings of(final Values values) {
        return new Settings(provider(values),
            new MemorySettings(values.get(SettingKeys.MEMORY_RAM), values.get(SettingKeys.MEMORY_GPU), values.get(SettingKeys.MEMORY_IDLE),
                values.get(SettingKeys.MEMORY_SHRINK)),
            new CacheSettings(values.get(SettingKeys.CACHE_RESULTS), values.get(SettingKeys.CACHE_RESULTS_SIZE), values.get(SettingKeys.CACHE_MODELS),
                values.get(SettingKeys.CACHE_MODELS_SIZE), values.get(SettingKeys.CACHE_EMBEDDINGS_SIZE)),
            new QueueSettings(values.get(SettingKeys.INSTANCES), values.get(SettingKeys.QUEUE_MOST), values.get(SettingKeys.QUEUE_TOGETHER),
                values.get(SettingKeys.QUEUE_COMPANY)),
            new RecordSettings(values.get(SettingKeys.RECORD_LOG), values.get(SettingKeys.RECORD_PROMPTS)),
            new ServerSettings(values.get(SettingKeys.SERVER), values.get(SettingKeys.SERVER_TOKEN), values.get(SettingKeys.SERVER_CERTIFICATE)));
    }

    private static ProviderSettings provider(final Values values) {
        checkAffinity(values.get(SettingKeys.CPU_THREADS), values.get(SettingKeys.CPU_AFFINITY));
        final ProviderOptions options = new ProviderOptions(
            new ProviderOptions.Cpu(values.get(SettingKeys.CPU_THREADS), values.get(SettingKeys.CPU_AFFINITY), values.get(SettingKeys.CPU_SPINNING),
                values.get(SettingKeys.CPU_INT8)),
            new ProviderOptions.Cuda(values.get(SettingKeys.CUDA_DEVICE), values.get(SettingKeys.CUDA_MEMORY), values.get(SettingKeys.CUDA_ARENA),
                values.get(SettingKeys.CUDA_SEARCH), values.get(SettingKeys.CUDA_TF32)),
            new ProviderOptions.TensorRt(values.get(SettingKeys.TENSORRT_DEVICE), values.get(SettingKeys.TENSORRT_FP16),
                values.get(SettingKeys.TENSORRT_WORKSPACE)),
            new ProviderOptions.OpenVino(values.get(SettingKeys.OPENVINO_DEVICE)), new ProviderOptions.DirectMl(values.get(SettingKeys.DIRECTML_DEVICE)),
            new ProviderOptions.CoreMl(values.get(SettingKeys.COREML_UNITS)), values.get(SettingKeys.PROVIDER_LIBRARIES),
            new ProviderOptions.Half(values.get(SettingKeys.CPU_FP16), values.get(SettingKeys.CACHE_MODELS_SIZE)), placement(values));
        return new ProviderSettings(values.get(SettingKeys.PROVIDER), values.get(SettingKeys.PROVIDER_TEXT), values.get(SettingKeys.PROVIDER_UNET),
            values.get(SettingKeys.PROVIDER_VAE), options);
    }

    private static PlacementCheck placement(final Values values) {
        if (values.get(SettingKeys.PROVIDER_STRICT)) return PlacementCheck.STRICT;
        return values.get(SettingKeys.PROVIDER_CHECK) ? PlacementCheck.WARN : PlacementCheck.OFF;
    }

    /** The thread that calls the model computes too and keeps its own affinity. */
    private static void checkAffinity(final int threads, final String affinity) {
        final int entries = affinity.isEmpty() ? 0 : affinity.split(";").length;
        if (entries > 0 && entries != threads - 1) {
            throw new InvalidInputException("The setting " + SettingKeys.CPU_AFFINITY + " has " + entries + " entries, but " + SettingKeys.CPU_THREADS
                + " is " + threads + ". Expected one entry less than threads: set " + SettingKeys.CPU_THREADS + " to " + (entries + 1) + '.');
        }
    }
}
