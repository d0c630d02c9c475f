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
package net.diffusionj.ort.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.onnx.ModelFiles;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ProviderOptions;

/** The books of the cache with GPUs, which no test machine needs to have: sessions are entries without an open session behind them. */
class SessionLedgerTest {

    private static final long PLENTY = Long.MAX_VALUE;
    private static final GpuDevice FIRST = new GpuDevice(ExecutionProvider.CUDA, 0);
    private static final GpuDevice SECOND = new GpuDevice(ExecutionProvider.CUDA, 1);

    private SessionLedger ledger = new SessionLedger(limits(PLENTY, 250));
    private Instant now = Instant.EPOCH;

    private static CacheLimits limits(final long ram, final long gpu) {
        return new CacheLimits(ram, gpu, 0, Duration.ofHours(1), Duration.ofDays(1));
    }

    /** Opens a session that took 100 bytes of a GPU and 7 of RAM, and gives it back. */
    private SessionEntry use(final String name, final GpuDevice gpu) {
        final SessionEntry entry = lend(name, gpu);
        giveBack(entry);
        return entry;
    }

    private SessionEntry lend(final String name, final GpuDevice gpu) {
        final ModelFiles files = new ModelFiles(List.of(Path.of(name)), 60, "stamp", "identity");
        final SessionLedger.Claim claim =
            ledger.claim(new SessionEntry.Key(Path.of(name), List.of(gpu.provider(), ExecutionProvider.CPU)), files, Optional.of(gpu));
        if (claim.first()) {
            ledger.beginOpening(claim.entry());
            ledger.endOpening(claim.entry(), 7, 100);
            claim.entry().session.complete(null);
        }
        return claim.entry();
    }

    private void giveBack(final SessionEntry entry) {
        now = now.plusSeconds(1);
        if (ledger.returning(entry, now)) ledger.returned(entry);
    }

    private Optional<SessionEntry> victim(final GpuDevice gpu, final long newBytes) {
        return ledger.victim(newBytes, Optional.of(gpu), PLENTY, PLENTY);
    }

    @Test
    void eachGpuHasBooksOfItsOwn() {
        final SessionEntry oldest = use("a", FIRST);
        use("b", FIRST);
        use("c", SECOND);
        use("d", SECOND);
        assertEquals(Map.of(FIRST, 200L, SECOND, 200L), ledger.gpuBytes(), "as measured, not as the files are");
        assertEquals(28, ledger.ramBytes());
        assertEquals(Optional.empty(), victim(FIRST, 50), "200 + 50 fit");
        assertEquals(Optional.of(oldest), victim(FIRST, 60));
        assertEquals(Optional.empty(), victim(FIRST, 60));
        assertEquals(Map.of(FIRST, 100L, SECOND, 200L), ledger.gpuBytes(), "the other one has lost nothing");
    }

    @Test
    void whatIsLentOrPinnedOnAGpuStays() {
        final SessionEntry lent = lend("a", FIRST);
        ledger.pin(Path.of("b"));
        use("b", FIRST);
        final SessionEntry idle = use("c", FIRST);
        assertEquals(Optional.of(idle), victim(FIRST, 0), "300 of 250");
        assertEquals(Optional.empty(), victim(FIRST, 1000));
        giveBack(lent);
        ledger.unpin(Path.of("b"));
        assertEquals("b", victim(FIRST, 1000).orElseThrow().key.file().toString(), "used before the one that was lent");
        assertEquals(Optional.of(lent), victim(FIRST, 1000));
        assertEquals(0, ledger.size());
    }

    @Test
    void aLimitThatNobodySetIsAShareOfWhatTheGpuHas() {
        ledger = new SessionLedger(limits(PLENTY, CacheLimits.AUTOMATIC));
        use("a", FIRST);
        use("b", FIRST);
        assertEquals(Optional.empty(), victim(FIRST, 1L << 40), "of a GPU that does not tell nothing is known");
        ledger.remember(FIRST, new GpuMemory(300, 200));
        assertEquals(Optional.empty(), victim(FIRST, 40), "80 % of 300");
        assertEquals("a", victim(FIRST, 41).orElseThrow().key.file().toString());
    }

    @Test
    void aGpuThatOtherProgramsHaveFilledMakesRoom() {
        use("a", FIRST);
        use("b", SECOND);
        assertEquals(Optional.empty(), ledger.victim(60, Optional.of(FIRST), PLENTY, 60));
        assertEquals("a", ledger.victim(60, Optional.of(FIRST), PLENTY, 59).orElseThrow().key.file().toString());
        assertEquals(Optional.empty(), ledger.victim(60, Optional.of(FIRST), PLENTY, 59), "what lies on the other GPU would not help");
    }

    @Test
    void sizesOfFilesStandForWhatCannotBeToldApart() {
        final ModelFiles files = new ModelFiles(List.of(Path.of("x")), 60, "stamp", "identity");
        final SessionEntry one = ledger.claim(new SessionEntry.Key(Path.of("x"), List.of(ExecutionProvider.CUDA)), files, Optional.of(FIRST)).entry();
        final SessionEntry two = ledger.claim(new SessionEntry.Key(Path.of("y"), List.of(ExecutionProvider.CPU)), files, Optional.empty()).entry();
        ledger.beginOpening(one);
        ledger.beginOpening(two);
        ledger.endOpening(one, 500, 500);
        ledger.endOpening(two, 500, 0);
        assertEquals(Map.of(FIRST, 60L), ledger.gpuBytes());
        assertEquals(60, ledger.ramBytes());
    }

    @Test
    void cudaAndTensorRtOnOneCardShareIt() {
        final ProviderOptions options = ProviderOptions.DEFAULTS;
        assertEquals(GpuDevice.of(List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU), options),
            GpuDevice.of(List.of(ExecutionProvider.TENSORRT, ExecutionProvider.CUDA, ExecutionProvider.CPU), options));
        assertEquals(Optional.empty(), GpuDevice.of(List.of(ExecutionProvider.CPU), options));
        assertFalse(GpuDevice.of(List.of(ExecutionProvider.DIRECTML), options).equals(GpuDevice.of(List.of(ExecutionProvider.CUDA), options)));
    }

    @Test
    void openSessionsAreListedTheOneUsedLastFirst() {
        use("a", FIRST);
        ledger.pin(Path.of("a"));
        final SessionEntry b = use("b", SECOND);
        lend("b", SECOND);
        final List<OpenSession> open = ledger.open();
        assertEquals(List.of("b", "a"), open.stream().map(session -> session.file().toString()).toList());
        assertEquals(new OpenSession(Path.of("b"), List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU), 7, Optional.of(SECOND), 100, 1, false, b.lastUse),
            open.get(0));
        assertTrue(open.get(1).pinned());
    }
}
