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
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.event.KeyEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.macro.Interpreter;
import ij.plugin.LutLoader;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.command.Command;
import org.scijava.log.LogService;
import org.scijava.module.Module;

import net.diffusionj.commands.ImageToImage;
import net.diffusionj.commands.ReleaseMemory;
import net.diffusionj.commands.TextToImage;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.session.OpenSession;

/** Commands from macro options to ImageJ image, in batch mode, on the thread that ImageJ's macro options belong to; long because every
 * command and every kind of parameter is a case. */
class CommandRunTest {

    private final TestContext context = new TestContext();
    private final String threadName = Thread.currentThread().getName();

    @BeforeEach
    void beAMacro() {
        Thread.currentThread().setName("Run$_test");
        Interpreter.batchMode = true;
    }

    @AfterEach
    void restore() {
        options(null);
        for (final int id : Interpreter.getBatchModeImageIDs()) Interpreter.removeBatchModeImage(Interpreter.getBatchModeImage(id));
        WindowManager.setTempCurrentImage(null);
        Interpreter.batchMode = false;
        Thread.currentThread().setName(threadName);
        context.close();
    }

    private static void options(final String options) {
        Macro.setOptions(options);
    }

    private static ImagePlus shown() {
        final ImagePlus image = WindowManager.getCurrentImage();
        assertNotNull(image);
        return image;
    }

    @Test
    void macroOptionsReachTheRequestAndTheRestIsTheModelsOwn() {
        options("prompt=[with steps=9 [and] more] seed=-7 guidance=2.5 guidanceto=0.75 scheduler=euler width=32 height=8 negative=[a &#93; b]");
        final Module module = context.run(TextToImage.class);
        final var request = context.diffusion().last;
        assertNull(TestContext.cancelReason(module));
        assertEquals("with steps=9 [and] more", request.prompt());
        assertEquals("a ] b", request.negative());
        assertEquals(-7, request.seed());
        assertEquals(2.5, request.guidance().getAsDouble());
        assertEquals(0, request.guidanceFrom().getAsDouble());
        assertEquals(0.75, request.guidanceTo().getAsDouble());
        assertEquals("euler", request.scheduler());
        assertEquals(32, request.widthPx().getAsInt());
        assertEquals(FakeDiffusion.DEFAULTS.steps(), request.steps().getAsInt());
    }

    @ParameterizedTest
    @CsvSource({"18446744073709551615,-1", "9223372036854775808,-9223372036854775808", "20.0,20"})
    void seedsHaveSixtyFourBitsInMacrosToo(final String typed, final long bits) {
        options("prompt=x seed=" + typed);
        final Module module = context.run(TextToImage.class);
        assertNull(TestContext.cancelReason(module));
        assertEquals(bits, context.diffusion().last.seed());
    }

    @Test
    void minusOneDrawsASeedThatTheParameterNamesAfterwards() {
        options("prompt=x seed=-1");
        final long first = seedOf(context.run(TextToImage.class));
        final long second = seedOf(context.run(TextToImage.class));
        assertTrue(first >= 0 && second >= 0, first + " and " + second);
        assertTrue(first != second || first != seedOf(context.run(TextToImage.class)), "three seeds alike");
    }

    private long seedOf(final Module module) {
        assertNull(TestContext.cancelReason(module));
        assertEquals(Long.toString(context.diffusion().last.seed()), module.getInput("seed"));
        return context.diffusion().last.seed();
    }

    @Test
    void javasErrorsAreTheReasonToo() {
        options("prompt=x");
        context.diffusion().duringStep = () -> {
            throw new OutOfMemoryError("Java heap space");
        };
        final String memory = TestContext.cancelReason(context.run(TextToImage.class));
        assertTrue(memory.contains("too little memory") && memory.contains("-Xmx"), memory);
        context.diffusion().duringStep = () -> {
            throw new StackOverflowError();
        };
        final String depth = TestContext.cancelReason(context.run(TextToImage.class));
        assertTrue(depth.contains("nested too deeply"), depth);
    }

    @Test
    void leftOutNumbersAreThoseOfTheModelThatTheMacroNames() {
        options("prompt=x model=big");
        context.run(TextToImage.class);
        assertEquals(9, context.diffusion().last.steps().getAsInt());
        assertEquals(64, context.diffusion().last.widthPx().getAsInt());
    }

    @Test
    void theStepsAreExplainedWithWhatWasMeasured() {
        options("prompt=x model=big");
        final Module measured = context.run(TextToImage.class);
        final String text = Modules.explanation(measured, measured.getInfo().getInput("steps"));
        assertTrue(text.startsWith("Denoising steps.") && text.endsWith("Measured here: 8 steps of ddim take 1.50 s and come to a similarity of 0.97 with 100"
            + " steps."), text);
        final String other = Modules.explanation(measured, measured.getInfo().getInput("seed"));
        assertEquals(measured.getInfo().getInput("seed").getDescription(), other);
        options("prompt=x");
        final Module unmeasured = context.run(TextToImage.class);
        assertEquals(measured.getInfo().getInput("steps").getDescription(), Modules.explanation(unmeasured, unmeasured.getInfo().getInput("steps")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
        value = {"prompt=x stepz=3|stepz", "prompt=a b|\"b\"", "steps=many|whole number", "guidance=strong|a number", "guidanceto=2|from 0 to 1",
            "guidancefrom=-0.5|from 0 to 1", "guidancefrom=0.9 guidanceto=0.1|the beginning first",
            "model=nowhere|no model", "seed=seven|whole number", "width=33 height=16|multiple of 8", "width=32|belong together", "steps=-1|at least 1",
            "batch=0|1 to 1000"})
    void whatIsWrongIsTheReasonOfTheCancellation(final String options, final String reason) {
        options(options);
        final Module module = context.run(TextToImage.class);
        assertTrue(TestContext.cancelReason(module).contains(reason), TestContext.cancelReason(module));
        assertNull(module.getOutput("result"));
    }

    @Test
    void resultIsShownAsExactRgbWithTitleAndInfo() {
        options("prompt=[sparse bright nuclei] seed=3");
        final Module module = context.run(TextToImage.class);
        final ImagePlus image = shown();
        assertEquals(ImagePlus.COLOR_RGB, image.getType());
        assertEquals("sparse bright nuclei", image.getTitle());
        assertTrue(((String) image.getProperty("Info")).contains("seed: 3"), (String) image.getProperty("Info"));
        final Img<?> raw = (Img<?>) module.getOutput("result");
        assertRgbEquals(raw, (ColorProcessor) image.getProcessor());
        assertTrue(module.isOutputResolved("result"));
    }

    private static void assertRgbEquals(final Img<?> raw, final ColorProcessor shown) {
        final var access = raw.randomAccess();
        for (int c = 0; c < 3; c++) {
            final byte[] channel = shown.getChannel(c + 1);
            for (int i = 0; i < channel.length; i++) {
                access.setPosition(new int[] {i % shown.getWidth(), i / shown.getWidth(), c});
                assertEquals(((RealType<?>) access.get()).getRealFloat(), channel[i] & 0xff);
            }
        }
    }

    @Test
    void aBatchIsAStackWithASeedOnEverySlice() {
        options("prompt=x seed=11 batch=3");
        context.run(TextToImage.class);
        final ImagePlus image = shown();
        assertEquals(3, image.getStackSize());
        assertEquals("seed 13", image.getStack().getSliceLabel(3));
        final int[] third = (int[]) image.getStack().getPixels(3);
        options("prompt=x seed=13");
        context.run(TextToImage.class);
        assertArrayEquals(third, (int[]) shown().getProcessor().getPixels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"8-bit", "16-bit", "32-bit", "RGB"})
    void imageToImageKeepsPixelsCalibrationLutAndDisplayRange(final String type) {
        final ImagePlus source = IJ.createImage("source", type + " ramp", 16, 8, 1);
        source.getCalibration().pixelWidth = 0.25;
        source.getCalibration().setUnit("um");
        if (!type.equals("RGB")) {
            source.setLut(LUT.createLutFromColor(Color.GREEN));
            source.setDisplayRange(3, 77);
        }
        source.show();
        options("prompt=x strength=0.3");
        context.run(ImageToImage.class);
        final ImagePlus result = shown();
        assertTrue(result != source);
        assertEquals(source.getType(), result.getType());
        final ImageProcessor expected = source.getProcessor();
        for (int i = 0; i < expected.getPixelCount(); i++) assertEquals(expected.getf(i), result.getProcessor().getf(i));
        assertEquals(0.25, result.getCalibration().pixelWidth);
        assertEquals(source.getCalibration().getUnit(), result.getCalibration().getUnit());
        assertEquals(source.getDisplayRangeMin(), result.getDisplayRangeMin());
        assertEquals(source.getDisplayRangeMax(), result.getDisplayRangeMax());
        if (!type.equals("RGB")) assertArrayEquals(source.getProcessor().getLut().getBytes(), result.getProcessor().getLut().getBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fire", "grays", "ice", "spectrum", "3-3-2 RGB", "red", "green", "blue", "cyan", "magenta", "yellow", "redgreen"})
    void aLookUpTableOfImageJsMenuIsNoColourTable(final String name) {
        for (final String how : new String[] {"plain", "narrow", "inverted", "threshold"}) {
            final ImagePlus source = IJ.createImage("source", "8-bit ramp", 30, 20, 1);
            source.setLut(new LUT(LutLoader.getLut(name), 0, 255));
            if (how.equals("inverted")) source.getProcessor().invertLut();
            // A narrow display range bends the table that is shown into a few steep steps.
            source.setDisplayRange(how.equals("narrow") ? 100 : 10, how.equals("narrow") ? 104 : 200);
            if (how.equals("threshold")) source.getProcessor().setThreshold(50, 90, ImageProcessor.NO_LUT_UPDATE);
            final byte[] table = source.getProcessor().getLut().getBytes();
            source.show();
            options("prompt=x strength=0");
            context.run(ImageToImage.class);
            final ImagePlus result = shown();
            assertEquals(8, result.getBitDepth(), how);
            assertArrayEquals((byte[]) source.getProcessor().getPixels(), (byte[]) result.getProcessor().getPixels(), how);
            assertArrayEquals(table, result.getProcessor().getLut().getBytes(), how);
            assertEquals(source.getDisplayRangeMin(), result.getDisplayRangeMin(), how);
            assertEquals(source.getDisplayRangeMax(), result.getDisplayRangeMax(), how);
        }
    }

    @Test
    void aTableOfManyColoursThatWasChosenByNameIsNoPalette() {
        final ImagePlus source = manyColours();
        source.setProp(LUT.nameKey, "glasbey");
        source.show();
        options("prompt=x");
        context.run(ImageToImage.class);
        assertEquals(8, shown().getBitDepth());
    }

    private static ImagePlus manyColours() {
        final ImagePlus image = IJ.createImage("source", "8-bit ramp", 16, 8, 1);
        final byte[] red = new byte[256];
        final byte[] green = new byte[256];
        new Random(1).nextBytes(red);
        new Random(2).nextBytes(green);
        image.setLut(new LUT(red, green, new byte[256]));
        return image;
    }

    @Test
    void anImageWithAColourTableIsTakenAsItLooks() {
        final ImagePlus source = manyColours();
        source.show();
        options("prompt=x");
        context.run(ImageToImage.class);
        assertEquals(ImagePlus.COLOR_RGB, shown().getType());
        assertArrayEquals((int[]) source.getProcessor().convertToRGB().getPixels(), (int[]) shown().getProcessor().getPixels());
    }

    @Test
    void aCompositeOfThreeChannelsStaysOne() {
        final ImagePlus source = IJ.createHyperStack("source", 8, 4, 3, 1, 1, 16);
        for (int c = 1; c <= 3; c++) source.getStack().getProcessor(c).set(c, 1000 * c);
        final CompositeImage composite = new CompositeImage(source, IJ.COMPOSITE);
        composite.setC(2);
        composite.setDisplayRange(5, 1500);
        composite.show();
        options("prompt=x");
        context.run(ImageToImage.class);
        final CompositeImage result = (CompositeImage) shown();
        assertEquals(3, result.getNChannels());
        assertEquals(2000, result.getStack().getProcessor(2).get(2));
        assertEquals(1500, result.getChannelLut(2).max);
    }

    @Test
    void imagesAreFoundByTitle() {
        final ImagePlus wanted = IJ.createImage("wanted image", "8-bit white", 8, 8, 1);
        wanted.show();
        IJ.createImage("other", "8-bit black", 8, 8, 1).show();
        options("prompt=x image=[wanted image]");
        context.run(ImageToImage.class);
        assertEquals(255, shown().getProcessor().get(0));
        options("prompt=x image=missing");
        assertTrue(TestContext.cancelReason(context.run(ImageToImage.class)).contains("missing"));
    }

    @Test
    void withoutAnImageThereIsAReason() {
        options("prompt=x");
        assertTrue(TestContext.cancelReason(context.run(ImageToImage.class)).contains("no image open"));
    }

    @Test
    void aScriptsImageIsUsedAsItIs() {
        final Img<?> image = ArrayImgs.floats(4, 4);
        options(null);
        context.run(ImageToImage.class, "image", image, "prompt", "x", "strength", 0.1);
        assertSame(image, context.diffusion().last.image().orElseThrow());
        assertEquals(0.1, context.diffusion().last.strength());
    }

    @Test
    void escapeCancelsInsideAStepAndAnOldEscapeDoesNot() {
        IJ.setKeyDown(KeyEvent.VK_ESCAPE);
        options("prompt=x steps=3");
        assertNull(TestContext.cancelReason(context.run(TextToImage.class)));
        context.diffusion().duringStep = () -> {
            IJ.setKeyDown(KeyEvent.VK_ESCAPE);
            IJ.wait(300);
        };
        final Module cancelled = context.run(TextToImage.class);
        assertEquals("", TestContext.cancelReason(cancelled));
        assertNull(cancelled.getOutput("result"));
    }

    @Test
    void releaseMemoryReachesTheServiceAndTellsWhatItReleased() {
        final FakeSessions sessions = context.service(FakeSessions.class);
        assertEquals("[DiffusionJ: nothing released, for no model was open]", reportOf(ReleaseMemory.class));
        final OpenSession unet = new OpenSession(Path.of("unet"), List.of(ExecutionProvider.CPU), 80_000_000, Optional.empty(), 0, 0, false, Instant.now());
        final OpenSession text = new OpenSession(Path.of("text"), List.of(ExecutionProvider.CPU), 7_000_000, Optional.empty(), 0, 1, false, Instant.now());
        sessions.open = List.of(unet, text);
        sessions.afterRelease = List.of(text);
        assertEquals("[DiffusionJ: released 80 MB of 1 model file; 1 model file in use or pinned]", reportOf(ReleaseMemory.class));
        assertEquals(2, context.diffusion().released);
    }

    private String reportOf(final Class<? extends Command> command) {
        return context.run(command).getOutput("report").toString();
    }

    @Test
    void aVariationIsNamedAfterItsSourceAndKeepsWhatIsDrawnOverIt() {
        final ImagePlus source = IJ.createImage("cells.tif", "8-bit ramp", 32, 16, 3);
        source.setSlice(2);
        source.setRoi(3, 4, 5, 6);
        final Overlay overlay = new Overlay();
        for (final int slice : new int[] {0, 1, 2}) {
            final Roi roi = new Roi(slice, slice, 4, 4);
            roi.setPosition(slice);
            overlay.add(roi);
        }
        source.setOverlay(overlay);
        source.show();
        options("prompt=[bright nuclei]");
        context.run(ImageToImage.class);
        final ImagePlus result = shown();
        assertEquals("cells - bright nuclei", result.getTitle());
        assertEquals(new Rectangle(3, 4, 5, 6), result.getRoi().getBounds());
        assertEquals(List.of(new Rectangle(0, 0, 4, 4), new Rectangle(2, 2, 4, 4)), Stream.of(result.getOverlay().toArray()).map(Roi::getBounds).toList());
        assertEquals(3, source.getOverlay().size());
        source.deleteRoi();
        assertEquals(new Rectangle(3, 4, 5, 6), result.getRoi().getBounds());
    }

    @Test
    void whatIsDrawnScalesWithTheResult() {
        final ImagePlus source = IJ.createImage("a", "8-bit ramp", 32, 16, 1);
        source.setRoi(4, 4, 8, 8);
        source.setOverlay(new Overlay(new Roi(2, 2, 4, 4)));
        final ImagePlus result = IJ.createImage("b", "8-bit ramp", 64, 32, 1);
        Appearance.of(source).applyTo(result);
        assertEquals(new Rectangle(8, 8, 16, 16), result.getRoi().getBounds());
        assertEquals(new Rectangle(4, 4, 8, 8), result.getOverlay().get(0).getBounds());
    }

    @Test
    void withoutAScreenTheReasonIsLogged() {
        final List<String> logged = new ArrayList<>();
        context.service(LogService.class).addLogListener(message -> logged.add(message.text()));
        options("prompt=x stepz=3");
        context.run(TextToImage.class);
        assertTrue(logged.stream().anyMatch(line -> line.startsWith("Text to Image: ") && line.contains("stepz")), logged.toString());
        context.service(RunEndService.class).leaveReasonsToHost();
        logged.clear();
        context.run(TextToImage.class);
        assertEquals(List.of(), logged);
    }
}
