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
package net.diffusionj.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import javax.script.ScriptEngineFactory;
import javax.script.ScriptEngineManager;
import javax.tools.ToolProvider;

import ij.ImagePlus;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.script.AdaptedScriptLanguage;
import org.scijava.script.ScriptLanguage;
import org.scijava.script.ScriptModule;
import org.scijava.script.ScriptService;

import net.diffusionj.testing.Folders;
import net.diffusionj.train.Budget;
import net.diffusionj.train.TuneRequest;

/** Every script template runs in its language, as it stands. */
class ScriptTemplatesTest {

    private static final Path TEMPLATES = Folders.REPOSITORY.resolve("src/main/resources/script_templates/DiffusionJ");

    private final Context context = new Context(List.of(ScriptService.class, ModuleService.class, ConvertService.class, FakeDiffusion.class,
        FakeTune.class, FakeSessions.class, SourceImageService.class, InputMemory.class), true);

    /** SciJava's own language plugins are not on Maven Central; the engines that they stand for are. */
    @BeforeEach
    void addLanguages() {
        for (final ScriptEngineFactory engine : new ScriptEngineManager().getEngineFactories()) {
            final ScriptLanguage language = new AdaptedScriptLanguage(engine);
            context.inject(language);
            context.service(ScriptService.class).getIndex().add(language, false);
        }
    }

    @AfterEach
    void dispose() {
        context.dispose();
    }

    @Test
    void everyTemplateIsTestedHere() throws IOException {
        final Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            files.forEach(file -> found.add(file.getFileName().toString()));
        }
        assertEquals(Set.of("Text_to_Image.groovy", "Text_to_Image.py", "Text_to_Image.js", "Text_to_Image.java", "Strength_Series.groovy",
            "Tune_on_My_Images.groovy"), found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Text_to_Image.groovy", "Text_to_Image.py", "Text_to_Image.js"})
    void textToImage(final String template) throws Exception {
        final Module module = run(template, Map.of("prompt", "a cell", "seed", 7L, "steps", 3, "model", ""));
        assertEquals("a cell", fake().last.prompt());
        assertEquals(7, fake().last.seed());
        assertShownAsColoursWithInfo(module.getOutput("image"), "a cell");
    }

    private static void assertShownAsColoursWithInfo(final Object output, final String prompt) {
        final ImagePlus image = assertInstanceOf(ImagePlus.class, output);
        assertEquals(ImagePlus.COLOR_RGB, image.getType());
        assertEquals(prompt, image.getTitle());
        assertTrue(((String) image.getProperty("Info")).contains("seed: 7"), (String) image.getProperty("Info"));
    }

    @Test
    void strengthSeries() throws Exception {
        final Img<?> source = ArrayImgs.unsignedBytes(8, 8);
        final Module module = run("Strength_Series.groovy", Map.of("image", source, "prompt", "a cell", "seed", 7L, "steps", 3, "model", ""));
        assertSame(source, fake().last.image().orElseThrow());
        assertEquals(0.7, fake().last.strength());
        final ImagePlus strongest = assertInstanceOf(ImagePlus.class, module.getOutput("strongest"));
        assertTrue(((String) strongest.getProperty("Info")).contains("seed: 7"), (String) strongest.getProperty("Info"));
    }

    @Test
    void tuneOnMyImages(@TempDir final Path images) throws Exception {
        final Module module = run("Tune_on_My_Images.groovy", Map.of("images", images.toFile(), "caption", "my cells", "name", "mine", "steps", 30));
        final TuneRequest request = context.service(FakeTune.class).last;
        assertEquals(List.of("my cells", "mine", Budget.steps(30)), List.of(request.caption(), request.name(), request.budget()));
        assertEquals("mine", fake().last.model());
        assertEquals("my cells", assertInstanceOf(ImagePlus.class, module.getOutput("image")).getTitle());
    }

    private FakeDiffusion fake() {
        return context.service(FakeDiffusion.class);
    }

    private ScriptModule run(final String template, final Map<String, Object> inputs) throws Exception {
        return context.service(ScriptService.class).run(TEMPLATES.resolve(template).toFile(), true, inputs).get();
    }

    @Test
    void javaTemplate(@TempDir final Path classes) throws Exception {
        final int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-cp", System.getProperty("java.class.path"), "-d",
            classes.toString(), TEMPLATES.resolve("Text_to_Image.java").toString());
        assertEquals(0, code);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            final CommandInfo info = new CommandInfo(loader.loadClass("Text_to_Image").asSubclass(Command.class));
            context.inject(info);
            final Module module = context.service(ModuleService.class).run(info, true, Map.of("prompt", "a cell", "seed", 7L, "steps", 3, "model", ""))
                .get();
            assertEquals("a cell", fake().last.prompt());
            assertShownAsColoursWithInfo(module.getOutput("image"), "a cell");
        }
    }
}
