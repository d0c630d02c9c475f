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
package net.diffusionj.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.image.Framing;
import net.diffusionj.pipeline.Stage;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.util.ConstantUtils;
import net.imglib2.view.Views;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Image to image at the image's own pixels, with and without a mask: sizes and values of every kind, seams, and stops in the middle of a tile. */
@Timeout(300)
class NativeSizeTest {

    private static final Path MICRO_DIFF = Path.of("models", "MicroDiff");

    private static DiffusionEngine engine;

    @BeforeAll
    static void open() {
        engine = new DiffusionEngine(Folders.HOME);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static DiffusionRequest.Builder turbo() {
        return DiffusionRequest.prompt("nuclei").model(Models.of("turbo").toString()).seed(4).steps(2).guidance(0).strength(0.5);
    }

    private static DiffusionResult run(final DiffusionRequest.Builder request) {
        return engine.generate(request.build(), DiffusionListener.NONE, new CancelToken()).result();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "31, 4000", "20000, 10", "17, 65"})
    void everySizeComesBack(final int width, final int height) {
        final DiffusionResult result = run(turbo().image(field(width, height)));
        assertArrayEquals(new long[] {width, height}, result.image().dimensionsAsLongArray());
        assertEquals("native", result.settings().get("fit"));
        assertEquals("1", result.settings().get("scale"));
    }

    @Test
    void aConstantFieldStaysInItsTypesRange() {
        final Img<UnsignedShortType> constant = ArrayImgs.unsignedShorts(40, 30);
        constant.forEach(pixel -> pixel.set(700));
        final DiffusionResult result = run(turbo().image(constant));
        assertArrayEquals(new long[] {40, 30}, result.image().dimensionsAsLongArray());
    }

    @Test
    void pixelsThatAreNoNumbersAreNamed() {
        final Img<?> nan = ArrayImgs.floats(new float[] {1, 2, Float.NaN, 4}, 2, 2);
        final String message = assertThrows(InvalidInputException.class, () -> run(turbo().image(nan))).getMessage();
        assertTrue(message.contains("NaN") && message.contains("x = 0, y = 1"), message);
    }

    /** Nothing of the image is read: it is as large as no memory is. */
    @Test
    void anImageLargerThanMemoryIsRefusedWithItsSizeAndTheWayOut() {
        final RandomAccessibleInterval<UnsignedShortType> huge =
            ConstantUtils.constantRandomAccessibleInterval(new UnsignedShortType(3), new net.imglib2.FinalInterval(40_000, 40_000));
        final String message = assertThrows(InvalidInputException.class, () -> run(turbo().image(huge))).getMessage();
        assertTrue(message.contains("40000 x 40000") && message.contains("part of the image") && message.contains("scale"), message);
        final Framing framing = Framing.scaled(4096, 4096, 1, new Framing.Limits(128, 128, 32));
        ImageMemory.check(framing, 1, 2_000_000_000L);
        final String scaled = assertThrows(InvalidInputException.class,
            () -> ImageMemory.check(Framing.scaled(4096, 4096, 4, new Framing.Limits(128, 128, 32)), 1, 2_000_000_000L)).getMessage();
        assertTrue(scaled.contains("16384 x 16384") && scaled.contains("2.0 GB"), scaled);
        final String text = assertThrows(InvalidInputException.class,
            () -> ImageMemory.check(new WorkingSize(8192, 8192), 2_000_000_000L)).getMessage();
        assertTrue(text.contains("8192 x 8192") && text.contains("smaller width and height"), text);
    }

    @Test
    void aScaleIsInvertedExactlyInSizeAndRecorded() {
        final DiffusionResult result = run(turbo().image(field(50, 33)).scale(ImageScale.of(1.5)));
        assertArrayEquals(new long[] {50, 33}, result.image().dimensionsAsLongArray());
        assertEquals("1.5", result.settings().get("scale"));
        final String auto = assertThrows(InvalidInputException.class, () -> run(turbo().image(field(50, 33)).scale(ImageScale.AUTO))).getMessage();
        assertTrue(auto.contains("objectSizePx"), auto);
        final String both =
            assertThrows(InvalidInputException.class, () -> run(turbo().image(field(50, 33)).scale(ImageScale.of(2)).fit(Fit.MODEL))).getMessage();
        assertTrue(both.contains("fit model"), both);
    }

    @Test
    void smallObjectsAreEnlargedForAModelThatSaysWhatItKnows() {
        final DiffusionRequest request =
            DiffusionRequest.prompt("nuclei").model(MICRO_DIFF.toString()).seed(1).steps(5).strength(0.2).image(discs(160, 120, 14)).build();
        final String scale = engine.generate(request, DiffusionListener.NONE, new CancelToken()).result().settings().get("scale");
        assertEquals(4, Double.parseDouble(scale), 0.5, "56 pixels for 14");
    }

    @Test
    void outsideAMaskEveryPixelStaysBitForBit() {
        final Img<UnsignedShortType> source = field(100, 70);
        final byte[] inside = new byte[100 * 70];
        for (int i = 0; i < inside.length; i++) inside[i] = (byte) (i % 100 > 30 && i % 100 < 60 && i / 100 > 20 && i / 100 < 50 ? 255 : 0);
        final DiffusionResult result = run(turbo().strength(1).image(source).mask(ArrayImgs.unsignedBytes(inside, 100, 70)));
        int changed = 0;
        int at = 0;
        final var made = Views.flatIterable(result.image()).cursor();
        for (final UnsignedShortType pixel : source) {
            final boolean same = pixel.equals(made.next());
            if (inside[at++] == 0) assertTrue(same, "pixel " + at);
            else if (!same) changed++;
        }
        assertTrue(changed > 400, changed + " of 841 pixels changed");
        assertEquals("841 pixels", result.settings().get("mask"));
    }

    @Test
    void anEmptyMaskChangesNothingAndAFullOneIsNone() {
        final Img<UnsignedShortType> source = field(40, 30);
        final DiffusionResult empty = run(turbo().image(source).mask(ArrayImgs.unsignedBytes(40, 30)));
        assertEquals(values(source), values(empty.image()));
        assertTrue(empty.warnings().stream().anyMatch(text -> text.contains("mask is empty")), empty.warnings().toString());
        final Img<?> full = ArrayImgs.floats(40, 30);
        full.forEach(pixel -> ((RealType<?>) pixel).setReal(0.5));
        assertEquals(values(run(turbo().image(source)).image()), values(run(turbo().image(source).mask(full)).image()));
        final String size = assertThrows(InvalidInputException.class, () -> run(turbo().image(source).mask(ArrayImgs.bytes(30, 40)))).getMessage();
        assertTrue(size.contains("30 x 40") && size.contains("40 x 30"), size);
        assertThrows(InvalidInputException.class, () -> run(turbo().mask(ArrayImgs.bytes(30, 40))));
        final String bits =
            assertThrows(InvalidInputException.class, () -> run(turbo().image(source).mask(full).pixelType(PixelType.UINT8))).getMessage();
        assertTrue(bits.contains("bit depth"), bits);
    }

    @Test
    void aStopIsSeenInTheMiddleOfAStep() {
        final CancelToken cancel = new CancelToken();
        final List<String> seen = new ArrayList<>();
        final DiffusionOutcome outcome = engine.generate(turbo().steps(4).image(field(500, 500)).build(), new DiffusionListener() {
            private Stage stage = Stage.STARTING;

            @Override
            public void stage(final Stage now) {
                stage = now;
            }

            @Override
            public void step(final int step, final int steps, final int imageIndex) {
                seen.add("step " + step);
            }

            @Override
            public void tile(final int tile, final int tiles) {
                if (stage != Stage.DENOISING || seen.isEmpty()) return;
                seen.add("tile " + tile);
                assertTrue(tile < tiles, "stopped before the last tile");
                cancel.cancel();
            }
        }, cancel);
        assertTrue(outcome.isCancelled());
        assertEquals(2, seen.size(), seen.toString());
        assertEquals("step 1", seen.get(0));
    }

    /** Where tiles of the UNet begin and end, the picture changes no more from pixel to pixel than elsewhere. */
    @ParameterizedTest
    @CsvSource({"4, 0.5", "1, 1"})
    void tilesLeaveNoSeams(final int steps, final double strength) {
        final DiffusionRequest request = DiffusionRequest.prompt("dense nuclei").model(MICRO_DIFF.toString()).seed(5).steps(steps).strength(strength)
            .scale(ImageScale.of(1)).image(noise(640, 512)).build();
        final Img<?> made = engine.generate(request, DiffusionListener.NONE, new CancelToken()).result().image();
        // Tiles of 16 latent pixels begin at 0, 12, 24 ... of 80; a latent pixel is 8 pixels wide.
        final boolean[] seam = new boolean[640];
        for (int start = 12; start + 16 < 80; start += 12) seam[start * 8] = true;
        for (int end = 16; end < 76; end += 12) seam[end * 8] = true;
        double across = 0;
        double inside = 0;
        int seams = 0;
        for (int x = 1; x < 640; x++) {
            double sum = 0;
            for (int y = 0; y < 512; y++) {
                sum += Math.abs(((RealType<?>) made.getAt(x, y)).getRealDouble() - ((RealType<?>) made.getAt(x - 1, y)).getRealDouble());
            }
            // The decoder's own grid of 8 pixels is not a seam: compared are columns that lie alike in it.
            if (x % 8 != 0) continue;
            if (seam[x]) {
                across += sum;
                seams++;
            }
            else inside += sum;
        }
        final double ratio = across / seams / (inside / (79 - seams));
        assertTrue(ratio <= 1.05, "gradient across seams is " + ratio + " of that inside tiles");
    }

    private static List<Double> values(final RandomAccessibleInterval<?> image) {
        final List<Double> values = new ArrayList<>();
        Views.flatIterable(image).forEach(pixel -> values.add(((RealType<?>) pixel).getRealDouble()));
        return values;
    }

    private static Img<UnsignedShortType> field(final int width, final int height) {
        final Img<UnsignedShortType> img = ArrayImgs.unsignedShorts(width, height);
        final Random random = new Random(width);
        final var cursor = img.localizingCursor();
        while (cursor.hasNext()) {
            final UnsignedShortType pixel = cursor.next();
            final long d = (cursor.getLongPosition(0) % 30 - 15) * (cursor.getLongPosition(0) % 30 - 15)
                + (cursor.getLongPosition(1) % 30 - 15) * (cursor.getLongPosition(1) % 30 - 15);
            pixel.set((d < 80 ? 3000 : 300) + random.nextInt(60));
        }
        return img;
    }

    private static Img<UnsignedShortType> noise(final int width, final int height) {
        final Img<UnsignedShortType> img = ArrayImgs.unsignedShorts(width, height);
        final Random random = new Random(1);
        img.forEach(pixel -> pixel.set(1000 + random.nextInt(1000)));
        return img;
    }

    private static Img<UnsignedShortType> discs(final int width, final int height, final int diameter) {
        final Img<UnsignedShortType> img = ArrayImgs.unsignedShorts(width, height);
        final var cursor = img.localizingCursor();
        final int period = 3 * diameter;
        while (cursor.hasNext()) {
            final UnsignedShortType pixel = cursor.next();
            final double dx = cursor.getLongPosition(0) % period - period / 2.0;
            final double dy = cursor.getLongPosition(1) % period - period / 2.0;
            pixel.set(Math.hypot(dx, dy) < diameter / 2.0 ? 3000 : 300);
        }
        return img;
    }
}
