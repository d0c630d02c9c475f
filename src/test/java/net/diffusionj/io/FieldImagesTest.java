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
package net.diffusionj.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that people met, made anew without their pictures ({@code cases/}): the right values, or the right refusal. */
class FieldImagesTest {

    private static final Path CASES = Patterns.FIXTURES.resolve("cases");

    /** At x,y: the values of all channels. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cmyk8.tif | UINT8 | 0,0: 192 192 154 | 31,0: 0 192 154 | 31,23: 0 0 154",
        "cmyk_red.jpg | UINT8 | 0,0: 255 0 0 | 31,0: 255 0 0 | 31,23: 255 0 0",
        "ycbcr444.tif | UINT8 | 0,0: 0 70 40 | 31,0: 216 31 39 | 31,23: 28 217 39",
        "int8.tif | INT16 | 0,0: -128 | 31,0: 89 | 31,23: -98",
        "float16_rgb.tif | FLOAT32 | 0,0: 0 0.26953125 0.5 | 31,0: 0.84765625 0.1171875 0.5 | 31,23: 0.1171875 0.84765625 0.5",
        "white12.tif | UINT16 | 0,0: 4095 | 31,0: 3940 | 31,23: 260",
        "fillorder2_16bit.tif | UINT16 | 0,0: 0 | 31,0: 3472 | 31,23: 480",
        "thumbnail_first.tif | UINT16 | 0,0: 0 | 31,0: 21700 | 31,23: 3000",
        "grey_alpha.tif | UINT8 | 0,0: 0 | 31,0: 217 | 31,23: 30",
        "grey_palette.tif | UINT8 | 0,0: 0 | 31,0: 217 | 31,23: 30",
        "icc_profile.jpg | UINT8 | 0,0: 59 120 200 | 31,0: 59 120 200 | 31,23: 59 120 200",
    })
    void readsTheRightValues(final String name, final Planes.Depth depth, final String first, final String second, final String third) {
        final Planes found = Planes.of(ImageFiles.read(CASES.resolve(name)).image());
        assertEquals(depth, found.depth());
        for (final String place : new String[] {first, second, third}) {
            final int[] at = Arrays.stream(place.substring(0, place.indexOf(':')).split(",")).mapToInt(Integer::parseInt).toArray();
            final double[] expected = Arrays.stream(place.substring(place.indexOf(':') + 1).strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
            assertEquals(expected.length, found.channels());
            for (int channel = 0; channel < expected.length; channel++) {
                assertEquals(expected[channel], found.valueAt(channel, at[1] * found.width() + at[0]), place);
            }
        }
    }

    @Test
    void wholeNumbersOf32BitsHaveNoSign() {
        final Planes found = Planes.of(ImageFiles.read(CASES.resolve("uint32.tif")).image());
        for (int i = 0; i < 32 * 24; i++) {
            assertEquals(5_600_000L * i % (1L << 32), (long) found.valueAt(0, i));
        }
    }

    @Test
    void omeXmlSaysHowLargePixelsAre() {
        assertEquals(new PixelSize(0.25, 0.25, 1, "µm"), ImageFiles.read(CASES.resolve("ome_pixel_size.ome.tif")).metadata().pixelSize());
    }

    @ParameterizedTest
    @CsvSource({"truncated.jpg, damaged or cut off", "bad_header_crc.png, checksum", "dicom_with_tiff_start.dcm, DICOM", "t_dim5_deflate.tif, 65535 x 32767",
        "t_dim6.tif, holds 100 bytes instead of 900000000", "t_info_big.tif, ImageJ metadata", "t_info_neg.tif, ImageJ metadata",
        "t_info_slic.tif, ImageJ metadata",
        "t_info_luts.tif, ImageJ metadata", "p_dim5.png, 20000 x 20000", "p_dim8.png, 12000 x 12000", "p_crc.png, checksum", "t_loop_two.tif, circle",
        "p_len_neg.png, truncated", "n_pickle.npy, |O", "b_huge.bmp, 30000 x 30000", "g_gif.gif, 65535 x 65535", "j_huge.jpg, truncated"})
    void refusesInOneLineAndTakesNoMemoryForClaims(final String name, final String reason) {
        final Path file = CASES.resolve(name);
        // Loads the classes, whose memory is not the file's.
        assertThrows(InvalidInputException.class, () -> ImageFiles.read(file));
        final long before = allocated();
        final String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file)).getMessage();
        final long taken = allocated() - before;
        assertTrue(message.contains(reason) && message.contains(name) && !message.contains("\n"), message);
        assertTrue(taken < 4 << 20, "took " + taken + " bytes");
    }

    @Test
    void readsWhatIsOddButSound() {
        assertEquals(1, Planes.of(ImageFiles.read(CASES.resolve("t_dim9.tif")).image()).width());
        assertEquals(PixelSize.UNCALIBRATED, ImageFiles.read(CASES.resolve("t_desc13.tif")).metadata().pixelSize());
        final ImageFile escapes = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> ImageFiles.read(CASES.resolve("p_itxt_ours_uesc.png")));
        assertTrue(escapes.metadata().settings().values().iterator().next().length() > 1_000_000);
    }

    static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
