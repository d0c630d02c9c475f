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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;
import net.diffusionj.commands.ImageToImage;
import net.diffusionj.commands.TextToImage;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scijava.Priority;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Commands in ImageJ2, as far as it can be had here: its legacy layer's reading of macro options, and macros on a thread of their own. */
class OtherHostTest {

    private final TestContext context = new TestContext();
    private final String threadName = Thread.currentThread().getName();

    /** Reads options as the legacy layer does, at its priority. */
    @Plugin(type = PreprocessorPlugin.class, priority = 2 * Priority.VERY_HIGH)
    public static class LegacyMacroPreprocessor extends AbstractPreprocessorPlugin {

        @Parameter
        private ConvertService converters;

        @Override
        public void process(final Module module) {
            final String options = Macro.getOptions();
            if (options == null) return;
            for (final ModuleItem<?> input : module.getInfo().inputs()) {
                final String value = Macro.getValue(options, input.getName(), null);
                if (value == null) continue;
                final Object converted = input.getType() == Img.class ? ArrayImgs.unsignedBytes(1, 1) : converters.convert(value, input.getType());
                module.setInput(input.getName(), converted);
                module.resolveInput(input.getName());
            }
        }
    }

    @BeforeEach
    void beAMacro() {
        Thread.currentThread().setName("Run$_test");
        Interpreter.batchMode = true;
        context.addPreprocessor(LegacyMacroPreprocessor.class);
    }

    @AfterEach
    void restore() {
        Macro.setOptions(null);
        for (final int id : Interpreter.getBatchModeImageIDs()) Interpreter.removeBatchModeImage(Interpreter.getBatchModeImage(id));
        WindowManager.setTempCurrentImage(null);
        Interpreter.batchMode = false;
        Thread.currentThread().setName(threadName);
        context.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "prompt=[a &#93; b]|a ] b",
        "prompt=[nuclei steps=9 more]|nuclei steps=9 more",
        "prompt=[nuclei seed=3 batch=2 width=32 height=32 provider=cuda] guidance=2|nuclei seed=3 batch=2 width=32 height=32 provider=cuda",
        "prompt=[naïve cached=true x]|naïve cached=true x",
        "negative=[no prompt=x]|''"})
    void theOptionsMeanWhatTheyMeanInPlainImageJ(final String options, final String prompt) {
        Macro.setOptions(options);
        final Module module = context.run(TextToImage.class);
        final var request = context.diffusion().last;
        assertNull(TestContext.cancelReason(module));
        assertEquals(prompt, request.prompt());
        assertEquals(FakeDiffusion.DEFAULTS.steps(), request.steps().getAsInt());
        assertEquals(FakeDiffusion.DEFAULTS.widthPx(), request.widthPx().getAsInt());
        assertEquals(0, request.seed());
        assertEquals(1, request.batch());
        assertEquals(false, module.getInput("cached"));
        assertEquals("auto", module.getInput("provider"));
    }

    /** What a macro calls by name; static because ImageJ calls nothing else. */
    public static final class MacroSide {
        private static Runnable command;

        private MacroSide() {}

        /** Called by a macro, see {@link #variablesAreResolvedWhateverTheyHold}. */
        public static void command() {
            command.run();
        }
    }

    @Test
    void variablesAreResolvedWhateverTheyHold() {
        final AtomicReference<Module> module = new AtomicReference<>();
        MacroSide.command = () -> {
            Macro.setOptions("prompt=&p seed=&s batch=2");
            module.set(context.run(TextToImage.class));
        };
        new Interpreter().run("p = 'unbalanced ] steps=9'; s = 77; call('" + MacroSide.class.getName() + ".command');");
        assertNull(TestContext.cancelReason(module.get()));
        assertEquals("unbalanced ] steps=9", context.diffusion().last.prompt());
        assertEquals(77, context.diffusion().last.seed());
        assertEquals(2, context.diffusion().last.batch());
    }

    @Test
    void anImageNamedInAPromptIsNotTaken() {
        final ImagePlus source = IJ.createImage("source", "8-bit ramp", 16, 8, 1);
        source.show();
        Macro.setOptions("prompt=[an image=other one] strength=0.3");
        context.run(ImageToImage.class);
        final Img<?> taken = (Img<?>) context.diffusion().last.image().orElseThrow();
        assertArrayEquals(new long[] {16, 8}, taken.dimensionsAsLongArray());
    }

    @Test
    void whatAScriptGivesStaysWhenAMacroWithOptionsOfItsOwnHasCalledTheScript() {
        final Img<?> image = ArrayImgs.floats(4, 4);
        Macro.setOptions("prompt=outer seed=5 channel=2");
        final Module module = context.run(ImageToImage.class, "image", image, "prompt", "inner");
        assertNull(TestContext.cancelReason(module));
        assertEquals("inner", context.diffusion().last.prompt());
        assertEquals(0, context.diffusion().last.seed());
        assertSame(image, context.diffusion().last.image().orElseThrow());
    }

    @Test
    void theResultIsCurrentForTheMacroThatHasOpenedAnotherImageBefore() throws Exception {
        final ImagePlus other = IJ.createImage("other", "8-bit black", 8, 8, 1);
        other.show();
        assertSame(other, WindowManager.getTempCurrentImage());
        context.runElsewhere(TextToImage.class, "prompt", "a cell", "steps", 2);
        assertEquals("a cell", WindowManager.getCurrentImage().getTitle());
        assertTrue(WindowManager.getCurrentImage() != other);
    }

    @Test
    void theImageThatTheMacroOpenedOrSelectedLastIsTakenNotAnOldOneOfTheCommandsThread() throws Exception {
        context.runElsewhere(TextToImage.class, "prompt", "a cell", "steps", 2);
        final ImagePlus first = IJ.createImage("first", "8-bit ramp", 16, 8, 1);
        first.show();
        context.runElsewhere(ImageToImage.class, "prompt", "x", "steps", 2);
        assertArrayEquals(new long[] {16, 8}, taken());
        IJ.createImage("second", "8-bit ramp", 40, 30, 1).show();
        context.runElsewhere(ImageToImage.class, "prompt", "x", "steps", 2);
        assertArrayEquals(new long[] {40, 30}, taken());
        IJ.selectWindow(first.getID());
        context.runElsewhere(ImageToImage.class, "prompt", "x", "steps", 2);
        assertArrayEquals(new long[] {16, 8}, taken());
        assertEquals("first - x", WindowManager.getCurrentImage().getTitle());
    }

    private long[] taken() {
        return context.diffusion().last.image().orElseThrow().dimensionsAsLongArray();
    }
}
