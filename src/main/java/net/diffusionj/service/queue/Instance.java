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

/**
 * Something that does jobs: a GPU, or a share of the processor's cores. A queue gives it one thing to do at a time; only a job that another's listener asks for
 * comes in between, on the same thread.
 *
 * @param <J> the jobs
 * @param <R> what each makes
 */
public interface Instance<J extends Job, R> extends AutoCloseable {

    /** @return its name for people, such as "cuda 1"; no two of a queue have the same */
    String name();

    /**
     * Tells how many images like a job's may go through together, as far as that is known without looking. Quick: the queue stands still meanwhile.
     *
     * @param job one of them
     * @return at least 1
     */
    int mostTogether(J job);

    /**
     * Does jobs and returns when each has ended, by {@link Seat#done} or {@link Seat#failed}, or its caller has left. One job alone is done on its caller's
     * thread, several on a thread of the queue.
     *
     * @param seats at least one; several have equal {@link Job#company()}
     * @throws net.diffusionj.ort.runtime.ProviderFailedException if the instance itself failed: jobs that have not ended are handed on, once
     * @throws net.diffusionj.ort.runtime.InsufficientMemoryException if memory was short: several jobs are tried again in smaller groups
     * @throws RuntimeException if something else failed: several jobs are tried again each alone, a single one fails with it
     */
    void run(List<? extends Seat<J, R>> seats);

    /** Closes what it holds. Called when nothing runs on it any more. */
    @Override
    void close();
}
