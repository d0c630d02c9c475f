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
package net.diffusionj.service.record;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.GpuState.Slowed;
import net.diffusionj.service.record.HealthWarning.Kind;

/** What several looks at one GPU show: what holds at {@value #LOOKS} of them in a row counts, what passes does not. Not thread-safe. */
final class GpuHealth {

    static final int LOOKS = 3;
    /** Below this every GPU works; most slow themselves down a little above it. */
    private static final int HOT_CELSIUS = 90;
    private static final double FULL_SHARE = 0.97;
    private static final double GB = 1e9;

    private final Map<Kind, Integer> inARow = new EnumMap<>(Kind.class);

    /**
     * @param state the GPU as it is now
     * @return what is to be said of it
     */
    List<HealthWarning> look(final GpuState state) {
        final List<HealthWarning> found = new ArrayList<>();
        hot(state).ifPresentOrElse(text -> count(Kind.GPU_HOT, state, text, found), () -> inARow.remove(Kind.GPU_HOT));
        power(state).ifPresentOrElse(text -> count(Kind.GPU_POWER, state, text, found), () -> inARow.remove(Kind.GPU_POWER));
        full(state).ifPresentOrElse(text -> count(Kind.GPU_FULL, state, text, found), () -> inARow.remove(Kind.GPU_FULL));
        return found;
    }

    private void count(final Kind kind, final GpuState state, final String text, final List<HealthWarning> found) {
        if (inARow.merge(kind, 1, Integer::sum) >= LOOKS) found.add(new HealthWarning(kind, "GPU " + state.index(), text));
    }

    private static Optional<String> hot(final GpuState state) {
        final boolean slowed = state.slowed().equals(Optional.of(Slowed.HEAT));
        final boolean hot = state.celsius().isPresent() && state.celsius().getAsInt() >= HOT_CELSIUS;
        if (!slowed && !hot) return Optional.empty();
        final String degrees = state.celsius().isPresent() ? " (" + state.celsius().getAsInt() + " °C)" : "";
        return Optional.of(name(state) + (slowed ? " slows itself down because it is hot" : " is hot") + degrees + clock(state)
            + ". Clean its fans and filters, see that air can flow, or give it less to do.");
    }

    private static Optional<String> power(final GpuState state) {
        if (!state.slowed().equals(Optional.of(Slowed.POWER))) return Optional.empty();
        return Optional.of(name(state) + " slows itself down because its board or power supply asks for it" + clock(state)
            + ". Check its power cables and whether the power supply is strong enough.");
    }

    private static String clock(final GpuState state) {
        if (state.clockMhz().isEmpty() || state.mostClockMhz().isEmpty()) return "";
        return ", at " + state.clockMhz().getAsInt() + " of " + state.mostClockMhz().getAsInt() + " MHz";
    }

    private static Optional<String> full(final GpuState state) {
        if (state.memory().isEmpty()) return Optional.empty();
        final GpuMemory memory = state.memory().get();
        if (memory.totalBytes() == 0 || memory.usedBytes() < FULL_SHARE * memory.totalBytes()) return Optional.empty();
        return Optional.of(String.format(Locale.ROOT, "%s is nearly full: %.1f of %.1f GB are taken. Close other programs that use it, release memory, or"
            + " set memory.gpu lower.", name(state), memory.usedBytes() / GB, memory.totalBytes() / GB));
    }

    private static String name(final GpuState state) {
        return "GPU " + state.index() + " (" + state.name() + ')';
    }
}
