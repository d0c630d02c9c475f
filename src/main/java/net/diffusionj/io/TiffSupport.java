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

/** Which kinds of TIFF pages are read here: refuses every other by its name. Stateless and thread-safe. */
final class TiffSupport {

    private TiffSupport() {}

    /**
     * @param page to be read
     * @param input its file
     * @throws IOException if it is of a kind that is not read here, or its blocks do not lie in the file; the message says which
     */
    static void check(final TiffPage page, final TiffInput input) throws IOException {
        checkColours(page);
        checkSamples(page);
        checkCompression(page);
        checkBlocks(page, input);
    }

    private static void checkColours(final TiffPage page) throws IOException {
        switch (page.photometric()) {
            case TiffPage.WHITE_IS_ZERO, TiffPage.BLACK_IS_ZERO -> {}
            case TiffPage.PALETTE ->
                require(page.samples() == 1 || page.alpha() && page.samples() == 2, "has a palette and " + page.samples() + " samples a pixel");
            case TiffPage.RGB -> require(page.samples() == 3 || page.samples() == 4, "has " + page.samples() + " samples a pixel as RGB");
            case TiffPage.CMYK -> require(page.samples() >= 4 && (page.bits() == 8 || page.bits() == 16) && page.format() == TiffPage.UNSIGNED
                && page.compression() != TiffPage.JPEG,
                "is CMYK of " + page.samples() + " samples of " + page.bits() + " bits"
                    + (page.compression() == TiffPage.JPEG ? ", JPEG compressed" : ""));
            case TiffPage.YCBCR -> require(page.samples() == 3 && page.bits() == 8 && page.format() == TiffPage.UNSIGNED
                && !(page.isSubsampled() && page.planar() == 2) && isFactor(page.subsampling()[0]) && isFactor(page.subsampling()[1]),
                "is YCbCr of " + page.samples() + " samples of " + page.bits() + " bits, chroma divided by " + page.subsampling()[0] + " and "
                    + page.subsampling()[1] + (page.planar() == 2 ? ", in planes" : ""));
            case 4 -> throw kind("is a transparency mask");
            case -TiffPage.CMYK -> throw kind("holds inks other than CMYK");
            case 8, 9, 10 -> throw kind("has CIELab colours");
            case 32803, 34892 -> throw kind("is a camera's raw image");
            case 32844, 32845 -> throw kind("has LogLuv colours");
            case 51177 -> throw kind("is a depth map");
            default -> throw kind("has a photometric interpretation of " + page.photometric());
        }
    }

    private static boolean isFactor(final int factor) {
        return factor == 1 || factor == 2 || factor == 4;
    }

    private static void checkSamples(final TiffPage page) throws IOException {
        final int bits = page.bits();
        switch (page.format()) {
            case TiffPage.UNSIGNED, 4 -> require(bits >= 1 && bits <= 32, "has whole numbers of " + bits + " bits");
            case TiffPage.SIGNED -> require(bits >= 2 && bits <= 32, "has signed whole numbers of " + bits + " bits");
            case TiffPage.FLOAT -> require(bits == 16 || bits == 32 || bits == 64, "has floats of " + bits + " bits");
            case 5, 6 -> throw kind("has complex numbers");
            default -> throw kind("has a sample format of " + page.format());
        }
        require(page.photometric() != TiffPage.PALETTE || page.format() != TiffPage.FLOAT && page.format() != TiffPage.SIGNED || bits > 8,
            "has a palette for values that are signed or floats");
        require(page.planar() == 1 || page.planar() == 2, "has a planar configuration of " + page.planar());
        final boolean whole = bits == 8 || bits == 16 || bits == 32 || bits == 64;
        switch (page.predictor()) {
            case 1 -> {}
            case 2 -> require(whole && !page.isSubsampled() && !page.reversed(), "has differences (predictor 2) of " + bits + " bits");
            case 3 -> require(page.format() == TiffPage.FLOAT && !page.reversed(), "has predictor 3 and no floats");
            default -> throw kind("has a predictor of " + page.predictor());
        }
    }

    private static void checkCompression(final TiffPage page) throws IOException {
        final int compression = page.compression();
        if (compression == TiffPage.JPEG) {
            require(page.bits() == 8 && page.format() == TiffPage.UNSIGNED && page.photometric() != TiffPage.PALETTE,
                "is JPEG compressed with " + page.bits() + " bits a sample");
            require(page.samplesTogether() == 1 || page.samplesTogether() == 3, "is JPEG compressed with " + page.samples() + " samples a pixel");
        }
        else if (!TiffStrips.isKnown(compression)) {
            final String name = switch (compression) {
                case 2, 3, 4 -> " (CCITT fax)";
                case 6 -> " (JPEG as TIFF 6.0 had it)";
                case 34712, 33003, 33004, 33005 -> " (JPEG 2000)";
                case 34925 -> " (LZMA)";
                case 34926, 50000 -> " (Zstandard)";
                case 34927, 50001 -> " (WebP)";
                case 22610, 34934 -> " (JPEG XR)";
                default -> "";
            };
            throw new IOException("its compression " + compression + name + " is not read here: save it uncompressed");
        }
    }

    private static void checkBlocks(final TiffPage page, final TiffInput input) throws IOException {
        final long blocks = (long) page.blocksAcross() * page.blocksDown() * (page.planar() == 2 ? page.samples() : 1);
        final long[] offsets = page.offsets();
        final long[] counts = page.byteCounts();
        if (offsets.length < blocks || counts.length < blocks) {
            throw new IOException("it should have " + blocks + (page.tiled() ? " tiles" : " strips") + " and lists " + offsets.length + " places and "
                + counts.length + " lengths for them");
        }
        for (int block = 0; block < blocks; block++) {
            input.need(offsets[block], counts[block]);
            final long wanted = page.blockBytes(page.rowsOf(block / page.blocksAcross() % page.blocksDown()));
            if (page.compression() == TiffStrips.NONE && counts[block] < wanted) {
                throw new IOException("its " + (page.tiled() ? "tile " : "strip ") + (block + 1) + " holds " + counts[block] + " bytes instead of " + wanted);
            }
            ReadLimits.checkRatio(page.width(), page.height(), wanted, counts[block], TiffStrips.mostRatio(page.compression()));
            ReadLimits.checkSize(page.blockWidth(), page.blockHeight(), (double) wanted / page.blockWidth() / page.blockHeight(), 1);
        }
    }

    private static void require(final boolean read, final String what) throws IOException {
        if (!read) {
            throw kind(what);
        }
    }

    private static IOException kind(final String what) {
        return new IOException("it " + what + ": this kind of TIFF is not read here");
    }
}
