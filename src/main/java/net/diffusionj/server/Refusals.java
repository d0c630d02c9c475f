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

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.JavaErrors;
import net.diffusionj.server.http.Refusal;
import net.diffusionj.service.queue.QueueFullException;

/** Makes of whatever went wrong an answer that a client understands, without places of files; what is the server's own fault goes to its log. Immutable. */
final class Refusals {

    private static final Logger LOG = System.getLogger(Refusals.class.getName());
    private static final long LONGEST_RETRY_SECONDS = 3600;
    private static final long RETRY_SECONDS = 5;
    private static final double MILLIS = 1000;

    private final ClientWords words;

    Refusals(final ClientWords words) {
        this.words = words;
    }

    /** @param failure what was thrown
     *  @return the answer */
    Refusal of(final Throwable failure) {
        if (failure instanceof final Refusal refusal) return refusal;
        if (failure instanceof final QueueFullException full) return queueFull(full);
        if (failure instanceof InvalidInputException) return new Refusal(422, "input", words.of(failure.getMessage()), failure);
        if (failure instanceof CancellationException) {
            return new Refusal(503, "stopping", "The server is stopping, so nothing was made. Try again when it runs.", failure).retryAfter(RETRY_SECONDS);
        }
        LOG.log(Level.WARNING, "a request failed", failure);
        if (failure instanceof DiffusionJException) return new Refusal(500, "failed", words.of(failure.getMessage()), failure);
        if (failure instanceof final Error error) return new Refusal(500, "failed", words.of(JavaErrors.inPlainWords(error)), failure);
        return new Refusal(500, "failed", "Something went wrong in the server that should not; its log says what.", failure);
    }

    private Refusal queueFull(final QueueFullException full) {
        final OptionalLong wait = full.waitMillis();
        final long seconds = wait.isPresent() ? (long) Math.ceil(wait.getAsLong() / MILLIS) : RETRY_SECONDS;
        final Refusal refusal = new Refusal(429, "queue-full", words.of(full.getMessage()), full)
            .retryAfter(Math.max(1, Math.min(LONGEST_RETRY_SECONDS, seconds))).with("waiting", full.waiting());
        return wait.isPresent() ? refusal.with("wait_ms", wait.getAsLong()) : refusal;
    }
}
