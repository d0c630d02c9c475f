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
package net.diffusionj.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.scijava.service.SciJavaService;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.provider.ProviderReport;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.service.queue.QueueSnapshot;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.HealthWarning;
import net.diffusionj.service.steps.StepsTable;

/**
 * Makes images from prompts and images. Sessions, tokenizers and embeddings stay open between calls for as long as the application lives.
 * <p>
 * Thread-safe. Failures are {@link net.diffusionj.DiffusionJException}; input that cannot be used is its subclass
 * {@link net.diffusionj.InvalidInputException}. Nothing is half-done after either.
 * </p>
 */
public interface DiffusionService extends SciJavaService {

    /**
     * Runs a request on the calling thread.
     *
     * @param request what to make
     * @return what was made
     */
    default DiffusionResult generate(final DiffusionRequest request) {
        return generate(request, DiffusionListener.NONE, new CancelToken()).result();
    }

    /**
     * Runs a request on the calling thread.
     *
     * @param request what to make
     * @param listener is told of progress, on this thread
     * @param cancel stops the work, also inside a model call
     * @return the result, or that it was cancelled
     */
    DiffusionOutcome generate(DiffusionRequest request, DiffusionListener listener, CancelToken cancel);

    /**
     * Runs a request on a thread of the service. Requests of one priority that one caller submits keep the order in which they came; those that are alike may go
     * through a model together.
     *
     * @param request what to make
     * @param listener is told of progress, on that thread
     * @param cancel stops the work, also inside a model call
     * @return completes with the result or the cancellation, or exceptionally with a {@link net.diffusionj.DiffusionJException}
     */
    CompletableFuture<DiffusionOutcome> submit(DiffusionRequest request, DiffusionListener listener, CancelToken cancel);

    /**
     * Runs several requests that share their first steps, on the calling thread.
     *
     * @param request what to make
     * @param listener is told of progress, on this thread
     * @param cancel stops the work, also inside a model call
     * @return one outcome a branch, in their order; all of them cancelled if the work was
     */
    List<DiffusionOutcome> branch(BranchRequest request, DiffusionListener listener, CancelToken cancel);

    /**
     * Tells what a model folder would use where a request leaves a choice open, without running it.
     *
     * @param model as in {@link DiffusionRequest#model()}
     * @return size, steps, guidance, scheduler
     */
    ModelDefaults defaults(String model);

    /**
     * Tells how few steps of which scheduler a model needs, if {@code bench --quality} has measured it on this machine.
     *
     * @param model as in {@link DiffusionRequest#model()}
     * @return what was measured; empty if nothing was
     */
    default Optional<StepsTable> measuredSteps(@SuppressWarnings("unused") final String model) {
        return Optional.empty();
    }

    /**
     * Tells one model from another by what its files hold.
     *
     * @param model as in {@link DiffusionRequest#model()}
     * @return 64 hexadecimal digits
     */
    String modelHash(String model);

    /**
     * Finds out what can run models on this machine, by trying: the first call takes seconds where there is a GPU.
     *
     * @param retry whether to try again those whose library once ended the program
     * @return a report on each execution provider
     */
    List<ProviderReport> providers(boolean retry);

    /** @return sessions that are open now, those of every instance */
    List<OpenSession> openSessions();

    /**
     * @param model a file that is open
     * @param keep whether it is to stay open while nobody uses it, in every instance
     */
    void pin(Path model, boolean keep);

    /** @return records of the latest generations, the latest last */
    List<GenerationRecord> records();

    /** @return what was measured since the service began that a person should act on, each once */
    List<HealthWarning> healthWarnings();

    /** @param states of the machine's GPUs now, which somebody has looked at; what they show is warned of */
    void look(List<GpuState> states);

    /** @return who waits, what runs, and for how long still; nothing where a service has no queue */
    default QueueSnapshot queue() {
        return QueueSnapshot.EMPTY;
    }

    /** @return the engine under the service, for services that build on it; stays this one's to close. Empty where a service has none */
    default Optional<DiffusionEngine> engine() {
        return Optional.empty();
    }

    /** Closes every session and cache that nobody uses at the moment and returns native memory to the system. */
    void releaseMemory();
}
