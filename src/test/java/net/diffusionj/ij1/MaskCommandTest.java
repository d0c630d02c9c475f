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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.gui.EllipseRoi;
import ij.gui.Roi;
import ij.macro.Interpreter;
import net.diffusionj.commands.ImageToImage;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.module.Module;

/** The mask of Image to Image in a macro: a selection, an image, or none; in batch mode, on the thread that macro options belong to. */
class MaskCommandTest {

    private static final int WIDTH = 30;
    private static final int HEIGHT = 20;

    private final TestContext context = new TestContext();
    private final String threadName = Thread.currentThread().getName();
    private ImagePlus source;

    @BeforeEach
    void beAMacro() {
        Thread.currentThread().setName("Run$_test");
        Interpreter.batchMode = true;
        source = open("source");
    }

    private static ImagePlus open(final String title) {
        final ImagePlus image = IJ.createImage(title, "16-bit ramp", WIDTH, HEIGHT, 1);
        image.show();
        WindowManager.setTempCurrentImage(image);
        return image;
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

    private Module run(final String options) {
        Macro.setOptions(options);
        return context.run(ImageToImage.class);
    }

    @Test
    void aSelectionIsTheMaskOnlyIfTheMacroSaysSo() {
        source.setRoi(new Roi(3, 4, 10, 5));
        assertNull(TestContext.cancelReason(run("prompt=a mask=selection")));
        assertEquals(50, inside(3, 4, 13, 9));
        assertNull(TestContext.cancelReason(run("prompt=a mask=none")));
        assertTrue(context.diffusion().last.mask().isEmpty());
        assertNull(TestContext.cancelReason(run("prompt=a")));
        assertTrue(context.diffusion().last.mask().isEmpty());
    }

    @Test
    void aSelectionThatLeavesTheImageIsCutAtItsBorder() {
        source.setRoi(new Roi(25, -5, 100, 10));
        assertNull(TestContext.cancelReason(run("prompt=a mask=selection")));
        assertEquals(25, inside(25, 0, 30, 5));
        source.setRoi(new Roi(100, 100, 5, 5));
        assertNull(TestContext.cancelReason(run("prompt=a image=source mask=selection")));
        assertEquals(0, inside(0, 0, 0, 0));
    }

    @Test
    void aSelectionIsTheShapeAndNotItsBounds() {
        source.setRoi(new EllipseRoi(2, 10, 28, 10, 0.5));
        assertNull(TestContext.cancelReason(run("prompt=a mask=selection")));
        final int area = inside(0, 0, WIDTH, HEIGHT);
        assertEquals(source.getStatistics().pixelCount, area);
        assertTrue(area > 100 && area < 26 * 14, area + " pixels");
    }

    @Test
    void anOpenImageIsTheMaskByItsTitle() {
        final ImagePlus mask = open("the mask");
        mask.getProcessor().setValue(0);
        mask.getProcessor().fill();
        mask.getProcessor().set(7, 8, 1);
        WindowManager.setTempCurrentImage(source);
        assertEquals(List.of(Masks.NONE, "the mask"), Masks.choices(source));
        source.setRoi(new Roi(0, 0, 2, 2));
        assertEquals(List.of(Masks.NONE, Masks.SELECTION, "the mask"), Masks.choices(source));
        assertEquals(Masks.SELECTION, Masks.offered(source));
        assertNull(TestContext.cancelReason(run("prompt=a mask=[the mask]")));
        assertEquals(1, inside(7, 8, 8, 9));
    }

    @Test
    void theSelectionIsThatOfTheImageThatIsNamed() {
        final ImagePlus other = open("other");
        other.setRoi(new Roi(0, 0, 4, 4));
        source.setRoi(new Roi(10, 10, 2, 3));
        assertNull(TestContext.cancelReason(run("prompt=a image=source mask=selection")));
        assertEquals(6, inside(10, 10, 12, 13));
    }

    @Test
    void saysWhatIsMissing() {
        final String selection = TestContext.cancelReason(run("prompt=a mask=selection"));
        assertTrue(selection.contains("\"source\" has no selection"), selection);
        final String image = TestContext.cancelReason(run("prompt=a mask=[no such]"));
        assertTrue(image.contains("\"no such\""), image);
        final String scale = TestContext.cancelReason(run("prompt=a scale=huge"));
        assertTrue(scale.contains("auto"), scale);
        final String fit = TestContext.cancelReason(run("prompt=a fit=tight"));
        assertTrue(fit.contains("native"), fit);
    }

    /** @return pixels of the mask that are not 0, all of which lie in the rectangle */
    private int inside(final int left, final int top, final int right, final int bottom) {
        final RandomAccessibleInterval<?> mask = context.diffusion().last.mask().orElseThrow();
        int count = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                if (((RealType<?>) mask.getAt(x, y)).getRealDouble() == 0) continue;
                assertTrue(x >= left && x < right && y >= top && y < bottom, x + ", " + y);
                count++;
            }
        }
        return count;
    }
}
