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
package net.diffusionj.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.SourceImage.ResultChannels;
import net.diffusionj.io.Npy;
import net.diffusionj.pipeline.DecodedPixels;
import net.diffusionj.pipeline.SourcePixels;
import net.diffusionj.testing.Folders;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.logic.BitType;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.view.Views;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against diffusers' VaeImageProcessor and numpy (scripts/fixtures/images.py), and there and back for every type. */
class SourceImageTest {

    private static final Path FIXTURES = Folders.RESOURCES.resolve("image");
    private static final int WIDTH = 31;
    private static final int HEIGHT = 21;

    @Test
    void rgbEqualsDiffusersAtTheSameSize() {
        final float[] expected = Npy.read(FIXTURES.resolve("rgb-diffusers-same-size.npy")).floats();
        final SourcePixels pixels = SourceImage.of(rgb()).toPixels(IntensityMapping.BYTES, WIDTH, HEIGHT);
        assertArrayEquals(expected, pixels.values(), 1e-7f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"24x16", "48x40"})
    void rgbIsWithinItsRoundingOfDiffusers(final String size) {
        final int width = Integer.parseInt(size.substring(0, 2));
        final int height = Integer.parseInt(size.substring(3));
        final float[] expected = Npy.read(FIXTURES.resolve("rgb-diffusers-" + size + ".npy")).floats();
        final SourcePixels pixels = SourceImage.of(rgb()).toPixels(IntensityMapping.BYTES, width, height);
        assertEquals(height, pixels.heightPx());
        // Pillow rounds to whole grey levels after each of its two passes: two halves of a level, and what the second makes of the first.
        final double level = 2.0 / 255;
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], pixels.values()[i], 1.5 * level, "value " + i);
        }
        final double rms = Math.sqrt(IntStream.range(0, expected.length).mapToDouble(i -> expected[i] - pixels.values()[i])
            .map(d -> d * d).average().orElseThrow());
        assertTrue(rms < level / 2, "root mean square " + rms / level + " levels");
    }

    @Test
    void percentilesEqualNumpys() throws IOException {
        final JsonObject recorded = JsonParser.parseString(Files.readString(FIXTURES.resolve("percentiles.json"))).getAsJsonObject();
        final SourceImage image = SourceImage.of(shorts());
        final IntensityMapping.Limits joint = image.mapping(LimitChoice.PERCENTILES).of(0);
        assertEquals(recorded.getAsJsonArray("joint").get(0).getAsDouble(), joint.low(), 1e-9);
        assertEquals(recorded.getAsJsonArray("joint").get(1).getAsDouble(), joint.high(), 1e-9);
        for (int channel = 0; channel < 3; channel++) {
            final JsonArray expected = recorded.getAsJsonArray("channels").get(channel).getAsJsonArray();
            final IntensityMapping.Limits limits = image.mapping(LimitChoice.PERCENTILES.forEachChannel()).of(channel);
            assertEquals(expected.get(0).getAsDouble(), limits.low(), 1e-9);
            assertEquals(expected.get(1).getAsDouble(), limits.high(), 1e-9);
        }
    }

    @Test
    void everyTypeReturnsToItself() {
        final Random random = new Random(1);
        final long[] shape = {9, 7};
        for (final Img<? extends RealType<?>> img : Arrays.<Img<? extends RealType<?>>>asList(ArrayImgs.unsignedBytes(shape), ArrayImgs.bytes(shape),
            ArrayImgs.unsignedShorts(shape), ArrayImgs.shorts(shape), ArrayImgs.unsignedShorts(9, 7, 3), ArrayImgs.unsignedInts(shape), ArrayImgs.ints(shape),
            ArrayImgs.floats(shape), ArrayImgs.floats(9, 7, 1), ArrayImgs.doubles(shape), ArrayImgs.bits(shape), ArrayImgs.floats(9, 7, 3, 1, 1))) {
            for (final RealType<?> pixel : img) {
                pixel.setReal(img.getType() instanceof BitType ? random.nextInt(2) : random.nextInt(100) + 20);
            }
            final SourceImage source = SourceImage.of(img);
            final IntensityMapping mapping = IntensityMapping.parse(source.mapping(LimitChoice.AUTO).toText());
            final SourcePixels pixels = source.toPixels(mapping, 9, 7);
            final Img<?> back = source.restore(new DecodedPixels(pixels.values(), 1, 7, 9), mapping, ResultChannels.AS_SOURCE);
            assertEquals(img.getType().getClass(), back.getType().getClass());
            final Cursor<?> cursor = back.cursor();
            for (final RealType<?> pixel : img) {
                assertEquals(pixel.getRealDouble(), ((RealType<?>) cursor.next()).getRealDouble(), 1e-5, img.getType().getClass().getName());
            }
        }
    }

    @Test
    void argbIsReadAsColoursAndReturnsAsBytes() {
        final Img<ARGBType> img = ArrayImgs.argbs(2, 1);
        img.forEach(pixel -> pixel.set(ARGBType.rgba(0, 51, 255, 0)));
        final SourceImage source = SourceImage.of(Views.translate(img, 10, -3));
        final SourcePixels pixels = source.toPixels(source.mapping(LimitChoice.AUTO), 2, 1);
        assertArrayEquals(new float[] {-1, -1, -0.6f, -0.6f, 1, 1}, pixels.values(), 1e-6f);
        final Img<?> back = source.restore(new DecodedPixels(pixels.values(), 1, 1, 2), IntensityMapping.BYTES, ResultChannels.AS_SOURCE);
        assertSame(UnsignedByteType.class, back.getType().getClass());
        assertArrayEquals(new long[] {2, 1, 3}, back.dimensionsAsLongArray());
    }

    @Test
    void acceptsOnePixelAndTheLongest() {
        final SourceImage one = SourceImage.of(ArrayImgs.floats(new float[] {0.25f}, 1, 1));
        assertEquals("0.0..1.0", one.mapping(LimitChoice.AUTO).toText());
        final SourcePixels pixels = one.toPixels(one.mapping(LimitChoice.AUTO), 64, 48);
        for (final float value : pixels.values()) {
            assertEquals(-0.5f, value, 1e-6f);
        }
        final SourceImage longest = SourceImage.of(ArrayImgs.unsignedBytes(20_000, 10));
        final SourcePixels black = longest.toPixels(longest.mapping(LimitChoice.AUTO), 64, 64);
        final Img<?> back = longest.restore(new DecodedPixels(black.values(), 1, 64, 64), IntensityMapping.BYTES, ResultChannels.THREE);
        assertArrayEquals(new long[] {20_000, 10, 3}, back.dimensionsAsLongArray());
    }

    @Test
    void constantImagesAreLegal() {
        final Img<?> shorts = ArrayImgs.unsignedShorts(new short[] {500, 500}, 2, 1);
        assertEquals("0.0..65535.0", SourceImage.of(shorts).mapping(LimitChoice.AUTO).toText());
        final Img<?> floats = ArrayImgs.floats(new float[] {-7, -7}, 2, 1);
        assertEquals("-7.0..1.0", SourceImage.of(floats).mapping(LimitChoice.AUTO).toText());
    }

    @Test
    void aPictureWithoutARangeSaysThatItsLimitsAreGuessed() {
        final Img<?> shorts = ArrayImgs.unsignedShorts(new short[] {4660, 4660}, 2, 1);
        assertEquals("All pixels of the image are 4660, so it has no range of intensities: the result is drawn between 0 and 65535.", warning(shorts));
        assertTrue(warning(ArrayImgs.floats(new float[] {-7.5f, -7.5f}, 2, 1)).contains("are -7.5"));
        assertTrue(warning(ArrayImgs.unsignedShorts(new short[] {0, 0, 0}, 1, 1, 3)).contains("are 0, "));
        assertEquals("", warning(ArrayImgs.unsignedShorts(new short[] {4660, 4661}, 2, 1)));
        assertEquals("", warning(ArrayImgs.unsignedShorts(new short[] {0, -1}, 2, 1)));
        assertEquals("", warning(ArrayImgs.floats(new float[] {0, 1}, 2, 1)));
        assertEquals("", warning(ArrayImgs.unsignedShorts(new short[] {1, 1, 2}, 1, 1, 3)));
        assertEquals("", warning(ArrayImgs.unsignedBytes(new byte[] {9, 9}, 2, 1)));
    }

    private static String warning(final Img<?> image) {
        final SourceImage source = SourceImage.of(image);
        return source.warning(source.mapping(LimitChoice.AUTO)).orElse("");
    }

    @Test
    void givesBatchesAndMeans() {
        final SourceImage source = SourceImage.of(ArrayImgs.unsignedShorts(new short[] {1000, 3000}, 2, 1));
        final IntensityMapping mapping = source.mapping(LimitChoice.AUTO);
        assertEquals("1000.0..3000.0", mapping.toText());
        final float[] values = {-1, 1, 0, 1, 1, 1, 5, -5, 5, -5, 5, -5};
        final Img<?> means = source.restore(new DecodedPixels(values, 2, 1, 2), mapping, ResultChannels.AS_SOURCE);
        assertArrayEquals(new long[] {2, 1, 1, 2}, means.dimensionsAsLongArray());
        assertArrayEquals(new double[] {2000, 3000, 3000, 1000}, values(means));
        final Img<?> three = source.restore(new DecodedPixels(values, 2, 1, 2), mapping, ResultChannels.THREE);
        assertArrayEquals(new double[] {1000, 3000, 2000, 3000, 3000, 3000, 3000, 1000, 3000, 1000, 3000, 1000}, values(three));
    }

    @Test
    void saysWhatToDoWithOtherShapes() {
        assertMessage(ArrayImgs.unsignedBytes(4, 4, 2), "2 planes", "merge them into an RGB image");
        assertMessage(ArrayImgs.unsignedBytes(4, 4, 20), "20 planes", "Image > Duplicate...");
        assertMessage(ArrayImgs.unsignedBytes(4, 4, 3, 5), "stack of size 4 x 4 x 3 x 5", "Image > Duplicate...");
        assertMessage(ArrayImgs.argbs(4, 4, 2), "2 RGB slices", "Image > Duplicate...");
        assertMessage(ArrayImgs.unsignedBytes(4), "1 axis", "Expected one picture");
        assertMessage(ArrayImgs.complexFloats(4, 4), "ComplexFloatType", "Convert the image");
        final float[] values = {0, 1, 2, Float.NaN, Float.NEGATIVE_INFINITY, 5};
        assertMessage(ArrayImgs.floats(values, 2, 3), "2 pixels", "the first is NaN at x = 1, y = 1");
        assertMessage(ArrayImgs.doubles(new double[] {0, 1, Double.POSITIVE_INFINITY}, 1, 1, 3), "1 pixel", "infinite at x = 0, y = 0, channel 3");
    }

    @Test
    void mappingsAreTextAndBack() {
        for (final String text : new String[] {"0.0..255.0", "-1.5E-7..1.0E30", "0.0..1.0; 2.0..3.0; -4.0..5.0"}) {
            assertEquals(text, IntensityMapping.parse(text).toText());
        }
        assertEquals(IntensityMapping.BYTES, IntensityMapping.parse(" 0..255 "));
        for (final String text : new String[] {"", "0-255", "0..", "5..5", "9..1", "NaN..1", "0..Infinity", "0..1;2..3", "a..b"}) {
            assertThrows(InvalidInputException.class, () -> IntensityMapping.parse(text), text);
        }
        assertThrows(InvalidInputException.class, () -> new LimitChoice(false, 50, 50, false));
    }

    private static double[] values(final Img<?> img) {
        final double[] values = new double[(int) img.size()];
        final Cursor<?> cursor = img.cursor();
        for (int i = 0; i < values.length; i++) {
            values[i] = ((RealType<?>) cursor.next()).getRealDouble();
        }
        return values;
    }

    private static void assertMessage(final RandomAccessibleInterval<?> image, final String what, final String toDo) {
        final String message = assertThrows(InvalidInputException.class, () -> SourceImage.of(image)).getMessage();
        assertTrue(message.contains(what) && message.contains(toDo), message);
    }

    private static int pattern(final int index) {
        final int i = index % (WIDTH * HEIGHT);
        return 3 * (i % WIDTH) + 5 * (i / WIDTH) + 40 * (index / (WIDTH * HEIGHT));
    }

    private static Img<?> rgb() {
        final byte[] values = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) pattern(i);
        }
        return ArrayImgs.unsignedBytes(values, WIDTH, HEIGHT, 3);
    }

    private static Img<?> shorts() {
        final short[] values = new short[3 * WIDTH * HEIGHT];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (pattern(i) * 211);
        }
        return ArrayImgs.unsignedShorts(values, WIDTH, HEIGHT, 3);
    }
}
