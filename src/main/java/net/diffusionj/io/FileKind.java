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

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** What a file is by its first bytes, whatever its name says. */
enum FileKind {
    /** Also BigTIFF. */
    TIFF,
    PNG,
    JPEG,
    GIF,
    BMP,
    NPY,
    /** Nothing that is read here. */
    OTHER;

    /** How many first bytes tell. */
    static final int BYTES = 132;

    private static final int DICOM_AT = 128;
    private static final Map<String, String> FOREIGN = Map.of("SIMPLE  =", "a FITS image", "8BPS", "a Photoshop file", "%PDF", "a PDF document", "PK\3\4",
        "a ZIP archive", "\u0089HDF", "an HDF5 file", "ZISRAWFILE", "a Zeiss CZI file", "\0\0\0\fjP  ", "a JPEG 2000 image", "\u00ff\u004f\u00ff\u0051",
        "a JPEG 2000 image", "\u00da\u00ce\u00be\n", "a Nikon ND2 file");

    /**
     * @param start a file's first bytes, as many as there are up to {@link #BYTES}
     * @return what it is
     */
    static FileKind of(final byte[] start) {
        final String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("DICM", DICOM_AT)) {
            return OTHER;
        }
        if (text.startsWith("II*\0") || text.startsWith("MM\0*") || text.startsWith("II+\0") || text.startsWith("MM\0+")) {
            return TIFF;
        }
        if (text.startsWith(new String(PngWriter.SIGNATURE, StandardCharsets.ISO_8859_1))) {
            return PNG;
        }
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (text.startsWith("GIF8")) {
            return GIF;
        }
        if (text.startsWith("\u0093NUMPY")) {
            return NPY;
        }
        return text.startsWith("BM") ? BMP : OTHER;
    }

    /**
     * @param start a file's first bytes
     * @return the name of a kind that is known and not read here
     */
    static Optional<String> nameOf(final byte[] start) {
        final String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("DICM", DICOM_AT)) {
            return Optional.of("a DICOM image");
        }
        if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
            return Optional.of("a WebP image");
        }
        if (text.matches("(?s)P[1-6]\\s.*")) {
            return Optional.of("a PGM, PPM or PBM image");
        }
        if (text.startsWith("ftyp", 4)) {
            return Optional.of("a HEIF or AVIF image, or a film");
        }
        return FOREIGN.entrySet().stream().filter(entry -> text.startsWith(entry.getKey())).map(Map.Entry::getValue).findFirst();
    }
}
