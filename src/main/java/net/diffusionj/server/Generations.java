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

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import net.diffusionj.CancelToken;
import net.diffusionj.server.http.Exchange;
import net.diffusionj.server.http.Refusal;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.queue.WaitText;

/**
 * Runs what clients ask for: as a job that stops when the client hangs up, when it takes too long, or when the server stops.
 * <p>
 * Thread-safe.
 * </p>
 */
public final class Generations {

    private final DiffusionEngine engine;
    private final Jobs jobs;
    private final Metrics metrics;
    private final ScheduledExecutorService clock;
    private final Duration longest;

    /**
     * @param engine makes images
     * @param jobs has the requests under way
     * @param metrics counts
     * @param clock for what is due later
     * @param longest that a request may take, its waiting included
     */
    Generations(final DiffusionEngine engine, final Jobs jobs, final Metrics metrics, final ScheduledExecutorService clock, final Duration longest) {
        this.engine = engine;
        this.jobs = jobs;
        this.metrics = metrics;
        this.clock = clock;
        this.longest = longest;
    }

    /** @return the requests under way */
    public Jobs jobs() {
        return jobs;
    }

    /** @return for what is due later */
    public ScheduledExecutorService clock() {
        return clock;
    }

    /**
     * Runs a request on the calling thread.
     *
     * @param exchange of the client
     * @param request what to make
     * @param listener makes a listener for the job, which may be the job itself
     * @return the outcomes, one a branch; cancelled where a client has asked for that
     * @throws Refusal if it was stopped for another reason
     */
    @SuppressWarnings("try") // the registration is held, not used
    public List<DiffusionOutcome> run(final Exchange exchange, final BranchRequest request, final Function<Job, DiffusionListener> listener) {
        final Job job = jobs.begin(exchange.caller(), request.base().batch() * request.branches().size());
        final ScheduledFuture<?> limit = clock.schedule(() -> job.stop(Job.Why.TIME), longest.toMillis(), TimeUnit.MILLISECONDS);
        try (CancelToken.Registration registration = exchange.gone().onCancel(() -> job.stop(Job.Why.GONE))) {
            final List<DiffusionOutcome> outcomes = engine.branch(request, listener.apply(job), job.cancel());
            if (outcomes.stream().anyMatch(DiffusionOutcome::isCancelled)) {
                metrics.ended(job.stopped().orElse(Job.Why.STOPPING).name().toLowerCase(Locale.ROOT));
                refuseUnlessWanted(job);
                return outcomes;
            }
            metrics.ended("made");
            outcomes.forEach(outcome -> metrics.made(outcome.result(), request.base().batch()));
            return outcomes;
        }
        catch (final Refusal refusal) {
            throw refusal;
        }
        catch (final RuntimeException | Error e) {
            metrics.ended("failed");
            throw e;
        }
        finally {
            limit.cancel(false);
            jobs.end(job);
        }
    }

    private void refuseUnlessWanted(final Job job) {
        if (job.stopped().filter(why -> why == Job.Why.INTERRUPTED || why == Job.Why.GONE).isPresent()) return;
        if (job.stopped().filter(why -> why == Job.Why.TIME).isPresent()) {
            throw new Refusal(504, "time", "The request took longer than the " + WaitText.of(longest.toMillis())
                + " that the server gives to one, its waiting included, so nothing was made. Ask for fewer or smaller images, or when fewer wait.");
        }
        throw new Refusal(503, "stopping", "The server is stopping, so nothing was made. Try again when it runs.").retryAfter(30);
    }
}
