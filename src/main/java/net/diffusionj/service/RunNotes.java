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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.memory.GpuDevice;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.pipeline.LoadedModel;
import net.diffusionj.pipeline.PipelineRequest;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.record.GenerationNotes;
import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.service.record.GenerationRecord.Outcome;
import net.diffusionj.service.record.GenerationRecord.Reused;
import net.diffusionj.service.record.GenerationRecord.StageMillis;
import net.diffusionj.service.record.GenerationRecord.Work;

/** Puts what requests, models and results say into the notes for the record. Stateless. */
final class RunNotes {

    private RunNotes() {}

    static void asked(final GenerationNotes notes, final DiffusionRequest request) {
        notes.work(new Work(request.image().isPresent() ? "img2img" : "txt2img", request.model(), Optional.empty(), 0, 0, 0, request.batch(),
            request.scheduler(), "", Optional.of(request.prompt())));
    }

    static void resolved(final GenerationNotes notes, final ResolvedRun run, final int branches) {
        final PipelineRequest settings = run.settings();
        notes.work(new Work(run.source().isPresent() ? "img2img" : "txt2img", run.folder().name(), Optional.empty(), settings.widthPx(), settings.heightPx(),
            settings.steps(), settings.images() * branches, run.scheduler().id(), "", Optional.of(settings.prompt())));
    }

    /** Called once the UNet is open; before, the question would wait for it. */
    static void provider(final GenerationNotes notes, final LoadedModel model, final SessionCache cache) {
        final List<ExecutionProvider> providers = model.providers();
        notes.provider(providers.get(0).id(), GpuDevice.of(providers, cache.providers().options())
            .filter(device -> device.provider() == ExecutionProvider.CUDA).map(GpuDevice::index));
        notes.runtime(cache.onnx().version(), cache.onnx().natives().carriesCuda());
    }

    /** Also for a run that has failed. */
    static void model(final GenerationNotes notes, final LoadedModel model) {
        notes.reused(new Reused(false, model.partsFound(), model.partsOpened(), model.embeddingsFound(), model.embeddingsMade()));
        notes.ladder(model.memorySteps());
    }

    /** @param results of one run, which shared what the first one's times count */
    static void times(final GenerationNotes notes, final List<DiffusionResult> results) {
        final List<Double> steps = new ArrayList<>();
        results.forEach(result -> steps.addAll(result.timings().stepMillis()));
        notes.times(new StageMillis(0, results.get(0).timings().loadMillis(), results.stream().mapToDouble(r -> r.timings().textMillis()).sum(),
            results.stream().mapToDouble(r -> r.timings().denoiseMillis()).sum(), steps, results.stream().mapToDouble(r -> r.timings().modelMillis()).sum(),
            results.stream().mapToDouble(r -> r.timings().decodeMillis()).sum(), 0));
    }

    static Outcome cancelled(final Stage stage) {
        return new Outcome(End.CANCELLED, stage.text());
    }

    /** Kinds instead of messages, which may name files and prompts. */
    static Outcome failed(final Throwable failure) {
        final String kind = failure instanceof InvalidInputException ? "input" : failure instanceof InsufficientMemoryException ? "memory"
            : failure instanceof DiffusionJException ? "failure" : failure.getClass().getSimpleName();
        return new Outcome(End.FAILED, kind);
    }
}
