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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.service.settings.Settings;
import net.diffusionj.service.settings.SettingsFile;

/** How many instances there are, and on what, with machines that the test makes up. */
class InstancePlanTest {

    @TempDir
    private Path home;

    private record Made(int processors, int gpus) implements InstancePlan.Machine {}

    private Settings set(final String... keysAndValues) {
        final SettingsFile file = new SettingsFile(home);
        for (int i = 0; i < keysAndValues.length; i += 2) file.set(keysAndValues[i], keysAndValues[i + 1]);
        return file.load();
    }

    private static List<String> names(final Settings settings, final int processors, final int gpus) {
        return InstancePlan.of(settings, new Made(processors, gpus)).stream().map(InstancePlan::name).toList();
    }

    @Test
    void oneUnlessThereAreSeveralGpus() {
        assertEquals(OptionalInt.empty(), Settings.DEFAULTS.queue().instances());
        assertEquals(List.of("1"), names(Settings.DEFAULTS, 16, 0));
        assertEquals(List.of("1"), names(Settings.DEFAULTS, 16, 1));
        assertEquals(List.of("gpu 0", "gpu 1", "gpu 2"), names(Settings.DEFAULTS, 16, 3));
        assertSame(Settings.DEFAULTS, InstancePlan.of(Settings.DEFAULTS, new Made(16, 1)).get(0).adapt(Settings.DEFAULTS), "one has what is set");
        assertEquals(List.of("1"), names(set("provider", "cpu"), 16, 3), "on the CPU by choice");
    }

    @Test
    void asManyAsAreSetOnGpusOrSharesOfTheCores() {
        final Settings two = set("instances", "2");
        assertEquals(List.of("gpu 0", "gpu 1"), names(two, 16, 3));
        assertEquals(List.of("1"), names(two, 16, 1), "one GPU is not divided");
        assertEquals(List.of("cpu 1 of 2", "cpu 2 of 2"), names(two, 16, 0));
        assertEquals(List.of("1"), names(set("instances", "1"), 16, 3));
    }

    @Test
    void eachGpuHasItsIndexAndEachShareItsThreadsAndMemory() {
        final List<InstancePlan> gpus = InstancePlan.of(Settings.DEFAULTS, new Made(16, 3));
        for (int i = 0; i < 3; i++) {
            final Settings mine = gpus.get(i).adapt(Settings.DEFAULTS);
            for (final ExecutionProvider provider : List.of(ExecutionProvider.CUDA, ExecutionProvider.TENSORRT)) {
                assertEquals(new GpuDevice(ExecutionProvider.CUDA, i), GpuDevice.of(List.of(provider), mine.provider().options()).orElseThrow());
            }
            assertEquals(Settings.DEFAULTS.provider().options().cpu(), mine.provider().options().cpu());
            assertEquals(Settings.DEFAULTS.memory().gpuBytes(), mine.memory().gpuBytes(), "each card's memory is its own");
        }
        final Settings shared = set("instances", "3", "memory.ram", "6G", "cpu.threads", "7", "cpu.affinity", "1;2;3;4;5;6");
        for (final InstancePlan share : InstancePlan.of(shared, new Made(16, 0))) {
            final Settings mine = share.adapt(shared);
            assertEquals(2, mine.provider().options().cpu().threads());
            assertEquals("", mine.provider().options().cpu().affinity());
            assertEquals(2L << 30, mine.memory().ramBytes().orElseThrow());
            assertEquals(shared.cache(), mine.cache());
        }
        assertEquals(4, InstancePlan.of(set("cpu.threads", "0", "cpu.affinity", ""), new Made(12, 0)).get(0).threads());
    }

    @Test
    void moreThanThereAreThreadsAreRefused() {
        final String message = assertThrows(InvalidInputException.class, () -> names(set("instances", "5"), 4, 0)).getMessage();
        assertTrue(message.contains("instances is 5") && message.contains("4 threads") && message.contains("4 or less"), message);
    }
}
