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

import java.util.function.Supplier;

import net.diffusionj.CancelToken;

/**
 * A job on an instance, from the instance's side.
 *
 * @param <J> the jobs
 * @param <R> what each makes
 */
public interface Seat<J extends Job, R> {

    /** @return what to do */
    J job();

    /** @return ends this attempt: the caller's own token where the job is alone, else one for all that go together, cancelled when the last of them has left */
    CancelToken cancel();

    /** @return whether the job is alone, and so on its caller's thread */
    boolean alone();

    /** @return whether the job has waited, so that what was known when it came may have changed */
    boolean waited();

    /** @return whether nobody waits for it any more: it ended, or its caller has cancelled it */
    boolean left();

    /** @param event is run on the caller's thread, in the order of the calls; not at all once the caller has left */
    void tell(Runnable event);

    /**
     * Ends the job.
     *
     * @param result makes the result, on the caller's thread and after every event
     */
    void done(Supplier<R> result);

    /** @param failure ends this job, and no other */
    void failed(RuntimeException failure);
}
