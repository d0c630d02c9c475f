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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import net.diffusionj.augment.layout.Layout;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.service.SchedulerNames;

import org.junit.jupiter.api.Test;
import org.scijava.plugin.Parameter;

/** Lists that cannot be made of the enums, since an annotation takes constants and a document is text: equal to them all the same. */
class ChoicesTest {

    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private static List<String> providers() {
        return Arrays.stream(ProviderChoice.values()).map(ProviderChoice::id).toList();
    }

    private static List<String> schedulersAndTheModels() {
        return Stream.concat(Stream.of("model"), SchedulerNames.all().stream()).toList();
    }

    private static List<String> choices(final Class<?> command, final String field) throws NoSuchFieldException {
        return List.of(command.getDeclaredField(field).getAnnotation(Parameter.class).choices());
    }

    /** @return the names in the second cell of a table's row, up to a parenthesis or a semicolon */
    private static List<String> documented(final String file, final String title) throws IOException {
        final List<String> rows = Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith("| `" + title)).toList();
        assertEquals(1, rows.size(), file + ": rows of " + title);
        final List<String> names = new ArrayList<>();
        final Matcher matcher = NAME.matcher(rows.get(0).split(" \\| ")[1].split(" \\(|; ")[0]);
        while (matcher.find()) names.add(matcher.group(1));
        return names;
    }

    @Test
    void commandsOfferWhatThereIs() throws NoSuchFieldException {
        for (final Class<?> command : List.of(GenerationCommand.class, AugmentImages.class)) {
            assertEquals(schedulersAndTheModels(), choices(command, "scheduler"));
            assertEquals(providers(), choices(command, "provider"));
        }
        assertEquals(providers(), choices(TuneOnMyImages.class, "provider"));
        assertEquals(Arrays.stream(Mode.values()).map(Mode::id).toList(), choices(AugmentImages.class, "mode"));
        assertEquals(Stream.concat(Stream.of("none"), Arrays.stream(Layout.values()).map(Layout::id)).toList(), choices(AugmentImages.class, "layout"));
    }

    @Test
    void documentsNameWhatThereIs() throws IOException {
        assertEquals(SchedulerNames.all(), documented("README.md", "--scheduler NAME"));
        assertEquals(providers(), documented("README.md", "--provider NAME").stream().filter(name -> !name.contains("docs/")).toList());
        assertEquals(schedulersAndTheModels(), documented("docs/imagej.md", "scheduler`"));
        assertEquals(providers(), documented("docs/imagej.md", "provider`"));
        final Set<String> rows = new TreeSet<>();
        final List<String> lines = Files.readAllLines(Path.of("docs", "providers.md"));
        for (final String line : lines.stream().dropWhile(any -> !any.startsWith("| `--provider`")).takeWhile(any -> !any.isBlank()).toList()) {
            final Matcher first = Pattern.compile("\\| `([a-z]+)` \\|.*").matcher(line);
            if (first.matches()) rows.add(first.group(1));
        }
        assertEquals(new TreeSet<>(providers()), rows, "docs/providers.md");
    }
}
