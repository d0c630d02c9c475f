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
package net.diffusionj.ort.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import net.diffusionj.ort.memory.GpuState.Slowed;

/** What {@code nvidia-smi} is asked of all GPUs, and how its answer is read. Stateless. */
final class SmiTable {

    private static final String FIELDS = "index,name,driver_version,utilization.gpu,memory.total,memory.used,temperature.gpu,clocks.sm,clocks.max.sm,";
    /** The new name and the old one of the same bits; which one a driver knows depends on its age. */
    private static final List<String> REASONS = List.of("clocks_event_reasons.active", "clocks_throttle_reasons.active");
    private static final int COLUMNS = 10;
    /** Bits of NVML's {@code nvmlClocksEventReason...}. */
    private static final long HARDWARE_SLOWDOWN = 0x8;
    private static final long SOFTWARE_THERMAL = 0x20;
    private static final long HARDWARE_THERMAL = 0x40;
    private static final long HARDWARE_POWER_BRAKE = 0x80;

    private SmiTable() {}

    /** @return queries of which the first that is understood is enough */
    static List<String> queries() {
        return REASONS.stream().map(reasons -> "--query-gpu=" + FIELDS + reasons).toList();
    }

    /** @param answer lines of comma-separated values without units; "[N/A]" and the like where the GPU does not know
     *  @return one state a line; lines of another kind are left out */
    static List<GpuState> parse(final String answer) {
        final List<GpuState> states = new ArrayList<>();
        for (final String line : answer.lines().toList()) {
            final String[] cells = line.strip().split("\\s*,\\s*");
            if (cells.length == COLUMNS && number(cells[0]).isPresent()) states.add(state(cells));
        }
        return states;
    }

    private static GpuState state(final String[] cells) {
        return new GpuState(number(cells[0]).getAsInt(), cells[1], cells[2], number(cells[3]), NvidiaSmi.parse(cells[4] + ", " + cells[5]), number(cells[6]),
            number(cells[7]), number(cells[8]), slowed(cells[9]));
    }

    private static OptionalInt number(final String cell) {
        return cell.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(cell)) : OptionalInt.empty();
    }

    private static Optional<Slowed> slowed(final String cell) {
        if (!cell.matches("0x[0-9a-fA-F]{1,16}")) return Optional.empty();
        final long bits = Long.parseUnsignedLong(cell.substring(2), 16);
        if ((bits & (SOFTWARE_THERMAL | HARDWARE_THERMAL)) != 0) return Optional.of(Slowed.HEAT);
        return (bits & (HARDWARE_SLOWDOWN | HARDWARE_POWER_BRAKE)) != 0 ? Optional.of(Slowed.POWER) : Optional.empty();
    }
}
