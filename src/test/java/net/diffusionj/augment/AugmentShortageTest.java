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
package net.diffusionj.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.Checks;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.augment.run.LabelGate;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.ModelDefaults;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;

/**
 * A disk or a memory that is full at some moment ends a run, and the next one ends as if nothing had been. {@code scripts/experiment/full_disk.py} does it with
 * a real file system that fills; here the limit is one on the size of files, which breaks off writing in the middle of a file or of a row.
 */
@Timeout(300)
class AugmentShortageTest {

    private static final int VARIANTS = 6;

    private static DiffusionEngine diffusion;

    @TempDir
    private Path folder;

    private Path whole;

    @BeforeAll
    static void open() {
        diffusion = new DiffusionEngine(Folders.HOME);
    }

    @AfterAll
    static void close() {
        diffusion.close();
    }

    @BeforeEach
    void wholeRun() throws IOException {
        AugmentFixture.sources(folder.resolve("images"), folder.resolve("labels"), "a", "b", "c", "d");
        whole = folder.resolve("whole");
        run(Drawer.of(diffusion), AugmentFixture.NOISE_AND_GATE, whole);
    }

    private void run(final Drawer drawer, final ChecksMaker checks, final Path output) {
        new AugmentEngine(drawer, checks).run(AugmentFixture.into(AugmentKills.request(folder, VARIANTS), output), AugmentListener.NONE, new CancelToken());
    }

    /** The child: augments with a limit on the size of files. */
    public static final class Child {

        private Child() {}

        /** @param args folder with the sources, output folder, most bytes of a file
         *  @throws Exception if the limit cannot be set */
        public static void main(final String[] args) throws Exception {
            try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
                engine.defaults(AugmentKills.request(Path.of(args[0]), VARIANTS).draw().model());
                final String self = Long.toString(ProcessHandle.current().pid());
                if (new ProcessBuilder("prlimit", "--pid", self, "--fsize=" + args[2]).start().waitFor() != 0) throw new IOException("prlimit failed");
                new AugmentEngine(Drawer.of(engine), AugmentFixture.NOISE_AND_GATE)
                    .run(AugmentFixture.into(AugmentKills.request(Path.of(args[0]), VARIANTS), Path.of(args[1])), AugmentListener.NONE, new CancelToken());
                System.out.println("made");
            }
            catch (final DiffusionJException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatFillsInTheMiddleLosesNothing() throws IOException {
        final Path filled = folder.resolve("filled");
        final Map<String, FileTime> made = new HashMap<>();
        final long image = Files.size(whole.resolve("a_001.tif"));
        final long table = Files.size(whole.resolve("manifest.csv"));
        final long json = Files.size(whole.resolve("manifest.json"));
        // Within an image, a row in the middle, the last record.
        for (final long most : new long[] {image / 2, table / 3, json - 100}) {
            try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx300m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"), folder.toString(),
                filled.toString(), Long.toString(most))) {
                child.waitForEnd();
                assertTrue(child.output().contains("refused: ") && child.output().contains("could not be written"), most + ": " + child.output());
            }
            AugmentKills.checkWhole(filled, whole, made);
            assertTrue(AugmentFixture.hashes(filled).keySet().stream().noneMatch(name -> name.contains(".part")), AugmentFixture.hashes(filled).toString());
        }
        assertFalse(made.isEmpty());
        run(Drawer.of(diffusion), AugmentFixture.NOISE_AND_GATE, filled);
        AugmentKills.checkWhole(filled, whole, made);
        assertEquals(AugmentFixture.hashes(whole), AugmentFixture.hashes(filled));
    }

    /** Runs out of memory once, at a call that is counted down to. */
    private static void use(final AtomicInteger left) {
        if (left.decrementAndGet() == 0) throw new OutOfMemoryError("Java heap space");
    }

    private record Short(Drawer drawer, AtomicInteger left) implements Drawer {
        @Override
        public DiffusionOutcome draw(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
            use(left);
            return drawer.draw(request, listener, cancel);
        }

        @Override
        public ModelDefaults defaults(final String model) {
            return drawer.defaults(model);
        }

        @Override
        public String modelHash(final String model) {
            return drawer.modelHash(model);
        }

        @Override
        public int threads() {
            return drawer.threads();
        }
    }

    @Test
    void memoryThatRunsOutInTheMiddleLosesNothing() throws IOException {
        final Path output = folder.resolve("short");
        final Map<String, FileTime> made = new HashMap<>();
        final Random random = new Random(3);
        final LabelGate gate = AugmentFixture.oneOf(2);
        for (int moment = 0; moment < 8; moment++) {
            final AtomicInteger draws = new AtomicInteger(moment % 2 == 0 ? 1 + random.nextInt(3) : Integer.MAX_VALUE);
            final AtomicInteger checks = new AtomicInteger(moment % 2 == 1 ? 1 + random.nextInt(9) : Integer.MAX_VALUE);
            final ChecksMaker running = (request, plan, camera, listener) -> new Checks(AugmentFixture.NOISE_AND_GATE.make(request, plan, camera, listener)
                .cameras(), Optional.of((source, labels) -> image -> {
                    use(checks);
                    return gate.forSource(source, labels).check(image);
                }), request.filter(), Optional.empty());
            assertThrows(OutOfMemoryError.class, () -> run(new Short(Drawer.of(diffusion), draws), running, output));
            AugmentKills.checkWhole(output, whole, made);
            assertTrue(AugmentFixture.hashes(output).keySet().stream().noneMatch(name -> name.contains(".part")));
        }
        run(Drawer.of(diffusion), AugmentFixture.NOISE_AND_GATE, output);
        AugmentKills.checkWhole(output, whole, made);
        assertEquals(AugmentFixture.hashes(whole), AugmentFixture.hashes(output));
    }
}
