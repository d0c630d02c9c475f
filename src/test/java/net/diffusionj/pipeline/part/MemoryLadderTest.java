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
package net.diffusionj.pipeline.part;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** The order in which memory is saved, and what is said of it. */
class MemoryLadderTest {

    private final MemoryLadder.Warnings warnings = new MemoryLadder.Warnings();

    private static InsufficientMemoryException shortage() {
        return new InsufficientMemoryException("Failed to allocate 7 bytes", null);
    }

    @Test
    void goesDownStepByStepUntilItFits() {
        final AtomicInteger size = new AtomicInteger(8);
        final MemoryLadder ladder = new MemoryLadder("UNet", warnings, Optional::empty,
            () -> size.get() == 1 ? Optional.empty() : Optional.of(size.updateAndGet(s -> s / 2) + " at once"));
        final List<Integer> tried = new ArrayList<>();
        final String result = ladder.run(() -> {
            tried.add(size.get());
            if (size.get() > 2) throw shortage();
            return "done";
        });
        assertEquals("done", result);
        assertEquals(List.of(8, 4, 2), tried);
        assertEquals(List.of("There was too little memory for the UNet: 4 at once.", "There was too little memory for the UNet: 2 at once."),
            warnings.texts());
        ladder.run(() -> "no step for what fits");
        assertEquals(2, warnings.texts().size());
    }

    @Test
    void endsWithAClearErrorAndKeepsTheCause() {
        final MemoryLadder ladder = new MemoryLadder("VAE decoder", warnings, Optional::empty);
        final InsufficientMemoryException first = shortage();
        final InsufficientMemoryException e = assertThrows(InsufficientMemoryException.class, () -> ladder.run(() -> {
            throw first;
        }));
        assertTrue(e.getMessage().contains("VAE decoder") && e.getMessage().contains("smaller image") && e.getMessage().contains("7 bytes"), e.getMessage());
        assertEquals(first, e.getCause());
        assertEquals(List.of(), warnings.texts());
    }

    @Test
    void leavesOtherFailuresAlone() {
        final MemoryLadder ladder = new MemoryLadder("UNet", warnings, () -> Optional.of("never"));
        assertThrows(IllegalStateException.class, () -> ladder.run(() -> {
            throw new IllegalStateException();
        }));
        assertEquals(List.of(), warnings.texts());
    }

    @Test
    void shrinksThenTriesSmallerPiecesThenMovesToTheCpu() {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        final Path unet = Models.of("sd1").resolve("unet").resolve("model.onnx");
        try (SessionCache sessions = new SessionCache(onnx, new ExecutionProviders(onnx));
            SessionLease onGpu = sessions.lease(unet, ProviderChoice.CPU);
            SessionLease onCpu = sessions.lease(unet, ProviderChoice.CPU)) {
            final List<String> did = new ArrayList<>();
            final PartInUse part = new PartInUse("UNet", onGpu, warnings, () -> did.add("released"),
                () -> did.contains("on the CPU") ? Optional.empty() : Optional.of(onCpu).filter(lease -> did.add("on the CPU")));
            final MemoryLadder ladder =
                part.ladder(() -> did.contains("smaller") ? Optional.empty() : Optional.of("smaller pieces").filter(s -> did.add("smaller")));
            assertThrows(InsufficientMemoryException.class, () -> ladder.run(() -> {
                part.newCall().close();
                did.add("tried");
                throw shortage();
            }));
            assertEquals(List.of("tried", "released", "tried", "smaller", "tried", "on the CPU", "tried"), did);
            assertThrows(IllegalStateException.class, onGpu::newCall, "the GPU's lease went back");
            assertEquals(3, warnings.texts().size());
        }
    }
}
