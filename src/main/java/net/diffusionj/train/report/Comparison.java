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
package net.diffusionj.train.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import net.diffusionj.train.material.Material;
import net.diffusionj.train.material.Thumbnail;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/**
 * What a tuning has changed. Pictures are [3, height, width], −1 to 1; shared, not copied.
 *
 * @param real crops of the validation images
 * @param before drawn with the caption by the model as it was
 * @param after drawn with the caption by the tuned model, from the same seeds
 * @param prompts of other things
 * @param othersBefore drawn with them by the model as it was
 * @param othersAfter drawn with them by the tuned model, from the same seeds
 * @param heightPx of every picture
 * @param widthPx of every picture
 */
public record Comparison(List<float[]> real, List<float[]> before, List<float[]> after, List<String> prompts, List<float[]> othersBefore,
    List<float[]> othersAfter, int heightPx, int widthPx) {

    private static final int GAP_PX = 4;

    /** Copies the lists. */
    public Comparison {
        real = List.copyOf(real);
        before = List.copyOf(before);
        after = List.copyOf(after);
        prompts = List.copyOf(prompts);
        othersBefore = List.copyOf(othersBefore);
        othersAfter = List.copyOf(othersAfter);
    }

    /**
     * @param material that the model was tuned on
     * @return Markdown: grey level and foreground of real pictures, before and after; how near drawn pictures come to what was learned from; other prompts
     */
    public List<String> table(final Material material) {
        final int threshold = Tones.threshold(real);
        final List<String> lines = new ArrayList<>(List.of("| pictures | mean grey | foreground |", "| --- | --- | --- |"));
        lines.add(row("real", Tones.of(real, threshold)));
        lines.add(row("drawn before", Tones.of(before, threshold)));
        lines.add(row("drawn after", Tones.of(after, threshold)));
        for (int i = 0; i < prompts.size(); i++) {
            lines.add(row("\"" + prompts.get(i) + "\" before", Tones.of(List.of(othersBefore.get(i)), threshold)));
            lines.add(row("\"" + prompts.get(i) + "\" after", Tones.of(List.of(othersAfter.get(i)), threshold)));
        }
        lines.add("");
        lines.add(String.format(Locale.ROOT, "Foreground is what is brighter than %d, by Otsu's method on the real pictures.", threshold));
        lines.add("");
        lines.addAll(copies(material));
        return lines;
    }

    private static String row(final String what, final Tones tones) {
        return String.format(Locale.ROOT, "| %s | %.1f | %.3f |", what, tones.meanGrey(), tones.foreground());
    }

    private List<String> copies(final Material material) {
        final double yardstick = real.stream().mapToDouble(picture -> nearest(picture, material)).max().orElse(1);
        final List<String> lines = new ArrayList<>(List.of("| drawn picture | nearest crop that was learned from | |", "| --- | --- | --- |"));
        for (int i = 0; i < after.size(); i++) {
            final double near = nearest(after.get(i), material);
            lines.add(String.format(Locale.ROOT, "| %d | %.3f | %s |", i + 1, near, near > yardstick ? "may be a copy" : ""));
        }
        lines.add("");
        lines.add(String.format(Locale.ROOT,
            "Correlation of thumbnails. Of other real pictures the nearest comes to %.3f; a drawn one above that may be a copy.", yardstick));
        return lines;
    }

    private double nearest(final float[] picture, final Material material) {
        return Nearest.of(Thumbnail.of(picture, heightPx, widthPx), material.thumbnails());
    }

    /** @return x, y, channel: rows of real pictures, before and after; then each other prompt before and after, one row each */
    public Img<UnsignedByteType> sheet() {
        final List<List<float[]>> rows = new ArrayList<>(List.of(real.subList(0, Math.min(real.size(), Math.max(after.size(), 1))), before, after));
        if (!prompts.isEmpty()) rows.addAll(List.of(othersBefore, othersAfter));
        return rows(rows, heightPx, widthPx);
    }

    /**
     * @param rows of pictures [3, heightPx, widthPx], −1 to 1
     * @param heightPx of every picture
     * @param widthPx of every picture
     * @return x, y, channel: the pictures on white
     */
    public static Img<UnsignedByteType> rows(final List<List<float[]>> rows, final int heightPx, final int widthPx) {
        final int columns = rows.stream().mapToInt(List::size).max().orElse(1);
        final Canvas canvas = new Canvas(columns * (widthPx + GAP_PX) + GAP_PX, rows.size() * (heightPx + GAP_PX) + GAP_PX);
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                canvas.paint(rows.get(row).get(column), heightPx, widthPx, GAP_PX + column * (widthPx + GAP_PX), GAP_PX + row * (heightPx + GAP_PX));
            }
        }
        return canvas.image();
    }

    /** A white picture to paint others on. */
    private record Canvas(byte[] bytes, int width, int height) {

        Canvas(final int width, final int height) {
            this(new byte[3 * width * height], width, height);
            Arrays.fill(bytes, (byte) -1);
        }

        void paint(final float[] picture, final int heightPx, final int widthPx, final int left, final int top) {
            for (int i = 0; i < picture.length; i++) {
                final int channel = i / (heightPx * widthPx);
                final int at = i % (heightPx * widthPx);
                bytes[(channel * height + top + at / widthPx) * width + left + at % widthPx] = (byte) Math.round((picture[i] + 1) * 127.5f);
            }
        }

        Img<UnsignedByteType> image() {
            return ArrayImgs.unsignedBytes(bytes, width, height, 3);
        }
    }
}
