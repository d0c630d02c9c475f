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
package net.diffusionj.service.queue;

import java.util.List;
import java.util.OptionalLong;

/**
 * A queue at one moment.
 *
 * @param interactive urgent requests that wait
 * @param batch other requests that wait
 * @param longestWaitMillis how long the one that came first has waited; 0 if none waits
 * @param expectedWaitMillis after how long a new request that is not urgent could begin; empty while nothing was measured
 * @param instances what there is to run on, in a fixed order; empty before the first request
 */
public record QueueSnapshot(int interactive, int batch, long longestWaitMillis, OptionalLong expectedWaitMillis, List<InstanceState> instances) {

    /** Nothing waits, and there is nothing to run on. */
    public static final QueueSnapshot EMPTY = new QueueSnapshot(0, 0, 0, OptionalLong.empty(), List.of());

    /** Copies the list. */
    public QueueSnapshot {
        instances = List.copyOf(instances);
    }

    /** @return requests that wait */
    public int waiting() {
        return interactive + batch;
    }

    /** @return requests that run */
    public int running() {
        return instances.stream().mapToInt(InstanceState::running).sum();
    }

    /**
     * One instance.
     *
     * @param name such as "cuda 1"
     * @param running requests that it has in hand; several go through together
     * @param remainingMillis when it will be free by its measured times; empty if unknown, 0 if it is
     * @param done requests that it has done
     * @param failures how often it has failed
     * @param resting whether it has just failed, so that others are asked first
     */
    public record InstanceState(String name, int running, OptionalLong remainingMillis, long done, long failures, boolean resting) {}
}
