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

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.session.ModelCall;

/**
 * A part's model call with its buffers: made when it is first needed, kept for the next run, closed when its size changes or it fails, made again.
 * Where memory is short it goes down the part's {@link MemoryLadder}.
 * <p>
 * Not thread-safe: one run's own. The part must outlive it.
 * </p>
 *
 * @param <B> the buffers, by what they hold
 */
public final class PreparedCall<B> implements AutoCloseable {

    private final PartInUse part;
    private final Function<ModelCall, B> buffers;
    private final MemoryLadder ladder;
    private Optional<Ready<B>> ready = Optional.empty();
    private long closedRunNanos;

    private record Ready<B>(ModelCall call, B buffers) {}

    /**
     * @param part what is called
     * @param buffers makes the inputs and outputs, in the size wanted at that time
     * @param smaller the caller's own ways to need less memory, the mildest first; the buffers are closed after each, so that they are made anew
     */
    public PreparedCall(final PartInUse part, final Function<ModelCall, B> buffers, final MemoryLadder.Step... smaller) {
        this.part = part;
        this.buffers = buffers;
        this.ladder = part.ladder(smaller);
    }

    /**
     * Does something with the call, again with less where memory is short.
     *
     * @param work uses {@link #buffers()} and {@link #run}; reads anew at every try how it is to be done
     * @param <T> its result
     * @return the result of the first try that had memory enough
     * @throws net.diffusionj.ort.runtime.InsufficientMemoryException if nothing is left to try
     */
    public <T> T attempt(final Supplier<T> work) {
        return ladder.run(() -> {
            try {
                return work.get();
            }
            catch (final RuntimeException e) {
                // The buffers of a size that did not fit must not stand in the way of the next.
                close();
                throw e;
            }
        });
    }

    /** @return the buffers, made now if they are not there; this object's */
    public B buffers() {
        if (ready.isEmpty()) ready = Optional.of(prepare());
        return ready.get().buffers();
    }

    private Ready<B> prepare() {
        final ModelCall call = part.newCall();
        try {
            return new Ready<>(call, buffers.apply(call));
        }
        catch (final RuntimeException e) {
            call.close();
            throw e;
        }
    }

    /**
     * Runs the model on what the buffers hold.
     *
     * @param cancel ends the run early
     * @param last whether the part is not needed again for a while
     */
    public void run(final CancelToken cancel, final boolean last) {
        ready.orElseThrow(() -> new IllegalStateException("no buffers were asked for")).call().run(cancel, last);
    }

    /** @return nanoseconds inside ONNX Runtime so far */
    public long runNanos() {
        return closedRunNanos + ready.map(now -> now.call().runNanos()).orElse(0L);
    }

    /** Closes the buffers; a later run makes new ones. */
    @Override
    public void close() {
        closedRunNanos = runNanos();
        ready.ifPresent(now -> now.call().close());
        ready = Optional.empty();
    }
}
