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
package net.diffusionj.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffusionHomeTest {

    @TempDir
    private Path folder;

    @Test
    void thePropertyComesFirst() {
        assertEquals(folder.resolve("a home"), DiffusionHome.locate(folder.resolve("a home").toString(), "?", ""));
    }

    /** Java gives "?" for a user without an entry in the system's list; a folder of that name below the current one is nobody's home. */
    @Test
    void aUserThatTheSystemDoesNotListHasTheShellsHomeOrNone() {
        assertEquals(folder.resolve(".diffusionj"), DiffusionHome.locate("", "?", folder.toString()));
        assertEquals(folder.resolve(".diffusionj"), DiffusionHome.locate("", "/nonexistent", folder.toString()));
        assertEquals(folder.resolve(".diffusionj"), DiffusionHome.locate("", folder.toString(), "/elsewhere"));
        for (final String home : new String[] {"", "?", "relative"}) {
            final String message = assertThrows(InvalidInputException.class, () -> DiffusionHome.locate("", "?", home)).getMessage();
            assertTrue(message.contains("-Ddiffusionj.home=FOLDER") && message.contains("HOME"), message);
        }
    }
}
