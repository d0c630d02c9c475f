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

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import net.diffusionj.ort.runtime.TensorSpec;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.SessionLease;

/**
 * One part of a model for the time of a run: the lease that it works with, and the two ways to need less memory that every part has. A part that has
 * moved to the CPU stays there for the run.
 * <p>
 * Not thread-safe: one run's own. The leases stay their owner's.
 * </p>
 */
public final class PartInUse {

    private final String name;
    private final MemoryLadder.Warnings warnings;
    private final Runnable release;
    private final Supplier<Optional<SessionLease>> cpuLease;
    private SessionLease lease;
    private boolean released;

    /**
     * @param name as the user knows it, such as "UNet"
     * @param lease the open part
     * @param warnings where memory troubles are told
     * @param release closes what nobody uses and frees what runs have left
     * @param cpuLease leases the part on the CPU; empty if it runs there already
     */
    PartInUse(final String name, final SessionLease lease, final MemoryLadder.Warnings warnings, final Runnable release,
        final Supplier<Optional<SessionLease>> cpuLease) {
        this.name = name;
        this.lease = lease;
        this.warnings = warnings;
        this.release = release;
        this.cpuLease = cpuLease;
    }

    /** @return the part's ONNX file */
    public Path file() {
        return lease.file();
    }

    /** @return whether the part's form in int8 runs in its place */
    public boolean int8() {
        return lease.int8();
    }

    /** @return its inputs, in its order */
    public List<TensorSpec> inputs() {
        return lease.inputs();
    }

    /** @return its outputs, in its order */
    public List<TensorSpec> outputs() {
        return lease.outputs();
    }

    /** @return a call of the part where it runs now, to be closed by the caller */
    ModelCall newCall() {
        return lease.newCall();
    }

    /** Frees what earlier runs of the part have left. */
    public void shrink() {
        lease.shrink();
    }

    /**
     * Makes the part's ladder: shrink and evict; what the part can do by itself; the CPU.
     *
     * @param smaller the part's own ways, the mildest first
     * @return a ladder with its first step still ahead
     */
    MemoryLadder ladder(final MemoryLadder.Step... smaller) {
        final MemoryLadder.Step[] steps = new MemoryLadder.Step[smaller.length + 2];
        steps[0] = this::release;
        System.arraycopy(smaller, 0, steps, 1, smaller.length);
        steps[steps.length - 1] = this::moveToCpu;
        return new MemoryLadder(name, warnings, steps);
    }

    private Optional<String> release() {
        if (released) return Optional.empty();
        released = true;
        lease.shrink();
        release.run();
        return Optional.of("unused models were closed and it was tried again");
    }

    private Optional<String> moveToCpu() {
        final Optional<SessionLease> onCpu = cpuLease.get();
        if (onCpu.isEmpty()) return Optional.empty();
        lease.close();
        lease = onCpu.get();
        return Optional.of("it ran on the CPU, which takes longer");
    }
}
