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

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A generation in a recording of JDK Flight Recorder: {@code java -XX:StartFlightRecording}, or {@code jcmd PID JFR.start}. Costs nothing while none is made.
 * Its fields are read by JFR. Begun and committed once; not thread-safe.
 */
@Name(GenerationEvent.NAME)
@Label("Generation")
@Category("DiffusionJ")
@Description("One request to DiffusionJ, from the call to its end")
@StackTrace(false)
final class GenerationEvent extends Event {

    static final String NAME = "net.diffusionj.Generation";

    @Label("Outcome")
    String outcome;
    @Label("Detail")
    @Description("The stage of a cancel, the kind of an error")
    String detail;
    @Label("Model")
    String model;
    @Label("Model Hash")
    String modelHash;
    @Label("Provider")
    String provider;
    @Label("Scheduler")
    String scheduler;
    @Label("Instance")
    int instance;
    @Label("Width")
    int widthPx;
    @Label("Height")
    int heightPx;
    @Label("Steps")
    int steps;
    @Label("Images")
    int images;
    @Label("Queue Wait")
    @Timespan(Timespan.NANOSECONDS)
    long queueWait;
    @Label("Load Wait")
    @Timespan(Timespan.NANOSECONDS)
    long loadWait;
    @Label("Denoising")
    @Timespan(Timespan.NANOSECONDS)
    long denoising;
    @Label("Median Step")
    @Timespan(Timespan.NANOSECONDS)
    long medianStep;
    @Label("Inside ONNX Runtime")
    @Timespan(Timespan.NANOSECONDS)
    long insideModel;
    @Label("Decoding")
    @Timespan(Timespan.NANOSECONDS)
    long decoding;
    @Label("Peak Resident Memory")
    @DataAmount(DataAmount.BYTES)
    long peakResident;
    @Label("Peak GPU Memory")
    @DataAmount(DataAmount.BYTES)
    long peakGpu;
    @Label("Sessions Opened")
    int sessionsOpened;
    @Label("Embeddings Found")
    int embeddingsFound;
    @Label("Memory Ladder Steps")
    int ladderSteps;

    /** @return whether this Java has Flight Recorder: a runtime that was cut down may lack it */
    static boolean isAvailable() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    }

    /** @param record what to commit, if anybody records */
    void commit(final GenerationRecord record) {
        if (!shouldCommit()) return;
        outcome = record.outcome().end().name();
        detail = record.outcome().detail();
        model = record.work().model();
        modelHash = record.work().modelHash().orElse("");
        provider = record.work().provider();
        scheduler = record.work().scheduler();
        instance = record.origin().instance();
        widthPx = record.work().widthPx();
        heightPx = record.work().heightPx();
        steps = record.work().steps();
        images = record.work().images();
        queueWait = nanos(record.times().queue());
        loadWait = nanos(record.times().load());
        denoising = nanos(record.times().denoise());
        medianStep = nanos(record.times().medianStep());
        insideModel = nanos(record.times().model());
        decoding = nanos(record.times().decode());
        peakResident = record.memory().ram().peak().orElse(0);
        peakGpu = record.memory().gpu().peak().orElse(0);
        sessionsOpened = record.reused().sessionsOpened();
        embeddingsFound = record.reused().embeddingsFound();
        ladderSteps = record.ladder().size();
        commit();
    }

    private static long nanos(final double millis) {
        return Math.round(millis * 1e6);
    }
}
