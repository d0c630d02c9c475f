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
package net.diffusionj.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import net.diffusionj.testing.Folders;

/** Nobody in ImageJ is told to type a shell command. */
class MenuWordsTest {

    private static final Path SOURCES = Folders.SOURCES.resolve("net/diffusionj");
    private static final Pattern OF_THE_SHELL = Pattern.compile("'diffusionj [a-z]|scripts/diffusionj|--(provider|retry|model|home|force)\\b");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

    @Test
    void adviceNamesMenuEntries() {
        assertEquals("CUDA cannot be used here: no GPU. Choose the provider auto or cpu to run on the CPU.", MenuWords.of(
            "CUDA cannot be used here: no GPU. Use --provider auto or cpu to run on the CPU."));
        assertEquals("Correct it, or set cuda.tf32 to \"default\" in Plugins > DiffusionJ > Settings....", MenuWords.of(
            "Correct it, or run 'diffusionj settings reset cuda.tf32'."));
        assertEquals("Nothing of the shell stays: 100% $1 \\", MenuWords.of("Nothing of the shell stays: 100% $1 \\"));
    }

    @Test
    void everyMessageOfTheLayersBelowIsCovered() throws IOException {
        final List<String> advice = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (final Path file : files.filter(MenuWordsTest::isBelowTheCommands).toList()) {
                LITERAL.matcher(joined(Files.readString(file))).results().map(literal -> literal.group(1)).filter(text -> OF_THE_SHELL.matcher(text).find())
                    .forEach(advice::add);
            }
        }
        assertFalse(advice.isEmpty(), "found no advice at all: does this test still read the sources?");
        assertEquals(List.of(), advice.stream().map(MenuWords::of).filter(text -> OF_THE_SHELL.matcher(text).find()).toList());
    }

    private static boolean isBelowTheCommands(final Path file) {
        final String first = SOURCES.relativize(file).getName(0).toString();
        return file.toString().endsWith(".java") && !List.of("cli", "server", "commands").contains(first);
    }

    /** Joins the pieces of a message: what stands between two literals becomes a word. */
    private static String joined(final String source) {
        return Pattern.compile("\"\\s*\\+\\s*(?:([^\";]*?)\\+\\s*)?\"").matcher(source).replaceAll(MenuWordsTest::between);
    }

    private static String between(final MatchResult gap) {
        return gap.group(1) == null ? "" : "NAME";
    }
}
