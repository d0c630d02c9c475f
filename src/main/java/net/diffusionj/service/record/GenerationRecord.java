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
package net.diffusionj.service.record;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one generation did and what it took. Immutable. Durations come from the clock that cannot be set; {@link Origin#ended()} alone is the time of day.
 *
 * @param origin who ran it, and when
 * @param outcome how it ended
 * @param work what was asked for, as far as it was known at the end
 * @param times where the time went
 * @param memory what the program had
 * @param reused what was there from earlier runs
 * @param ladder what was done because memory was short, one sentence a step
 * @param fallback why it ran on the CPU where a GPU was wanted; empty if it did not
 */
public record GenerationRecord(Origin origin, Outcome outcome, Work work, StageMillis times, MemoryUse memory, Reused reused, List<String> ladder,
    Optional<String> fallback) {

    /** The form of a line in the log. A higher number means that older programs cannot read it. */
    public static final int VERSION = 1;

    /** Copies the list. */
    public GenerationRecord {
        ladder = List.copyOf(ladder);
    }

    /**
     * Who ran it.
     *
     * @param ended the time of day when it ended: a label, which a clock that is set can put out of order
     * @param process tells processes apart, also those that got the same number one after another
     * @param program DiffusionJ's version
     * @param runtime ONNX Runtime's version; empty if it was not reached
     * @param cuda whether that is ONNX Runtime's GPU build
     * @param instance which instance of the model ran it, from 0
     */
    public record Origin(Instant ended, String process, String program, String runtime, boolean cuda, int instance) {}

    /** How a generation ended. */
    public enum End {
        MADE, CANCELLED, FAILED
    }

    /**
     * How it ended.
     *
     * @param end made, cancelled or failed
     * @param detail the stage of a cancel, the kind of an error; empty for what was made
     */
    public record Outcome(End end, String detail) {}

    /**
     * What was asked for. Sizes are 0 and names empty where the run ended before they were known.
     *
     * @param task txt2img or img2img
     * @param model the model's name
     * @param modelHash SHA-256 over its files; empty while nobody has computed it
     * @param widthPx width that the model worked at
     * @param heightPx its height
     * @param steps denoising steps
     * @param images pictures in all
     * @param scheduler its name
     * @param provider what the UNet ran on
     * @param prompt the prompt; empty unless the setting {@code record.prompts} allows it
     */
    public record Work(String task, String model, Optional<String> modelHash, int widthPx, int heightPx, int steps, int images, String scheduler,
        String provider, Optional<String> prompt) {}

    /**
     * Where the time went, in milliseconds.
     *
     * @param queue waited for its turn, and nothing else
     * @param load read and waited for the model, ONNX Runtime at first included
     * @param text tokens and embeddings
     * @param denoise the denoising loop
     * @param steps each step, at most the first {@value #MOST_STEPS}
     * @param model inside ONNX Runtime, over all stages
     * @param decode latents to pixels
     * @param total from the call to the end, the queue included
     */
    public record StageMillis(double queue, double load, double text, double denoise, List<Double> steps, double model, double decode, double total) {

        static final int MOST_STEPS = 1000;

        /** Copies and cuts the list. */
        public StageMillis {
            steps = List.copyOf(steps.subList(0, Math.min(MOST_STEPS, steps.size())));
        }

        /** @return the middle one of the steps; 0 if there was none */
        public double medianStep() {
            return steps.isEmpty() ? 0 : Trend.median(steps.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /**
     * Memory at three moments, in bytes; empty where the platform does not say.
     *
     * @param before when the run came
     * @param peak the most that was seen meanwhile
     * @param after when it had ended
     */
    public record Span(OptionalLong before, OptionalLong peak, OptionalLong after) {

        /** Nothing is known. */
        public static final Span UNKNOWN = new Span(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    /**
     * What the program had.
     *
     * @param ram what of the process lay in RAM
     * @param heapBytes what of this was Java's heap, looked at now and then; what the heap had taken where that is not known
     * @param gpu what of the run's GPU was taken, by all programs, looked at every two seconds
     * @param sessions models' files that were open at the end
     * @param sessionBytes main and GPU memory that they took when they were opened
     */
    public record MemoryUse(Span ram, long heapBytes, Span gpu, int sessions, long sessionBytes) {}

    /**
     * What was there from earlier runs.
     *
     * @param result whether the result itself was
     * @param sessionsOpen model files that were open already
     * @param sessionsOpened model files that this run opened
     * @param embeddingsFound prompts whose embeddings were kept
     * @param embeddingsMade prompts that went through the text encoder
     */
    public record Reused(boolean result, int sessionsOpen, int sessionsOpened, int embeddingsFound, int embeddingsMade) {

        /** Nothing was. */
        public static final Reused NOTHING = new Reused(false, 0, 0, 0, 0);
    }
}
