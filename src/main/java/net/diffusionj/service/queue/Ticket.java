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

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;

/**
 * One job's way through a queue: waiting, running (perhaps more than once, when an instance failed or memory was short), ended. {@link #await} must be called once,
 * by the thread that is to be told of progress.
 * <p>
 * What changes is guarded by the queue, but for the end, which only the awaiting thread sees.
 * </p>
 *
 * @param <J> the jobs
 * @param <R> what each makes
 */
public final class Ticket<J extends Job, R> {

    /** Where it is. From WAITING to RUNNING and back, and from either to ENDED. */
    enum State {
        WAITING, RUNNING, ENDED
    }

    private final Dispatcher<J, R> queue;
    private final J job;
    private final CancelToken cancel;
    private final WaitListener listener;
    private final Mailbox mailbox = new Mailbox();
    private final CancelToken.Registration registration;

    private State state = State.WAITING;
    private Optional<Run<J, R>> run = Optional.empty();
    private final Set<Instance<J, R>> failedOn = new HashSet<>();
    private final long cameNanos;
    private int mostTogether = Integer.MAX_VALUE;
    private int toldAhead = -1;
    private boolean waited;
    private boolean heldBack;

    private boolean over;
    private Optional<Supplier<R>> result = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();

    Ticket(final Dispatcher<J, R> queue, final J job, final CancelToken cancel, final WaitListener listener, final long cameNanos) {
        this.queue = queue;
        this.job = job;
        this.cancel = cancel;
        this.listener = listener;
        this.cameNanos = cameNanos;
        this.registration = cancel.onCancel(() -> queue.cancelled(this));
    }

    /**
     * Waits for the end of the job; meanwhile its progress is told on this thread, and where the job is alone it is done on this thread.
     *
     * @return what the job made
     * @throws CancellationException if it was cancelled; a thread that was interrupted is so still
     * @throws RuntimeException whatever the job failed with
     */
    public R await() {
        try {
            while (!over) {
                final Optional<Runnable> letter = nextLetter();
                if (letter.isPresent()) letter.get().run();
                else queue.look();
            }
            if (failure.isPresent()) throw thrown(failure.get());
            return result.orElseThrow().get();
        }
        finally {
            registration.close();
            queue.left(this);
        }
    }

    private static RuntimeException thrown(final Throwable failure) {
        if (failure instanceof final Error error) throw error;
        return (RuntimeException) failure;
    }

    private Optional<Runnable> nextLetter() {
        try {
            return mailbox.take(queue.patienceNanos());
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            // Ends the wait, and the job's part in what runs.
            cancel.cancel();
            return Optional.empty();
        }
    }

    /** @return whether it had to wait, or would have had to if it had not been cancelled already */
    public boolean hasWaited() {
        return queue.ask(this::waited);
    }

    J job() {
        return job;
    }

    CancelToken cancel() {
        return cancel;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    State state() {
        return state;
    }

    long cameNanos() {
        return cameNanos;
    }

    boolean waited() {
        return waited;
    }

    Optional<Run<J, R>> run() {
        return run;
    }

    /** @return images that may go together with this one's, as attempts have shown */
    int mostTogether() {
        return mostTogether;
    }

    /** @param images were too many */
    void fewerThan(final int images) {
        mostTogether = Math.max(1, images / 2);
    }

    boolean failedOn(final Instance<J, R> instance) {
        return failedOn.contains(instance);
    }

    /** @param instance failed under this job
     *  @return whether it was the first that did */
    boolean firstFailureOn(final Instance<J, R> instance) {
        failedOn.add(instance);
        return failedOn.size() == 1;
    }

    void running(final Run<J, R> now) {
        state = State.RUNNING;
        run = Optional.of(now);
    }

    void waiting() {
        state = State.WAITING;
        run = Optional.empty();
        toldAhead = -1;
        waited = true;
    }

    void heldBack() {
        heldBack = true;
    }

    /** @return whether company was waited for */
    boolean wasHeldBack() {
        return heldBack;
    }

    void wouldWait() {
        waited = true;
    }

    /** Tells the caller, if something has changed. */
    void tellPlace(final int ahead, final OptionalLong expectedMillis) {
        waited = true;
        if (ahead == toldAhead) return;
        toldAhead = ahead;
        mailbox.postPlace(() -> listener.waiting(ahead, expectedMillis));
    }

    /** Ends it with a result, after what was told. */
    void end(final Supplier<R> with) {
        state = State.ENDED;
        mailbox.closeAfter(() -> {
            over = true;
            result = Optional.of(with);
        });
    }

    /** Ends it with a failure; what was not told yet is dropped. */
    void fail(final Throwable with) {
        state = State.ENDED;
        mailbox.closeWith(() -> {
            over = true;
            failure = Optional.of(with);
        });
    }

    /** Nobody waits any more. */
    void abandon() {
        state = State.ENDED;
    }
}
