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

import java.awt.Toolkit;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

import net.diffusionj.CancelToken;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Models;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first generation beside the first use of AWT. AWT's library sets a system property while the JDK loads it, so that whoever loads libraries with the
 * system properties locked waits for AWT, and AWT for it.
 */
@Timeout(300)
class NativeLockTest {

    /** AWT begins so long after the generation: before, while and after libraries are loaded. */
    private static final int[] DELAYS_MILLIS = {150, 350, 550, 750};

    @Test
    void loadingLibrariesAndAwtDoNotWaitForEachOther(@TempDir final Path folder) {
        for (final int millis : DELAYS_MILLIS) {
            try (ChildJvm child = ChildJvm.start(Child.class, List.of("-XX:+UseSerialGC", "-Djava.awt.headless=true"),
                folder.resolve("home" + millis).toString(), Integer.toString(millis),
                Models.of("sd1").toString())) {
                assertEquals(0, child.waitForEnd(), child::output);
            }
        }
    }

    /** Ends with 0 once both threads are through, with 3 when they wait for each other. */
    public static final class Child {

        private static final int POLL_MILLIS = 50;

        private Child() {}

        /** @param args an empty home, milliseconds, a model
         *  @throws InterruptedException never */
        public static void main(final String[] args) throws InterruptedException {
            final Thread generates = new Thread(() -> {
                try (DiffusionEngine engine = new DiffusionEngine(Path.of(args[0]))) {
                    engine.generate(DiffusionRequest.prompt("c").model(args[2]).seed(1).steps(1).build(), DiffusionListener.NONE, new CancelToken());
                }
            });
            final Thread awt = new Thread(() -> {
                sleep(Integer.parseInt(args[1]));
                Toolkit.getDefaultToolkit();
            });
            generates.setDaemon(true);
            awt.setDaemon(true);
            generates.start();
            awt.start();
            while (generates.isAlive() || awt.isAlive()) {
                final long[] stuck = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
                if (stuck != null) {
                    for (final var thread : ManagementFactory.getThreadMXBean().getThreadInfo(stuck, 20)) System.out.println(thread);
                    Runtime.getRuntime().halt(3);
                }
                Thread.sleep(POLL_MILLIS);
            }
            System.exit(0);
        }

        private static void sleep(final int millis) {
            try {
                Thread.sleep(millis);
            }
            catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
