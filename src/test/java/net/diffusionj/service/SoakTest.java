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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.memory.NativeHeap;
import net.diffusionj.testing.ChildJvm;

/** Many generations of changing sizes and models: memory must not grow. The long form is a command of {@code bench}. */
class SoakTest {

    private static final double MB = 1e6;

    @Test
    void fortyGenerationsTakeNoMoreThanTwenty() {
        Assumptions.assumeTrue(MemoryProbe.ofThisMachine().residentBytes().isPresent(), "only Linux reports the resident memory");
        // A heap of fixed size, touched at the start: what grows is native.
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"))) {
            assertEquals(0, child.waitForEnd(), child::output);
            final double started = megabytes(child, "started");
            final double twenty = megabytes(child, "20");
            final double forty = megabytes(child, "40");
            final double released = megabytes(child, "released");
            assertTrue(forty <= 1.05 * twenty + 5, child::output);
            assertTrue(released <= started + 0.05 * started + 25, child::output);
        }
    }

    private static double megabytes(final ChildJvm child, final String what) {
        return Double.parseDouble(child.output().lines().filter(line -> line.startsWith(what + ": ")).findFirst().orElseThrow().substring(what.length() + 2));
    }

    /** The child. */
    public static final class Child {

        private static final Path MODELS = Path.of("src", "test", "resources", "net", "diffusionj", "models");
        private static final List<String> NAMES = List.of("sd1", "lcm", "sd2-v");

        private Child() {}

        /** @param args none */
        public static void main(final String[] args) {
            try (DiffusionEngine engine = new DiffusionEngine(Path.of("target", "test-home").toAbsolutePath())) {
                for (int i = 0; i < NAMES.size(); i++) generate(engine, i);
                engine.releaseMemory();
                say("started");
                for (int i = 1; i <= 40; i++) {
                    generate(engine, i);
                    if (i % 10 == 0) say(Integer.toString(i));
                }
                engine.releaseMemory();
                NativeHeap.trim();
                say("released");
            }
        }

        private static void generate(final DiffusionEngine engine, final int i) {
            final int sizePx = 32 + i * 3 % 4 * 16;
            engine.generate(DiffusionRequest.prompt("soak " + i).model(MODELS.resolve(NAMES.get(i % NAMES.size())).toString()).size(sizePx, sizePx).steps(2)
                .batch(1 + i % 3).build(), DiffusionListener.NONE, new CancelToken()).result();
        }

        private static void say(final String what) {
            System.out.printf(Locale.ROOT, "%s: %.1f%n", what, MemoryProbe.ofThisMachine().residentBytes().orElseThrow() / MB);
        }
    }
}
