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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.CancelToken;
import net.diffusionj.DiffusionJException;
import net.diffusionj.testing.ChildJvm;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/**
 * Weights that are written over in place, byte by byte as {@code cp} does, while their session is open. ONNX Runtime has them mapped, and touching a mapping
 * that has become too short ends a JVM, so this happens in a second one.
 * Windows lets nobody write over a file that is mapped.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(120)
class ReplacedInPlaceTest {

    @TempDir
    private Path folder;

    /** The child. */
    public static final class Child {

        private Child() {}

        /** @param args the model's folder
         *  @throws IOException if the weights cannot be written */
        public static void main(final String[] args) throws IOException {
            final Path weights = Path.of(args[0]).resolve("unet/model.onnx_data");
            final byte[] right = Files.readAllBytes(weights);
            final byte[] other = right.clone();
            // Bytes 2 and 3 of a float hold its sign, exponent and first digits: the last bit of byte 2 changes it a little.
            for (int i = 2; i < other.length; i += 4) other[i] ^= 1;
            try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
                System.out.println("first " + generate(engine, args[0]));
                Files.write(weights, new byte[0]);
                System.out.println("empty " + generate(engine, args[0]));
                Files.write(weights, Arrays.copyOf(right, right.length / 2));
                System.out.println("half " + generate(engine, args[0]));
                Files.write(weights, other);
                System.out.println("other " + generate(engine, args[0]));
                Files.write(weights, right);
                System.out.println("again " + generate(engine, args[0]));
                engine.releaseMemory();
            }
        }

        private static String generate(final DiffusionEngine engine, final String model) {
            try {
                return Arrays.hashCode(engine.generate(DiffusionRequest.prompt("cells").model(model).steps(2).seed(3).build(), DiffusionListener.NONE,
                    new CancelToken()).result().latents().orElseThrow().values()) + "";
            }
            catch (final DiffusionJException e) {
                return "refused: " + e.getMessage();
            }
        }
    }

    @Test
    void isNoticedAndNothingCrashes() throws IOException {
        final Path model = Models.copy("sd2-v", folder.resolve("model"));
        try (ChildJvm child = ChildJvm.start(Child.class, List.of("-Xmx300m"), model.toString())) {
            assertEquals(0, child.waitForEnd(), child::output);
            assertTrue(line(child, "empty").startsWith("refused: ") && line(child, "half").startsWith("refused: "), child::output);
            assertTrue(line(child, "half").contains(model.resolve("unet").toString()), child::output);
            assertTrue(line(child, "other").matches("-?\\d+") && !line(child, "other").equals(line(child, "first")), child::output);
            assertEquals(line(child, "first"), line(child, "again"));
        }
    }

    private static String line(final ChildJvm child, final String what) {
        return child.output().lines().filter(line -> line.startsWith(what + ' ')).findFirst().orElseThrow().substring(what.length() + 1);
    }
}
