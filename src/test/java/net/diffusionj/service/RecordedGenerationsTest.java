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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.record.GenerationLog;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.service.settings.SettingsFile;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Every generation leaves a record: in the result, in the log, as an event. With a real model of random weights. */
@Timeout(120)
class RecordedGenerationsTest {

    private static final String SECRET = "secret cells";

    @TempDir
    private Path home;
    private Optional<DiffusionEngine> engine = Optional.empty();

    private DiffusionEngine engine() throws IOException {
        if (engine.isEmpty()) {
            // Natives are taken from where the other tests have unpacked them.
            Files.createSymbolicLink(home.resolve("native"), Files.createDirectories(Folders.HOME.resolve("native")));
            engine = Optional.of(new DiffusionEngine(home, new Reuse()));
        }
        return engine.get();
    }

    @AfterEach
    void close() {
        engine.ifPresent(DiffusionEngine::close);
    }

    private static DiffusionRequest.Builder request() {
        return DiffusionRequest.prompt(SECRET).model(Models.of("sd1").toString()).steps(3).scheduler("ddim").seed(5);
    }

    private DiffusionResult make(final DiffusionRequest request) throws IOException {
        return engine().generate(request, DiffusionListener.NONE, new CancelToken()).result();
    }

    private GenerationRecord logged() throws IOException {
        final List<GenerationRecord> records = new GenerationLog(home).read(1).records();
        return records.get(records.size() - 1);
    }

    @Test
    void theResultHasItsRecordAndTheLogHasTheSame() throws IOException {
        final DiffusionResult first = make(request().build());
        final GenerationRecord record = first.record().orElseThrow();
        assertEquals(new GenerationRecord.Outcome(End.MADE, ""), record.outcome());
        assertEquals("sd1", record.work().model());
        assertEquals(List.of(first.image().dimension(0), first.image().dimension(1)), List.of((long) record.work().widthPx(), (long) record.work().heightPx()));
        assertEquals(3, record.times().steps().size());
        assertEquals("cpu", record.work().provider());
        assertEquals(64, record.work().modelHash().orElseThrow().length());
        assertEquals(first.settings().get("scheduler"), record.work().scheduler());
        assertEquals(first.settings().get("onnxruntime"), record.origin().runtime());
        assertEquals(0, record.origin().instance());
        assertEquals(List.of(0, 2), List.of(record.reused().sessionsOpen(), record.reused().embeddingsMade()));
        assertTrue(record.reused().sessionsOpened() >= 3, record::toString);
        assertTrue(record.memory().sessions() >= 3, record::toString);
        final double parts = record.times().queue() + record.times().text() + record.times().denoise() + record.times().decode();
        assertTrue(record.times().total() >= parts && record.times().model() > 0 && record.times().load() > 0, record::toString);
        assertTrue(record.memory().ram().peak().orElse(Long.MAX_VALUE) >= record.memory().ram().after().orElse(0), record::toString);
        assertEquals(record.work(), logged().work());
        assertEquals(record.memory(), logged().memory());
        assertEquals(List.of(record), engine().records());
        final GenerationRecord second = make(request().build()).record().orElseThrow();
        assertEquals(new GenerationRecord.Reused(false, second.reused().sessionsOpen(), 0, 2, 0), second.reused());
        assertTrue(second.reused().sessionsOpen() >= 2, second::toString);
    }

    @Test
    void thePromptIsLoggedOnlyIfASettingAllowsIt() throws IOException {
        make(request().build());
        assertFalse(Files.readString(new GenerationLog(home).file()).contains("secret"));
        new SettingsFile(home).set("record.prompts", "true");
        assertEquals(Optional.of(SECRET), make(request().build()).record().orElseThrow().work().prompt());
        assertEquals(Optional.of(SECRET), logged().work().prompt());
        new SettingsFile(home).set("record.log", "false");
        final long size = Files.size(new GenerationLog(home).file());
        make(request().build());
        assertEquals(size, Files.size(new GenerationLog(home).file()));
    }

    @Test
    void aCancelledAndAFailedOneLeaveRecordsToo() throws IOException {
        final CancelToken cancel = new CancelToken();
        final DiffusionListener stop = new DiffusionListener() {
            @Override
            public void step(final int step, final int steps, final int imageIndex) {
                cancel.cancel();
            }
        };
        assertTrue(engine().generate(request().build(), stop, cancel).isCancelled());
        assertEquals(new GenerationRecord.Outcome(End.CANCELLED, Stage.DENOISING.text()), logged().outcome());
        assertThrows(InvalidInputException.class, () -> make(request().model("/no/such/" + SECRET).build()));
        assertEquals(new GenerationRecord.Outcome(End.FAILED, "input"), logged().outcome());
        assertEquals(0, logged().work().widthPx());
    }

    @Test
    void whatIsFoundInTheResultCacheSaysSo() throws IOException {
        final DiffusionRequest cached = request().useResultCache(true).build();
        make(cached);
        final GenerationRecord record = make(cached).record().orElseThrow();
        assertTrue(record.reused().result(), record::toString);
        assertEquals(List.of(), record.times().steps());
    }

    @Test
    void branchesShareOneRecord() throws IOException {
        final BranchRequest two = new BranchRequest(request().build(), 1, List.of(PipelineBranch.UNCHANGED,
            PipelineBranch.UNCHANGED));
        final List<DiffusionOutcome> made = engine().branch(two, DiffusionListener.NONE, new CancelToken());
        final GenerationRecord record = made.get(1).result().record().orElseThrow();
        assertEquals(record, made.get(0).result().record().orElseThrow());
        assertEquals(2, record.work().images());
        assertEquals(5, record.times().steps().size(), "one shared, two each");
    }

    @Test
    void theWaitInTheQueueIsCounted() throws Exception {
        engine();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final DiffusionListener slow = new DiffusionListener() {
            @Override
            public void stage(final Stage stage) {
                if (stage != Stage.LOADING) return;
                begun.countDown();
                try {
                    goOn.await();
                }
                catch (final InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        final CompletableFuture<?> first = CompletableFuture.runAsync(() -> engine.get().generate(request().build(), slow, new CancelToken()));
        begun.await();
        final CountDownLatch waits = new CountDownLatch(1);
        final DiffusionListener second = new DiffusionListener() {
            @Override
            public void stage(final Stage stage) {
                if (stage == Stage.WAITING) waits.countDown();
            }
        };
        final CompletableFuture<DiffusionOutcome> waiting = CompletableFuture.supplyAsync(() -> engine.get().generate(request().build(), second,
            new CancelToken()));
        waits.await();
        assertEquals(1, engine.get().queue().running());
        assertEquals(1, engine.get().queue().waiting());
        Thread.sleep(200);
        goOn.countDown();
        first.get();
        final double waited = waiting.get().result().record().orElseThrow().times().queue();
        assertTrue(waited >= 200, waited + " ms");
    }

    @Test
    void flightRecorderHasAnEventForEach() throws Exception {
        final Path file = home.resolve("recording.jfr");
        final GenerationRecord record;
        try (Recording recording = new Recording()) {
            recording.enable("net.diffusionj.Generation");
            recording.start();
            record = make(request().build()).record().orElseThrow();
            assertThrows(InvalidInputException.class, () -> make(request().model("/no/such").build()));
            recording.stop();
            recording.dump(file);
        }
        final List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        assertEquals(List.of("MADE", "FAILED"), events.stream().map(event -> event.getString("outcome")).toList());
        final RecordedEvent made = events.get(0);
        assertEquals("sd1", made.getString("model"));
        assertEquals(3, made.getInt("steps"));
        assertEquals(record.times().denoise(), made.getDuration("denoising").toNanos() / 1e6, 0.001);
        assertEquals(record.memory().ram().peak().orElse(0), made.getLong("peakResident"));
        assertTrue(made.getDuration().toNanos() / 1e6 >= record.times().total() * 0.9, made::toString);
        assertFalse(made.toString().contains("secret"), made::toString);
    }

    @Test
    void aLogThatCannotBeWrittenIsOneWarningAndNoFailure() throws IOException {
        engine();
        // A file stands where the folder should be.
        Files.writeString(home.resolve("logs"), "");
        final List<String> warnings = make(request().build()).warnings();
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains(home.resolve("logs").toString()) && warnings.get(0).contains("record.log"), warnings.get(0));
        assertEquals(List.of(), make(request().build()).warnings());
        Files.delete(home.resolve("logs"));
        make(request().build());
        assertEquals(1, new GenerationLog(home).read(10).records().size());
    }
}
