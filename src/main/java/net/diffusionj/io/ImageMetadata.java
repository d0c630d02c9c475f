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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an image file says beside its pixels. TIFF carries all of it, PNG the settings, NPY nothing.
 *
 * @param pixelSize calibration; {@link PixelSize#UNCALIBRATED} where unknown
 * @param displayRanges one for each channel, or one for all, or empty: a writer then takes 0 to 255 for bytes and the smallest and largest value
 *        of the pixels for everything else
 * @param tables look-up tables that the values are shown in, one for each channel, or one for all; empty for greys and for RGB
 * @param settings how the image was made, in order; empty for images of other programs
 */
public record ImageMetadata(PixelSize pixelSize, List<DisplayRange> displayRanges, List<ColourTable> tables, Map<String, String> settings) {

    /** Nothing known. */
    public static final ImageMetadata NONE = new ImageMetadata(PixelSize.UNCALIBRATED, List.of(), List.of(), Map.of());

    /** Copies the collections. */
    public ImageMetadata {
        Objects.requireNonNull(pixelSize, "pixelSize");
        displayRanges = List.copyOf(displayRanges);
        tables = List.copyOf(tables);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * @param newSettings how the image was made
     * @return the same with other settings
     */
    public ImageMetadata withSettings(final Map<String, String> newSettings) {
        return new ImageMetadata(pixelSize, displayRanges, tables, newSettings);
    }

    /**
     * @param newTables look-up tables
     * @return the same with other look-up tables
     */
    ImageMetadata withTables(final List<ColourTable> newTables) {
        return new ImageMetadata(pixelSize, displayRanges, newTables, settings);
    }
}
