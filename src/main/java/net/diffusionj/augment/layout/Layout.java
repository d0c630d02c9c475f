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
package net.diffusionj.augment.layout;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;

/** Folders and names that a program for training reads. */
public enum Layout {
    /** {@code train/images/STEM.tif} and {@code train/labels/STEM.tif}. */
    PAIRS,
    /** {@code train/images/STEM.tif} and {@code train/masks/STEM.tif}, as StarDist's examples have them. */
    STARDIST,
    /** {@code train/STEM.tif} and {@code train/STEM_masks.tif}. */
    CELLPOSE;

    /** @return the word for the command line */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param id what {@link #id()} gives
     * @return the layout
     * @throws InvalidInputException if there is none of that name
     */
    public static Layout parse(final String id) {
        return Arrays.stream(values()).filter(layout -> layout.id().equals(id.strip().toLowerCase(Locale.ROOT))).findFirst()
            .orElseThrow(
                () -> new InvalidInputException("The layout must be one of " + Arrays.stream(values()).map(Layout::id).collect(Collectors.joining(", "))
                    + ", not '" + id + "'."));
    }

    /**
     * @param folder the training folder
     * @param side of the split
     * @param stem name without an ending
     * @return where the image goes
     */
    Path image(final Path folder, final Side side, final String stem) {
        final Path ofSide = folder.resolve(side.id());
        return this == CELLPOSE ? ofSide.resolve(stem + ".tif") : ofSide.resolve("images").resolve(stem + ".tif");
    }

    /**
     * @param folder the training folder
     * @param side of the split
     * @param stem name without an ending
     * @return where its labels go
     */
    Path labels(final Path folder, final Side side, final String stem) {
        final Path ofSide = folder.resolve(side.id());
        return switch (this) {
            case PAIRS -> ofSide.resolve("labels").resolve(stem + ".tif");
            case STARDIST -> ofSide.resolve("masks").resolve(stem + ".tif");
            case CELLPOSE -> ofSide.resolve(stem + "_masks.tif");
        };
    }
}
