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
package net.diffusionj.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.scijava.ItemIO;
import org.scijava.plugin.Parameter;

import net.diffusionj.commands.AugmentImages;
import net.diffusionj.testing.Folders;

import picocli.CommandLine;

/** The command line, the dialog and the macro ask for the same, by the same words and with the same defaults. */
class AugmentOptionsTest {

    /** What everybody leaves out, and what the dialog writes for it. */
    private static final Map<String, String> ABSENT = Map.of("scheduler", "model", "layout", "none", "steps", "0", "balance", "0", "variants", "4",
        "camera", "auto");

    private static Map<String, String> commandLine() {
        final Map<String, String> options = new TreeMap<>();
        new CommandLine(new AugmentCommand(Printer.console())).getCommandSpec().options().stream().filter(option -> !option.usageHelp())
            .filter(option -> !option.versionHelp()).forEach(option -> {
                final String name = option.longestName().replace("--", "").replace("-", "");
                final String given = option.defaultValue() == null ? "" : option.defaultValue();
                options.put(name, given.isEmpty() ? ABSENT.getOrDefault(name, "") : given);
            });
        return options;
    }

    private static Map<String, String> dialog() throws ReflectiveOperationException {
        final Map<String, String> fields = new TreeMap<>();
        final AugmentImages command = new AugmentImages();
        for (final var field : AugmentImages.class.getDeclaredFields()) {
            final Parameter parameter = field.getAnnotation(Parameter.class);
            if (parameter == null || parameter.label().isEmpty() || parameter.type() == ItemIO.OUTPUT) continue;
            field.setAccessible(true);
            fields.put(field.getName(), String.valueOf(field.get(command)));
        }
        return fields;
    }

    private static Map<String, String> macro() throws IOException {
        final String text = Files.readString(Folders.REPOSITORY.resolve("macros/Augment_Folder.ijm"));
        final Map<String, String> options = new TreeMap<>();
        final Matcher option = Pattern.compile("option\\(arguments, \"(\\w+)\", \"([^\"]*)\"\\)").matcher(text);
        while (option.find()) options.put(option.group(1), option.group(2));
        final Set<String> passed = new TreeSet<>();
        final Matcher run = Pattern.compile("(\\w+)=&\\w+").matcher(text.substring(text.indexOf("run(")));
        while (run.find()) passed.add(run.group(1));
        passed.add("dryrun");
        assertEquals(options.keySet(), passed, "the macro passes on what it reads");
        final String named = text.substring(text.indexOf("// Options:"), text.indexOf("see docs/augmentation.md")).replaceAll("// Options:|//|;|=true", " ");
        assertEquals(options.keySet(), Arrays.stream(named.split("[,\\s]+")).filter(word -> !word.isEmpty()).collect(Collectors.toCollection(TreeSet::new)),
            "the macro's first lines name what it reads");
        return options;
    }

    @Test
    void allThreeAskForTheSame() throws IOException, ReflectiveOperationException {
        final Map<String, String> dialog = dialog();
        final Map<String, String> commandLine = commandLine();
        commandLine.put("dryrun", "false");
        assertEquals(dialog, commandLine);
        assertEquals(dialog, macro());
    }

    @Test
    void theHandbookNamesEveryOption() throws IOException {
        final String handbook = Files.readString(Folders.REPOSITORY.resolve("docs/augmentation.md"));
        new CommandLine(new AugmentCommand(Printer.console())).getCommandSpec().options().stream().filter(option -> !option.usageHelp())
            .filter(option -> !option.versionHelp()).forEach(option -> assertTrue(handbook.contains('`' + option.longestName()), option.longestName()));
    }
}
