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
package net.diffusionj.service;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.service.settings.MemorySettings;
import net.diffusionj.service.settings.ProviderSettings;
import net.diffusionj.service.settings.Settings;

/**
 * Which instance of how many, and what is different in its settings: a GPU has its index, a share of the CPU its share of the threads and of the memory.
 *
 * @param index from 0
 * @param count of how many, at least 1
 * @param gpu whether each is a GPU
 * @param threads threads of each; 0 to leave that to the settings
 */
record InstancePlan(int index, int count, boolean gpu, int threads) {

    /** What instances run on. */
    interface Machine {
        /** @return logical processors */
        int processors();

        /** @return GPUs that models run on; asked once at most, may take seconds */
        int gpus();
    }

    /**
     * Plans by the setting {@code instances}: as many as it says, on GPUs where there are several; by itself one a GPU, or one.
     *
     * @param settings what is set
     * @param machine what there is
     * @return at least one
     * @throws InvalidInputException if there are to be more than the machine has processors for
     */
    static List<InstancePlan> of(final Settings settings, final Machine machine) {
        final OptionalInt wanted = settings.queue().instances();
        final ProviderChoice choice = settings.provider().choice();
        final boolean nvidia = choice == ProviderChoice.AUTO || choice == ProviderChoice.CUDA || choice == ProviderChoice.TENSORRT;
        final int gpus = nvidia && wanted.orElse(2) > 1 ? machine.gpus() : 0;
        if (gpus > 0) return plans(Math.min(gpus, wanted.orElse(gpus)), true, 0);
        final int threads = settings.provider().options().cpu().threads();
        final int most = threads > 0 ? threads : machine.processors();
        final int count = wanted.orElse(1);
        if (count > most) {
            throw new InvalidInputException("The setting instances is " + count + ", but there " + (most == 1 ? "is 1 thread" : "are " + most + " threads")
                + " to divide among them. Set it to " + most + " or less, or to auto.");
        }
        return plans(count, false, count == 1 ? 0 : most / count);
    }

    private static List<InstancePlan> plans(final int count, final boolean gpu, final int threads) {
        return IntStream.range(0, count).mapToObj(index -> new InstancePlan(index, count, gpu, threads)).toList();
    }

    /** @return for people: "cuda 1", "cpu 2 of 4"; of one alone, which knows not yet what it will run on, "1" */
    String name() {
        if (count == 1) return "1";
        return gpu ? "gpu " + index : "cpu " + (index + 1) + " of " + count;
    }

    /**
     * @param settings what is set for all
     * @return what holds for this one
     */
    Settings adapt(final Settings settings) {
        if (count == 1) return settings;
        final ProviderSettings provider = settings.provider();
        return new Settings(new ProviderSettings(provider.choice(), provider.text(), provider.unet(), provider.vae(), adapt(provider.options())),
            adapt(settings.memory()), settings.cache(), settings.queue(), settings.record(), settings.server());
    }

    private ProviderOptions adapt(final ProviderOptions all) {
        final ProviderOptions.Cuda cuda = all.cuda();
        final ProviderOptions.TensorRt tensorRt = all.tensorRt();
        return new ProviderOptions(threads == 0 ? all.cpu() : new ProviderOptions.Cpu(threads, "", all.cpu().spinning(), all.cpu().int8()),
            gpu ? new ProviderOptions.Cuda(index, cuda.memoryBytes(), cuda.arena(), cuda.convolutionSearch(), cuda.tf32()) : cuda,
            gpu ? new ProviderOptions.TensorRt(index, tensorRt.fp16(), tensorRt.workspaceBytes()) : tensorRt, all.openVino(), all.directMl(), all.coreMl(),
            all.plugIns(), all.half(), all.placement());
    }

    /** Main memory is shared; each GPU has its own. */
    private MemorySettings adapt(final MemorySettings all) {
        final long ramBytes = all.ramBytes().orElseGet(() -> CacheLimits.defaults(MemoryProbe.ofThisMachine()).maxRamBytes());
        return new MemorySettings(OptionalLong.of(ramBytes / count), all.gpuBytes(), all.idleMinutes(), all.shrinkMinutes());
    }
}
