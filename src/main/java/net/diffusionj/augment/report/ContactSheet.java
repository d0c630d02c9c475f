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
package net.diffusionj.augment.report;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/** Puts pictures together in rows, one a source: the source first, then what was made from it. Stateless. */
final class ContactSheet {

    private static final int GAP_PX = 4;
    private static final int GROUND = 0xffffff;

    private ContactSheet() {}

    /** @param rows pictures of at most {@link Thumbnail#SIDE_PX} a side; at least one row with at least one picture */
    static BufferedImage of(final List<List<BufferedImage>> rows) {
        final int cell = Thumbnail.SIDE_PX + GAP_PX;
        final int columns = rows.stream().mapToInt(List::size).max().orElseThrow();
        final int widthPx = columns * cell + GAP_PX;
        final int heightPx = rows.stream().mapToInt(ContactSheet::heightPx).sum() + GAP_PX;
        final BufferedImage sheet = new BufferedImage(widthPx, heightPx, BufferedImage.TYPE_INT_RGB);
        final int[] line = new int[widthPx];
        Arrays.fill(line, GROUND);
        for (int y = 0; y < heightPx; y++) sheet.setRGB(0, y, widthPx, 1, line, 0, widthPx);
        int top = GAP_PX;
        for (final List<BufferedImage> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                final BufferedImage picture = row.get(column);
                final int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
                sheet.setRGB(GAP_PX + column * cell, top, picture.getWidth(), picture.getHeight(), pixels, 0, picture.getWidth());
            }
            top += heightPx(row);
        }
        return sheet;
    }

    private static int heightPx(final List<BufferedImage> row) {
        return row.stream().mapToInt(BufferedImage::getHeight).max().orElseThrow() + GAP_PX;
    }
}
