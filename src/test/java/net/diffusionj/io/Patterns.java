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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import net.diffusionj.testing.Folders;

/** The pictures of {@code scripts/fixtures/images.py}, computed instead of stored. */
final class Patterns {

    static final int WIDTH = 31;
    static final int HEIGHT = 21;
    static final Path FIXTURES = Folders.RESOURCES.resolve("io");

    private Patterns() {}

    static Planes planes(final Planes.Depth depth, final int channels, final int images) {
        final List<Object> arrays = new ArrayList<>();
        for (int image = 0; image < images; image++) {
            for (int channel = 0; channel < channels; channel++) {
                final Object array = depth.newArray(WIDTH * HEIGHT);
                for (int i = 0; i < WIDTH * HEIGHT; i++) {
                    final int value = 3 * (i % WIDTH) + 5 * (i / WIDTH) + 40 * channel + 7 * image;
                    switch (depth) {
                        case UINT8 -> ((byte[]) array)[i] = (byte) value;
                        case UINT16 -> ((short[]) array)[i] = (short) (value * 211);
                        case INT16 -> ((short[]) array)[i] = (short) (value * 211 - 20000);
                        case FLOAT32 -> ((float[]) array)[i] = value / 64f - 2;
                    }
                }
                arrays.add(array);
            }
        }
        return new Planes(depth, WIDTH, HEIGHT, channels, arrays);
    }

    static int grey(final int index) {
        return 3 * (index % WIDTH) + 5 * (index / WIDTH);
    }
}
