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
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scijava.Context;
import org.scijava.command.CommandService;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.commands.MemoryUse;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.ort.memory.MemoryFigures;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderReport;
import net.diffusionj.ort.session.OnnxSessionService;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** The sessions of a real SciJava context: one cache for everybody in it. */
@Timeout(120)
class OnnxSessionServiceTest {

    private static final Path MODELS = Folders.RESOURCES.resolve("models").toAbsolutePath();
    private static final Path UNET = MODELS.resolve("turbo/unet/model.onnx");
    private static final String THREADS = "diffusionj.cpu.threads";

    private String homeBefore;
    private Context context;
    private DiffusionService diffusion;
    private OnnxSessionService sessions;

    @BeforeEach
    void open() {
        homeBefore = System.getProperty(DiffusionHome.PROPERTY);
        System.setProperty(DiffusionHome.PROPERTY, Folders.HOME.toString());
        context = new Context(DiffusionService.class, CommandService.class);
        diffusion = context.service(DiffusionService.class);
        sessions = context.service(OnnxSessionService.class);
    }

    @AfterEach
    void close() {
        context.dispose();
        System.clearProperty(THREADS);
        if (homeBefore == null) System.clearProperty(DiffusionHome.PROPERTY);
        else System.setProperty(DiffusionHome.PROPERTY, homeBefore);
    }

    private static DiffusionRequest.Builder turbo() {
        return DiffusionRequest.prompt("sparse bright nuclei").model(Models.of("turbo").toString()).provider("cpu").seed(11);
    }

    private List<String> openFiles() {
        return sessions.open().stream().map(session -> MODELS.relativize(session.file()).toString().replace('\\', '/')).sorted().toList();
    }

    @Test
    void aGenerationAndAScriptUseTheSameSessions() {
        assertEquals(List.of(), sessions.open(), "nothing is opened before it is needed");
        diffusion.generate(turbo().build());
        final List<String> three = List.of("turbo/text_encoder/model.onnx", "turbo/unet/model.onnx", "turbo/vae_decoder/model.onnx");
        assertEquals(three, openFiles());
        try (SessionLease lease = sessions.lease(UNET, ProviderChoice.CPU)) {
            assertEquals(three, openFiles(), "it was open already");
            final OpenSession mine = sessions.open().stream().filter(session -> session.file().equals(lease.file())).findFirst().orElseThrow();
            assertEquals(1, mine.leases());
            assertEquals(List.of(ExecutionProvider.CPU), mine.providers());
            assertTrue(mine.ramBytes() > 0 && mine.gpu().isEmpty());
            sessions.release();
            assertEquals(List.of("turbo/unet/model.onnx"), openFiles(), "what is lent stays");
        }
        diffusion.releaseMemory();
        assertEquals(List.of(), sessions.open());
    }

    @Test
    void whatAScriptPinsOutlivesARelease() {
        sessions.cache().pin(UNET);
        diffusion.generate(turbo().build());
        diffusion.releaseMemory();
        assertEquals(List.of("turbo/unet/model.onnx"), openFiles());
        assertTrue(sessions.open().get(0).pinned());
        sessions.cache().unpin(UNET);
        sessions.release();
        assertEquals(List.of(), sessions.open());
    }

    @Test
    void figuresAddUp() {
        diffusion.generate(turbo().build());
        final MemoryFigures memory = sessions.memory();
        assertEquals(sessions.open().stream().mapToLong(OpenSession::ramBytes).sum(), memory.sessionRamBytes());
        assertTrue(memory.sessionRamBytes() > 0 && memory.sessionRamBytes() < memory.limits().maxRamBytes());
        assertTrue(memory.sessionGpuBytes().isEmpty());
        assertTrue(memory.totalBytes().orElseThrow() > memory.residentBytes().orElse(0));
    }

    @Test
    void theCommandListsWhatIsOpen() throws Exception {
        diffusion.generate(turbo().build());
        final List<?> report = (List<?>) context.service(CommandService.class).run(MemoryUse.class, false).get().getOutput("report");
        assertEquals(5, report.size(), report.toString());
        assertTrue(report.stream().anyMatch(line -> line.toString().matches(".*turbo.unet.model\\.onnx on cpu: \\d+ MB, unused for \\d+ s")),
            report.toString());
        assertTrue(report.get(3).toString().matches("open models: \\d+ MB of at most \\d+ MB"), report.toString());
    }

    @Test
    void everyProviderIsListedWithItsReason() {
        final List<ProviderReport> reports = sessions.providers(false);
        assertEquals(List.of(ExecutionProvider.values()), reports.stream().map(ProviderReport::provider).toList());
        assertTrue(reports.get(0).works());
        for (final ProviderReport report : reports) assertEquals(report.works(), report.reason().isEmpty(), report.toString());
        assertEquals(reports, diffusion.providers(false));
    }

    @Test
    void otherSettingsMakeAnotherCacheAndWhatIsLentComesBackToTheOldOne() {
        final SessionCache before = sessions.cache();
        assertSame(before, sessions.cache());
        final SessionLease lease = sessions.lease(UNET, ProviderChoice.CPU);
        System.setProperty(THREADS, "1");
        assertNotSame(before, sessions.cache());
        assertThrows(DiffusionJException.class, () -> before.lease(UNET, ProviderChoice.CPU).close());
        assertEquals(1, before.size());
        assertFalse(lease.inputs().isEmpty());
        lease.close();
        assertEquals(0, before.size());
        diffusion.generate(turbo().build());
        assertEquals(3, sessions.cache().size(), "generations go with it");
    }

    @Test
    void disposingTheContextEndsRunsAndClosesEverything() throws Exception {
        final CountDownLatch running = new CountDownLatch(1);
        final CompletableFuture<DiffusionOutcome> run = CompletableFuture.supplyAsync(() -> diffusion.generate(turbo().steps(900).scheduler("ddim").build(),
            new DiffusionListener() {
                @Override
                public void step(final int step, final int steps, final int imageIndex) {
                    running.countDown();
                }
            }, new CancelToken()));
        assertTrue(running.await(60, TimeUnit.SECONDS));
        final SessionCache cache = sessions.cache();
        context.dispose();
        assertTrue(run.get(10, TimeUnit.SECONDS).isCancelled());
        assertEquals(0, cache.size());
        assertThrows(DiffusionJException.class, () -> sessions.lease(UNET, ProviderChoice.CPU).close());
        assertThrows(DiffusionJException.class, () -> diffusion.generate(turbo().build()));
    }
}
