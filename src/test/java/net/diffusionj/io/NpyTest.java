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
package net.diffusionj.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that numpy wrote, and our own. */
class NpyTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float32-big-endian", "version2", "version3"})
    void readsFloats(final String name) {
        final NpyArray array = Npy.read(Patterns.FIXTURES.resolve(name + ".npy"));
        assertArrayEquals(new int[] {21, 31, 3}, array.shape());
        for (int i = 0; i < array.floats().length; i++) {
            assertEquals((3 * (i / 3 % 31) + 5 * (i / 93) + 40 * (i % 3)) / 64f - 2, array.floats()[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uint16", "uint16-big-endian"})
    void readsShorts(final String name) {
        final NpyArray array = Npy.read(Patterns.FIXTURES.resolve(name + ".npy"));
        for (int i = 0; i < array.shorts().length; i++) {
            assertEquals((short) ((3 * (i / 3 % 31) + 5 * (i / 93) + 40 * (i % 3)) * 211), array.shorts()[i]);
        }
    }

    @Test
    void writesWhatNumpyWrites() throws IOException {
        for (final String name : new String[] {"uint8", "uint16", "float32", "batch", "plane"}) {
            final Path theirs = Patterns.FIXTURES.resolve(name + ".npy");
            final Path ours = folder.resolve(name + ".npy");
            Npy.write(ours, Npy.read(theirs));
            assertArrayEquals(Files.readAllBytes(theirs), Files.readAllBytes(ours), name);
        }
    }

    @Test
    void bringsBackSpecialFloatsAndOddShapes() {
        final float[] values = {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE};
        for (final int[] shape : new int[][] {{4}, {1, 4}, {1, 2, 2, 1, 1}}) {
            final Path file = folder.resolve("special.npy");
            Npy.write(file, NpyArray.ofFloats(values, shape));
            assertArrayEquals(values, Npy.read(file).floats());
            assertArrayEquals(shape, Npy.read(file).shape());
        }
        final float[] many = new float[70_001];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }
        Npy.write(folder.resolve("many.npy"), NpyArray.ofFloats(many, many.length));
        assertArrayEquals(many, Npy.read(folder.resolve("many.npy")).floats());
        Npy.write(folder.resolve("scalar.npy"), NpyArray.ofFloats(new float[] {0.5f}));
        assertEquals(0.5f, Npy.read(folder.resolve("scalar.npy")).floats()[0]);
    }

    @Test
    void refusesDamagedHeaders() throws IOException {
        assertRefused("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999, 9999999), }", "2^31");
        assertRefused("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, ), }", "larger");
        assertRefused("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 100), }", "truncated");
        assertRefused("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, ), }", "damaged");
        assertRefused("{'descr': '<f4', 'shape': (1, ), }", "damaged");
        assertRefused("{'descr': '<f4', 'fortran_order': False, 'shape': (0, ), }", "bytes follow");
        assertRefused("{'descr': '<c8', 'fortran_order': False, 'shape': (1, ), }", "<c8");
    }

    @Test
    void refusesAShapeThatDoesNotFit() {
        assertThrows(IllegalArgumentException.class, () -> NpyArray.ofBytes(new byte[5], 2, 3));
        assertThrows(IllegalStateException.class, () -> NpyArray.ofBytes(new byte[6], 2, 3).floats());
    }

    private void assertRefused(final String header, final String expected) throws IOException {
        final byte[] bytes = ("\u0093NUMPY\1\0" + (char) (header.length() + 1) + "\0" + header + "\n" + "\0\0\0\0").getBytes("ISO-8859-1");
        final Path file = folder.resolve("damaged.npy");
        Files.write(file, bytes);
        final String message = assertThrows(InvalidInputException.class, () -> Npy.read(file)).getMessage();
        assertTrue(message.contains(expected) && message.contains(file.toString()), message);
    }
}
