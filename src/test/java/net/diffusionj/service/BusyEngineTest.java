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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.runtime.ProviderFailedException;
import net.diffusionj.pipeline.Reuse;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.service.queue.QueueFullException;
import net.diffusionj.service.record.GenerationLog;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.GenerationRecord.End;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

import net.imglib2.converter.Converters;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/** An engine that is asked for more than it can do, whose instance dies, or whose disk is full: what callers are told, and what the records say. */
@Timeout(120)
class BusyEngineTest {

    private static final long MILLIS = 300;

    @TempDir
    private Path home;
    private Optional<DiffusionEngine> engine = Optional.empty();

    private DiffusionEngine engine(final String settings, final Consumer<String> watcher) throws IOException {
        Files.createSymbolicLink(home.resolve("native"), Files.createDirectories(Folders.HOME.resolve("native")));
        Files.writeString(home.resolve("settings.json"), settings);
        engine = Optional.of(new DiffusionEngine(home, new Reuse(), watcher));
        return engine.get();
    }

    @AfterEach
    void close() {
        engine.ifPresent(DiffusionEngine::close);
    }

    private static DiffusionRequest.Builder request() {
        return DiffusionRequest.prompt("cells").model(Models.of("sd1").toString()).steps(2).scheduler("ddim").seed(5);
    }

    private DiffusionOutcome ask(final DiffusionListener listener, final CancelToken cancel) {
        return engine.orElseThrow().generate(request().build(), listener, cancel);
    }

    private GenerationRecord last() {
        final List<GenerationRecord> records = engine.orElseThrow().records();
        return records.get(records.size() - 1);
    }

    private static void sleep() {
        try {
            Thread.sleep(MILLIS);
        }
        catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A listener that is in a stage until it is let go. */
    private static final class Held implements DiffusionListener {
        private final Stage where;
        private final CountDownLatch there = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        Held(final Stage where) {
            this.where = where;
        }

        @Override
        public void stage(final Stage stage) {
            if (stage != where) return;
            there.countDown();
            if (where == Stage.WAITING) return;
            try {
                goOn.await();
            }
            catch (final InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aFullQueueAndACancelWhileWaitingAreToldAndTheNextRequestWorks() throws Exception {
        engine("{\"queue.most\": \"1\"}", instance -> {});
        final Held running = new Held(Stage.LOADING);
        final CompletableFuture<DiffusionOutcome> first = CompletableFuture.supplyAsync(() -> ask(running, new CancelToken()));
        running.there.await();
        final Held waiting = new Held(Stage.WAITING);
        final CancelToken cancel = new CancelToken();
        final CompletableFuture<DiffusionOutcome> second = CompletableFuture.supplyAsync(() -> ask(waiting, cancel));
        waiting.there.await();
        final QueueFullException full = assertThrows(QueueFullException.class, () -> ask(DiffusionListener.NONE, new CancelToken()));
        assertEquals(1, full.waiting());
        assertTrue(full.getMessage().contains("queue.most"), full.getMessage());
        assertEquals(new GenerationRecord.Outcome(End.FAILED, "failure"), last().outcome());
        assertEquals(List.of(), last().times().steps(), "nothing of it was begun");
        cancel.cancel();
        assertEquals(Stage.WAITING, assertInstanceOf(DiffusionOutcome.Cancelled.class, second.get()).stage());
        assertEquals(new GenerationRecord.Outcome(End.CANCELLED, Stage.WAITING.text()), last().outcome());
        running.goOn.countDown();
        first.get().result();
        ask(DiffusionListener.NONE, new CancelToken()).result();
        assertEquals(List.of(End.FAILED, End.CANCELLED, End.MADE, End.MADE),
            new GenerationLog(home).read(10).records().stream().map(record -> record.outcome().end()).toList());
    }

    @Test
    void whatIsReadBeforeTheQueueIsNoWait() throws IOException {
        engine("{}", instance -> {});
        final AtomicInteger looks = new AtomicInteger();
        final var slow = Converters.<UnsignedByteType, UnsignedByteType>convert(ArrayImgs.unsignedBytes(32, 32), (in, out) -> {
            if (looks.getAndIncrement() == 0) sleep();
            out.set(in);
        }, new UnsignedByteType());
        engine.orElseThrow().generate(request().image(slow).strength(0.5).build(), DiffusionListener.NONE, new CancelToken()).result();
        assertTrue(looks.get() > 0);
        final GenerationRecord.StageMillis times = last().times();
        assertTrue(times.load() >= MILLIS && times.queue() <= times.total() - MILLIS, times::toString);
    }

    @Test
    void anInstanceThatDiesInTheMiddleHandsOnAndItsTimeIsNoWait() throws IOException {
        final AtomicInteger calls = new AtomicInteger();
        engine("{\"instances\": \"2\", \"cpu.threads\": \"2\"}", instance -> {
            // The first call comes before the run, the second after its first step.
            if (calls.incrementAndGet() != 2) return;
            sleep();
            throw new ProviderFailedException("the GPU was lost", null);
        });
        final float[] made = ask(DiffusionListener.NONE, new CancelToken()).result().latents().orElseThrow().values();
        final GenerationRecord.StageMillis times = last().times();
        assertTrue(times.queue() <= times.total() - MILLIS, times::toString);
        assertEquals(1, last().origin().instance(), "the other one");
        assertEquals(2, times.steps().size(), "of what was made, not of what broke off");
        assertArrayEquals(made, ask(DiffusionListener.NONE, new CancelToken()).result().latents().orElseThrow().values());
        assertEquals(1, engine.orElseThrow().queue().instances().stream().mapToLong(state -> state.failures()).sum());
    }

    /** The CPU stands for GPUs that are not there. */
    private record ThreeGpus(int processors) implements InstancePlan.Machine {
        @Override
        public int gpus() {
            return 3;
        }
    }

    @Test
    void severalGpusShareTheWorkWithoutASettingAndOneThatIsLostHandsOn() throws Exception {
        engine("{}", instance -> {}).close();
        final Set<String> worked = ConcurrentHashMap.newKeySet();
        final CountDownLatch allAtWork = new CountDownLatch(3);
        final AtomicBoolean lost = new AtomicBoolean();
        engine = Optional.of(new DiffusionEngine(home, gpu -> {
            if (worked.add(gpu)) {
                allAtWork.countDown();
                await(allAtWork);
            }
            else if (gpu.equals("gpu 1") && lost.compareAndSet(false, true)) throw new ProviderFailedException("the GPU was lost", null);
        }, new ThreeGpus(4)));
        final List<CompletableFuture<DiffusionOutcome>> asked =
            IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(DiffusionListener.NONE, new CancelToken()), work -> new Thread(work).start())).toList();
        final float[] first = asked.get(0).get().result().latents().orElseThrow().values();
        for (final CompletableFuture<DiffusionOutcome> one : asked) assertArrayEquals(first, one.get().result().latents().orElseThrow().values());
        assertEquals(Set.of("gpu 0", "gpu 1", "gpu 2"), worked);
        assertTrue(lost.get());
        assertEquals(List.of(0L, 1L, 0L), engine.orElseThrow().queue().instances().stream().map(state -> state.failures()).toList());
    }

    private static void await(final CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS), "a GPU got no work");
        }
        catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLogOnAFullDiskIsOneWarningAndNoFailure() throws IOException {
        engine("{}", instance -> {});
        final Path log = new GenerationLog(home).file();
        Files.createDirectories(log.getParent());
        Files.createSymbolicLink(log, Path.of("/dev/full"));
        final List<String> warnings = ask(DiffusionListener.NONE, new CancelToken()).result().warnings();
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains("No space left on device") && warnings.get(0).contains("Free some space"), warnings.get(0));
        assertEquals(List.of(), ask(DiffusionListener.NONE, new CancelToken()).result().warnings(), "said once");
        Files.delete(log);
        ask(DiffusionListener.NONE, new CancelToken()).result();
        assertEquals(1, new GenerationLog(home).read(10).records().size(), "there is room again");
    }
}
