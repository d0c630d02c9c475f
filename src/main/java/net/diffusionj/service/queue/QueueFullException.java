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

import java.util.OptionalLong;

import net.diffusionj.DiffusionJException;

/** Too many requests wait already. Nothing was begun; the same request works when some of them are done. */
public final class QueueFullException extends DiffusionJException {

    private static final long serialVersionUID = 1L;
    private static final long UNKNOWN = -1;

    private final int waiting;
    private final long waitMillis;

    /**
     * @param waiting how many requests wait
     * @param waitMillis how long a new one would have waited; empty while nothing was measured
     */
    public QueueFullException(final int waiting, final OptionalLong waitMillis) {
        super("The queue is full: " + waiting + (waiting == 1 ? " request waits" : " requests wait") + " already"
            + (waitMillis.isPresent() ? ", for about " + WaitText.of(waitMillis.getAsLong()) : "")
            + ". Try again later, or let more of them wait with the setting queue.most.");
        this.waiting = waiting;
        this.waitMillis = waitMillis.orElse(UNKNOWN);
    }

    /** @return how many requests wait */
    public int waiting() {
        return waiting;
    }

    /** @return after how many milliseconds a new request could begin; empty while nothing was measured */
    public OptionalLong waitMillis() {
        return waitMillis == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(waitMillis);
    }
}
