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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.runtime.ProviderFailedException;

/**
 * The queue itself: takes jobs, decides who is served where and with whom, and sees to it that each job ends once, whatever fails. The one class that changes the
 * state of tickets and instances, hence its length.
 * <p>
 * Thread-safe. Runs nothing of others while it holds its lock, but for {@link Instance#mostTogether} and what {@link Job} says.
 * </p>
 *
 * @param <J> the jobs
 * @param <R> what each makes
 */
public final class Dispatcher<J extends Job, R> {

    /** How often who waits looks whether an instance that is over its time should be waited for any longer. */
    private static final long LOOK_NANOS = 500_000_000L;
    /** Company is waited for only where two jobs were in hand at once so lately, and came the last time: somebody who sends one after the other would wait in vain. */
    private static final long CROWD_NANOS = 60_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier clock;
    private final WaitingLine<Ticket<J, R>> line = new WaitingLine<>();
    private final RunTimes times = new RunTimes();
    private final Set<Ticket<J, R>> inHand = new HashSet<>();
    private final List<Slot<J, R>> slots = new ArrayList<>();
    private final List<Slot<J, R>> retired = new ArrayList<>();
    private final ExecutorService threads;
    private QueueLimits limits;
    private OptionalLong crowdNanos = OptionalLong.empty();
    private boolean ended;

    /** @param limits what the queue may do; {@link #limits} changes them */
    public Dispatcher(final QueueLimits limits) {
        this(limits, System::nanoTime);
    }

    Dispatcher(final QueueLimits limits, final LongSupplier clock) {
        this.limits = limits;
        this.clock = clock;
        this.threads = Executors.newCachedThreadPool(task -> {
            final Thread thread = new Thread(task, "DiffusionJ batch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @param now what the queue may do from now on */
    public synchronized void limits(final QueueLimits now) {
        limits = now;
    }

    /**
     * Says what there is to run on. What runs already goes on where it is; an instance that is not among these is closed as soon as it is free.
     *
     * @param instances at least one; this object's from now on
     */
    public void instances(final List<? extends Instance<J, R>> instances) {
        if (instances.isEmpty()) throw new IllegalArgumentException("no instance");
        final List<Slot<J, R>> toClose = new ArrayList<>();
        synchronized (this) {
            final List<Slot<J, R>> before = List.copyOf(slots);
            slots.clear();
            for (final Instance<J, R> instance : instances) {
                slots.add(before.stream().filter(slot -> slot.instance() == instance).findFirst().orElseGet(() -> new Slot<>(instance)));
            }
            for (final Slot<J, R> slot : before) {
                if (!slots.contains(slot)) (slot.isFree() ? toClose : retired).add(slot);
            }
            dispatch();
        }
        toClose.forEach(slot -> slot.instance().close());
    }

    /**
     * Lets a job wait for its turn.
     *
     * @param job what to do
     * @param cancel ends the wait and the work
     * @param listener is told how long it waits, on the thread that awaits the ticket
     * @return to be awaited
     * @throws QueueFullException if too many wait already
     * @throws DiffusionJException if this has ended
     */
    public synchronized Ticket<J, R> enqueue(final J job, final CancelToken cancel, final WaitListener listener) {
        if (ended) throw new DiffusionJException("DiffusionJ was shut down; start ImageJ or the program again.");
        final Ticket<J, R> ticket = new Ticket<>(this, job, cancel, listener, clock.getAsLong());
        inHand.add(ticket);
        final Optional<Slot<J, R>> own = slots.stream().filter(slot -> slot.isDoneBy(Thread.currentThread())).findFirst();
        if (ticket.state() == Ticket.State.ENDED) {
            if (slots.stream().noneMatch(Slot::isFree)) ticket.wouldWait();
            return ticket;
        }
        if (own.isPresent()) {
            // A listener asks in the middle of its own job, which cannot go on before it is answered.
            inBetween(own.get(), ticket);
            return ticket;
        }
        line.add(ticket, job);
        if (inHand.size() > 1) crowdNanos = OptionalLong.of(clock.getAsLong());
        dispatch();
        if (ticket.state() == Ticket.State.WAITING && line.size() > limits.mostWaiting()) {
            line.remove(ticket);
            ticket.abandon();
            inHand.remove(ticket);
            throw new QueueFullException(line.size(), snapshot().expectedWaitMillis());
        }
        return ticket;
    }

    private void inBetween(final Slot<J, R> slot, final Ticket<J, R> ticket) {
        final Run<J, R> run = new Run<>(List.of(ticket), ticket.cancel(), clock.getAsLong(), OptionalDouble.empty());
        ticket.running(run);
        ticket.mailbox().post(() -> {
            final Optional<Throwable> failure = attempt(slot, run);
            ended(ticket, run, () -> ticket.fail(failure.orElseGet(() -> new IllegalStateException(slot.name() + " has forgotten a job"))));
        });
    }

    /** Starts whatever can start, and tells the others their place. */
    private void dispatch() {
        while (!line.isEmpty() && startNext()) {}
        if (line.isEmpty() || slots.isEmpty()) return;
        final Forecast<J, R> forecast = new Forecast<>(slots, times, clock.getAsLong());
        int ahead = slots.stream().mapToInt(slot -> slot.run().map(run -> run.tickets().size()).orElse(0)).sum();
        for (final Ticket<J, R> ticket : line.order()) {
            ticket.tellPlace(ahead++, forecast.place(ticket.job(), allowed(ticket)).waitMillis());
        }
    }

    /** @return whether one was started */
    private boolean startNext() {
        if (slots.stream().noneMatch(Slot::isFree)) return false;
        final Forecast<J, R> forecast = new Forecast<>(slots, times, clock.getAsLong());
        final List<Ticket<J, R>> order = line.order();
        for (final Ticket<J, R> ticket : order) {
            final Forecast.Place<J, R> place = forecast.place(ticket.job(), allowed(ticket));
            if (!place.now()) continue;
            final List<Ticket<J, R>> together = together(ticket, place.slot(), order);
            if (companyNanosLeft(ticket, together, order, place.slot()) > 0) {
                ticket.heldBack();
                continue;
            }
            if (together.size() == 1 && ticket.wasHeldBack()) crowdNanos = OptionalLong.empty();
            start(place.slot(), together);
            return true;
        }
        return false;
    }

    /** Not where it has failed, if there is another; and rather not where others have just failed. */
    private List<Slot<J, R>> allowed(final Ticket<J, R> ticket) {
        final List<Slot<J, R>> good = slots.stream().filter(slot -> !ticket.failedOn(slot.instance())).toList();
        final List<Slot<J, R>> some = good.isEmpty() ? slots : good;
        final long now = clock.getAsLong();
        final List<Slot<J, R>> awake = some.stream().filter(slot -> !slot.isResting(now)).toList();
        return awake.isEmpty() ? some : awake;
    }

    /** The one whose turn it is and those that may go with it. Nobody urgent is slowed down by others that are not. */
    private List<Ticket<J, R>> together(final Ticket<J, R> first, final Slot<J, R> slot, final List<Ticket<J, R>> order) {
        final List<Ticket<J, R>> together = new ArrayList<>(List.of(first));
        if (first.job().company().isEmpty()) return together;
        final List<Ticket<J, R>> alike = order.stream().filter(ticket -> isCompany(first, ticket) && allowed(ticket).contains(slot)).toList();
        final int most = mostTogether(first, slot, alike);
        int images = first.job().images();
        for (final Ticket<J, R> ticket : alike) {
            final int more = images + ticket.job().images();
            if (more > most || more > ticket.mostTogether()) continue;
            together.add(ticket);
            images = more;
        }
        return together;
    }

    private boolean isCompany(final Ticket<J, R> first, final Ticket<J, R> other) {
        return other != first && other.job().company().isPresent() && Objects.equals(first.job().company(), other.job().company())
            && (first.job().priority() == Priority.BATCH || other.job().priority() == Priority.INTERACTIVE);
    }

    /** What memory, the setting and the measured times allow; and no more than a fair share where other instances are free too. */
    private int mostTogether(final Ticket<J, R> first, final Slot<J, R> slot, final List<Ticket<J, R>> alike) {
        final int most = Math.min(Math.min(limits.mostTogether(), first.mostTogether()), slot.instance().mostTogether(first.job()));
        final int best = times.best(slot.name(), first.job().kind(), Math.max(1, most));
        final int free = (int) slots.stream().filter(Slot::isFree).count();
        final int images = first.job().images() + alike.stream().mapToInt(ticket -> ticket.job().images()).sum();
        return Math.min(best, (images + free - 1) / free);
    }

    /** How long it is still held back for company: only one that is not urgent, only while all that wait are like it, and only for so long. */
    private long companyNanosLeft(final Ticket<J, R> first, final List<Ticket<J, R>> together, final List<Ticket<J, R>> order, final Slot<J, R> slot) {
        if (first.job().priority() != Priority.BATCH || first.job().company().isEmpty() || limits.companyNanos() == 0) return 0;
        if (together.size() < order.size()) return 0;
        final int most = Math.min(limits.mostTogether(), slot.instance().mostTogether(first.job()));
        if (together.stream().mapToInt(ticket -> ticket.job().images()).sum() >= most) return 0;
        final long now = clock.getAsLong();
        final long sinceCrowd = crowdNanos.isEmpty() ? -1 : now - crowdNanos.getAsLong();
        final long elapsed = now - first.cameNanos();
        // A clock that went back ends the wait.
        if (sinceCrowd < 0 || sinceCrowd > CROWD_NANOS || elapsed < 0) return 0;
        return limits.companyNanos() - elapsed;
    }

    private void start(final Slot<J, R> slot, final List<Ticket<J, R>> together) {
        final boolean alone = together.size() == 1;
        final Ticket<J, R> first = together.get(0);
        final double work = together.stream().mapToDouble(ticket -> ticket.job().work()).sum();
        final Run<J, R> run = new Run<>(List.copyOf(together), alone ? first.cancel() : new CancelToken(), clock.getAsLong(),
            times.expected(slot.name(), first.job().kind(), work));
        slot.begin(run);
        for (final Ticket<J, R> ticket : together) {
            line.take(ticket);
            ticket.running(run);
        }
        if (alone) first.mailbox().post(() -> doAlone(slot, run));
        else threads.execute(() -> finished(slot, run, attempt(slot, run)));
    }

    private void doAlone(final Slot<J, R> slot, final Run<J, R> run) {
        synchronized (this) {
            slot.onThread(Thread.currentThread());
        }
        finished(slot, run, attempt(slot, run));
    }

    private Optional<Throwable> attempt(final Slot<J, R> slot, final Run<J, R> run) {
        try {
            slot.instance().run(run.seats(this));
            return Optional.empty();
        }
        catch (final RuntimeException | Error e) {
            return Optional.of(e);
        }
    }

    private void finished(final Slot<J, R> slot, final Run<J, R> run, final Optional<Throwable> failure) {
        final boolean close;
        synchronized (this) {
            final long now = clock.getAsLong();
            final boolean whole = failure.isEmpty() && run.tickets().stream().noneMatch(ticket -> ticket.cancel().isCancelled());
            if (whole) times.add(slot.name(), run.kind(), run.images(), run.work(), now - run.startedNanos());
            slot.end(failure.isEmpty() ? run.tickets().size() : 0);
            if (failure.isEmpty()) slot.succeeded();
            else if (failure.get() instanceof ProviderFailedException) slot.failed(now);
            for (final Ticket<J, R> ticket : run.tickets()) {
                if (isIn(ticket, run)) goesOn(ticket, slot, run, failure.orElseGet(() -> new IllegalStateException(slot.name() + " has forgotten a job")));
            }
            close = retired.remove(slot);
            dispatch();
            notifyAll();
        }
        if (close) slot.instance().close();
    }

    /** What becomes of a job that did not end with its run. */
    private void goesOn(final Ticket<J, R> ticket, final Slot<J, R> slot, final Run<J, R> run, final Throwable failure) {
        final boolean stopped = failure instanceof CancellationException;
        if (failure instanceof ProviderFailedException && !ended && ticket.firstFailureOn(slot.instance()) && slots.stream().anyMatch(other -> other != slot)) {
            giveBack(ticket);
        }
        else if (!stopped && !ended && !run.alone() && !(failure instanceof ProviderFailedException)) {
            // Memory that was short for all may do for some; and whoever is at fault, the others are not.
            ticket.fewerThan(failure instanceof InsufficientMemoryException || failure instanceof OutOfMemoryError ? run.images() : 1);
            giveBack(ticket);
        }
        else ticket.fail(failure);
    }

    private void giveBack(final Ticket<J, R> ticket) {
        ticket.waiting();
        line.giveBack(ticket, ticket.job().priority());
    }

    private boolean isIn(final Ticket<J, R> ticket, final Run<J, R> run) {
        return ticket.state() == Ticket.State.RUNNING && ticket.run().filter(now -> now == run).isPresent();
    }

    /** Ends a ticket that is still in a run. */
    synchronized void ended(final Ticket<J, R> ticket, final Run<J, R> run, final Runnable end) {
        if (isIn(ticket, run)) end.run();
    }

    synchronized <T> T ask(final Supplier<T> question) {
        return question.get();
    }

    /** Called by the caller's token. A job that is alone sees the token itself. */
    void cancelled(final Ticket<J, R> ticket) {
        leave(ticket, () -> ticket.fail(new CancellationException("cancelled")));
    }

    /** Called by the caller's thread when it waits no more, whatever the reason. */
    void left(final Ticket<J, R> ticket) {
        leave(ticket, ticket::abandon);
        synchronized (this) {
            inHand.remove(ticket);
            // Its own thread went away before it began, because a listener failed.
            if (ticket.state() == Ticket.State.RUNNING) {
                final Run<J, R> run = ticket.run().orElseThrow();
                ticket.abandon();
                slots.stream().filter(slot -> slot.run().filter(now -> now == run).isPresent()).forEach(slot -> slot.end(0));
                dispatch();
            }
            notifyAll();
        }
    }

    private void leave(final Ticket<J, R> ticket, final Runnable end) {
        final Optional<Run<J, R>> abandoned;
        synchronized (this) {
            if (ticket.state() == Ticket.State.ENDED || ticket.state() == Ticket.State.RUNNING && ticket.run().orElseThrow().alone()) return;
            final Optional<Run<J, R>> run = ticket.run();
            end.run();
            line.remove(ticket);
            abandoned = run.filter(now -> now.tickets().stream().allMatch(one -> one.state() == Ticket.State.ENDED));
            dispatch();
        }
        abandoned.ifPresent(run -> run.cancel().cancel());
    }

    /** Called by those who wait, at intervals. */
    synchronized void look() {
        if (slots.stream().anyMatch(Slot::isFree)) dispatch();
    }

    /** @return how long one who waits may wait before it looks */
    synchronized long patienceNanos() {
        return limits.companyNanos() > 0 && !line.isEmpty() && slots.stream().anyMatch(Slot::isFree) ? Math.min(limits.companyNanos(), LOOK_NANOS) : LOOK_NANOS;
    }

    /** @return how things stand */
    public synchronized QueueSnapshot snapshot() {
        final long now = clock.getAsLong();
        final Forecast<J, R> forecast = new Forecast<>(slots, times, now);
        long longest = 0;
        for (final Ticket<J, R> ticket : line.order()) {
            if (!slots.isEmpty()) forecast.place(ticket.job(), allowed(ticket));
            longest = Math.max(longest, now - ticket.cameNanos());
        }
        return new QueueSnapshot(line.size(Priority.INTERACTIVE), line.size(Priority.BATCH), longest / NANOS_PER_MILLI, forecast.newcomerMillis(),
            slots.stream().map(slot -> slot.snapshot(now)).toList());
    }

    /**
     * Cancels what waits and what runs, waits for it to stop, closes the instances, and refuses what comes later.
     *
     * @return whether the thread was interrupted meanwhile; the caller interrupts it again when it has closed the rest
     */
    public boolean end() {
        final List<CancelToken> toCancel;
        synchronized (this) {
            ended = true;
            toCancel = inHand.stream().map(Ticket::cancel).toList();
        }
        toCancel.forEach(CancelToken::cancel);
        boolean interrupted = false;
        final List<Slot<J, R>> toClose;
        synchronized (this) {
            while (!inHand.isEmpty() || !retired.isEmpty() || slots.stream().anyMatch(slot -> !slot.isFree())) {
                try {
                    wait();
                }
                catch (final InterruptedException e) {
                    interrupted = true;
                }
            }
            toClose = List.copyOf(slots);
            slots.clear();
        }
        threads.shutdown();
        toClose.forEach(slot -> slot.instance().close());
        return interrupted;
    }
}
