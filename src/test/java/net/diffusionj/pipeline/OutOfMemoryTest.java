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
package net.diffusionj.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.memory.NativeHeap;
import net.diffusionj.ort.runtime.InsufficientMemoryException;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerKind;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** Runs out of memory for real, in a second JVM whose address space is limited once everything is loaded. */
class OutOfMemoryTest {

    private static final int SMALL_PX = 64;
    private static final int LARGE_PX = 384;
    /** One row of the UNet's attention takes 2 heads x 16384 x 16384 x 4 bytes here: more than the limit leaves. */
    private static final int IMPOSSIBLE_PX = 1024;
    /** Share of what the large picture takes that the limit leaves it. */
    private static final double SHARE = 0.45;

    @Test
    @EnabledOnOs(OS.LINUX)
    void goesOnInSmallerPiecesAndTheNextGenerationWorks(@TempDir final Path folder) throws IOException {
        Models.copy("sd1", folder);
        // Says that it was made for 512 pixels, so that 1024 still go through in one piece and not in tiles.
        final Path unet = folder.resolve("unet").resolve("config.json");
        final String config = Files.readString(unet);
        assertTrue(config.contains("\"sample_size\": 8"), config);
        Files.writeString(unet, config.replace("\"sample_size\": 8", "\"sample_size\": 64"));
        // A decoder that takes as much memory as a real one, without its weights.
        Files.copy(Folders.RESOURCES.resolve("ort").resolve("greedy.onnx"), folder.resolve("vae_decoder").resolve("model.onnx"),
            StandardCopyOption.REPLACE_EXISTING);
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xms300m", "-Xmx300m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            folder.toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            assertTrue(child.output().lines().anyMatch("done"::equals), child::output);
        }
    }

    /** The child: every expectation of its own ends it with a stack trace. */
    public static final class Child {

        private Child() {}

        /** @param args the model's folder
         *  @throws Exception if something is not as it should be */
        public static void main(final String[] args) throws Exception {
            final ModelFolder folder = ModelFolder.open(Path.of(args[0]));
            try (OpenTestModels models = new OpenTestModels()) {
                require(generate(models, folder, SMALL_PX, 1).warnings().isEmpty(), "a small picture needs no ladder");
                settle();
                final long before = address("VmSize:");
                final PipelineResult whole = generate(models, folder, LARGE_PX, 4);
                require(whole.warnings().isEmpty(), "nothing is limited yet");
                final long need = address("VmPeak:") - before;
                settle();
                final long limit = address("VmSize:") + (long) (need * SHARE);
                System.out.println("the large pictures take " + need + " bytes; limit " + limit);
                final Process prlimit =
                    new ProcessBuilder("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), "--as=" + limit + ':' + limit).start();
                require(prlimit.waitFor() == 0, "prlimit worked");

                final PipelineResult limited = generate(models, folder, LARGE_PX, 4);
                System.out.println(limited.warnings());
                require(limited.warnings().stream().anyMatch(text -> text.contains("UNet") && text.contains("passes")), "the group was split");
                require(limited.warnings().stream().anyMatch(text -> text.contains("VAE decoder") && text.contains("tiles")), "the VAE was tiled");
                require(furthest(whole.latents(), limited.latents()) < 1e-3, "the same latents");
                require(furthest(whole.pixels().values(), limited.pixels().values()) < 0.7, "pixels differ at the edges of tiles only");
                require(generate(models, folder, SMALL_PX, 1).warnings().isEmpty(), "the next generation works as if nothing had been");

                require(fails(models, folder), "what cannot work fails with a clear error");
                require(generate(models, folder, SMALL_PX, 2).warnings().isEmpty(), "and the next generation works");
            }
            System.out.println("done");
        }

        private static boolean fails(final OpenTestModels models, final ModelFolder folder) {
            try {
                generate(models, folder, IMPOSSIBLE_PX, 1);
                return false;
            }
            catch (final InsufficientMemoryException e) {
                System.out.println(e.getMessage());
                return e.getMessage().contains("smaller image");
            }
        }

        private static PipelineResult generate(final OpenTestModels models, final ModelFolder folder, final int sizePx, final int images) {
            final PipelineRequest request = new PipelineRequest("cells", "", 5, 2, 7, images, sizePx, sizePx,
                Schedulers.create(SchedulerKind.DDIM, folder.schedulerConfig()), 1, Optional.empty(), Optional.empty());
            return models.use(folder, false, model -> OpenTestModels.run(model, request));
        }

        /** Garbage with native memory behind it goes, and what was freed. */
        private static void settle() {
            System.gc();
            NativeHeap.trim();
        }

        private static long address(final String field) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
                return 1024 * Long.parseLong(lines.filter(line -> line.startsWith(field)).findFirst().orElseThrow().replaceAll("\\D", ""));
            }
            catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static double furthest(final float[] a, final float[] b) {
            double furthest = 0;
            for (int i = 0; i < a.length; i++) furthest = Math.max(furthest, Math.abs(a[i] - b[i]));
            System.out.println("largest difference " + furthest);
            return furthest;
        }

        private static void require(final boolean condition, final String what) {
            if (!condition) throw new AssertionError("expected: " + what);
        }
    }
}
