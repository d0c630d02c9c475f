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

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import net.diffusionj.DiffusionJException;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.record.GenerationNotes;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.service.record.GenerationRecord.Outcome;
import net.diffusionj.service.record.GenerationRecorder;
import net.diffusionj.service.settings.RecordSettings;
import net.diffusionj.service.settings.Settings;

/** Sees to it that every run leaves a record, however it ends. Thread-safe. */
final class RecordedRuns {

    private final GenerationRecorder recorder;
    private final Supplier<Settings> settings;

    RecordedRuns(final GenerationRecorder recorder, final Supplier<Settings> settings) {
        this.recorder = recorder;
        this.settings = settings;
    }

    /**
     * @param request what is asked for
     * @return notes for its run
     */
    GenerationNotes begin(final DiffusionRequest request) {
        final GenerationNotes notes = recorder.begin();
        RunNotes.asked(notes, request);
        return notes;
    }

    /**
     * @param progress of a run that has yet to begin
     * @param work belongs to it
     * @param <T> what it makes
     * @return what it made; if it fails, so has the run
     */
    <T> T orFailed(final Progress progress, final Supplier<T> work) {
        try {
            return work.get();
        }
        catch (final RuntimeException | Error e) {
            end(progress, RunNotes.failed(e));
            throw e;
        }
    }

    /**
     * @param progress of the run, with its notes
     * @param run makes something; empty if it was cancelled
     * @param stage at which it was
     * @param finish puts the record into what was made
     * @param <T> what is made
     * @return what was made, with its record
     */
    <T> Optional<T> run(final Progress progress, final Supplier<Optional<T>> run, final Supplier<Stage> stage,
        final BiFunction<T, GenerationRecord, T> finish) {
        final Optional<T> made = orFailed(progress, run);
        final GenerationRecord record = end(progress, made.isPresent() ? new Outcome(End.MADE, "") : RunNotes.cancelled(stage.get()));
        return made.map(value -> finish.apply(value, record));
    }

    private GenerationRecord end(final Progress progress, final Outcome outcome) {
        return recorder.end(progress.notes(), outcome, recordSettings(), progress::warning);
    }

    /** Settings that cannot be read are the run's failure, which is to be recorded too. */
    private RecordSettings recordSettings() {
        try {
            return settings.get().record();
        }
        catch (final DiffusionJException e) {
            return Settings.DEFAULTS.record();
        }
    }
}
