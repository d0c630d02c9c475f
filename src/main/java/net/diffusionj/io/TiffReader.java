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

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads TIFF and BigTIFF, of ImageJ and of others; this is the one place that decides which pages are read, and how.
 * <p>
 * The picture is the first page that is neither a smaller copy nor a mask of another, and a stack where the pages after it are of its kind, as in
 * ImageJ; otherwise it is the first page alone, and the others need not be readable. {@code docs/image-files.md} says why neither ImageJ's opener nor a
 * plug-in of ImageIO is asked. JPEG inside is unpacked by the JDK's decoder. Stateless and thread-safe.
 * </p>
 */
final class TiffReader {

    private static final int JPEG_TABLES = 347;
    private static final int COLOUR_MAP = 320;
    private static final int LUMA = 529;
    private static final int REFERENCE = 532;
    private static final int MOVED = 32768;

    private TiffReader() {}

    /**
     * @param path an existing file that begins as TIFF
     * @return its picture or stack
     * @throws IOException if the file is damaged or of a kind that is not read; the message says which
     */
    static ImageFile read(final Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            final TiffInput input = new TiffInput(file);
            final List<TiffTags> all = TiffTags.all(input);
            final List<TiffTags> pictures = pictures(all);
            final ImageJTags imageJ = ImageJTags.of(all.get(0), input.order());
            final TiffPage first = TiffPage.of(pictures.get(0), input.order());
            final boolean one = !sameKind(pictures, first, input);
            final List<String> warnings = one ? List.of("The file has " + pictures.size()
                + " pages of different sizes or types. The first is read; save the pages apart to use another.") : List.of();
            return read(input, one ? pictures.subList(0, 1) : pictures, first, imageJ, warnings);
        }
    }

    private static List<TiffTags> pictures(final List<TiffTags> all) throws IOException {
        final List<TiffTags> pictures = new ArrayList<>();
        for (final TiffTags tags : all) {
            if (!TiffPage.isSecondary(tags)) {
                pictures.add(tags);
            }
        }
        return pictures.isEmpty() ? all.subList(0, 1) : pictures;
    }

    private static boolean sameKind(final List<TiffTags> pictures, final TiffPage first, final TiffInput input) throws IOException {
        for (final TiffTags tags : pictures) {
            if (!TiffPage.of(tags, input.order()).sameKind(first)) {
                return false;
            }
        }
        return true;
    }

    private static ImageFile read(final TiffInput input, final List<TiffTags> pictures, final TiffPage first, final ImageJTags imageJ,
        final List<String> warnings) throws IOException {
        final double claimed = imageJ.number("images", 1);
        // ImageJ lists the first page alone where the planes of a stack follow one another.
        final boolean contiguous = imageJ.isImageJ() && claimed > pictures.size() && pictures.size() == 1 && first.compression() == TiffStrips.NONE;
        final int pages = contiguous ? (int) Math.min(claimed, Integer.MAX_VALUE) : pictures.size();
        TiffSupport.check(first, input);
        if (contiguous && input.firstDirectory() > first.offsets()[0] && input.firstDirectory() < first.follower(pages - 1).offsets()[0]) {
            throw new IOException("it is truncated: it claims " + pages + " planes and has fewer");
        }
        ReadLimits.checkSize(first.width(), first.height(), (double) first.colours() * pages, first.depth().bytes);
        final List<Object> planes = new ArrayList<>();
        Optional<ColourTable> table = Optional.empty();
        for (int i = 0; i < pages; i++) {
            final TiffTags tags = pictures.get(contiguous ? 0 : i);
            final TiffPage page = i == 0 ? first : contiguous ? first.follower(i) : TiffPage.of(tags, input.order());
            TiffSupport.check(page, input);
            final List<Object> samples = new TiffBlocks(page, input, tags.raw(JPEG_TABLES)).read();
            final TiffColours.Shown shown = TiffColours.of(page, samples, key(tags, imageJ));
            if (!planes.isEmpty() && planes.size() % shown.planes().size() != 0) {
                throw new IOException("its page " + (i + 1) + " has another number of channels than its first: save the pages apart");
            }
            planes.addAll(shown.planes());
            table = i == 0 ? shown.table() : table;
        }
        return assembled(first, planes, planes.size() / pages, table, imageJ, TiffScale.of(pictures.get(0), imageJ), warnings);
    }

    private static TiffColours.Key key(final TiffTags tags, final ImageJTags imageJ) throws IOException {
        final double[] luma = tags.fractions(LUMA);
        final double[] reference = tags.fractions(REFERENCE);
        final boolean usable = reference.length >= 6 && reference[1] > reference[0] && reference[3] > reference[2] && reference[5] > reference[4];
        return new TiffColours.Key(tags.numbers(COLOUR_MAP), luma.length >= 3 && luma[1] > 0 ? luma : new double[] {0.299, 0.587, 0.114},
            usable ? reference : new double[] {0, 255, 128, 255, 128, 255}, imageJ.isImageJ(), imageJ.properties().containsKey("CurrentLUT"));
    }

    private static ImageFile assembled(final TiffPage page, final List<Object> planes, final int planesEach, final Optional<ColourTable> table,
        final ImageJTags imageJ, final PixelSize size, final List<String> warnings) {
        final boolean moved = imageJ.isMovedSigned() && page.depth() == Planes.Depth.UINT16 && planes.get(0) instanceof short[];
        if (moved) {
            planes.forEach(plane -> moveDown((short[]) plane));
        }
        final Planes.Depth depth = planes.get(0) instanceof byte[] ? Planes.Depth.UINT8 : moved ? Planes.Depth.INT16 : page.depth();
        final int claimed = (int) imageJ.number("channels", 1);
        final int channels = planesEach > 1 ? planesEach : claimed > 0 && planes.size() % claimed == 0 ? claimed : 1;
        final double shift = imageJ.isImageJ() && depth == Planes.Depth.INT16 ? MOVED : 0;
        final List<DisplayRange> ranges = imageJ.shown().stream().map(range -> new DisplayRange(range.min() - shift, range.max() - shift)).toList();
        final Map<String, String> settings = imageJ.info().isEmpty() ? Map.of() : SettingsText.parse(imageJ.info());
        final List<ColourTable> tables = table.map(List::of).orElseGet(() -> imageJ.tables().size() == channels && channels > 1 ? imageJ.tables() : List.of());
        return new ImageFile(new Planes(depth, page.width(), page.height(), channels, planes).toImg(), new ImageMetadata(size, ranges, tables, settings),
            warnings);
    }

    private static void moveDown(final short[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] ^= (short) MOVED;
        }
    }
}
