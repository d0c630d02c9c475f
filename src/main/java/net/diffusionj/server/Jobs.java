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
package net.diffusionj.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All requests that wait or run. Thread-safe. */
public final class Jobs {

    private final Set<Job> underWay = new LinkedHashSet<>();

    synchronized Job begin(final String caller, final int images) {
        final Job job = new Job(caller, images);
        underWay.add(job);
        return job;
    }

    synchronized void end(final Job job) {
        underWay.remove(job);
    }

    /**
     * @param caller a client's computer
     * @return the job of that computer that came first of those that have their turn; else of those that wait
     */
    public synchronized Optional<Job> current(final String caller) {
        return underWay.stream().filter(job -> job.caller().equals(caller)).min(Comparator.comparing(job -> !job.runs()));
    }

    /** @param caller a client's computer
     *  @return how many jobs it has */
    public synchronized int count(final String caller) {
        return (int) underWay.stream().filter(job -> job.caller().equals(caller)).count();
    }

    void stopAll() {
        final List<Job> all;
        synchronized (this) {
            all = new ArrayList<>(underWay);
        }
        all.forEach(job -> job.stop(Job.Why.STOPPING));
    }
}
