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
package net.diffusionj.augment.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;

/** What of a source may change. A mode that draws from labels alone would be one more of these, whose {@link #needsImage()} is false. */
public enum Mode {
    /** Everything, a little: image to image. */
    VARY(false),
    /** What has no label; labelled objects stay bit for bit. */
    BACKGROUND(true),
    /** Labelled objects; the rest stays bit for bit. */
    OBJECTS(true);

    private final boolean needsLabels;

    Mode(final boolean needsLabels) {
        this.needsLabels = needsLabels;
    }

    /** @return whether it works only with label images */
    public boolean needsLabels() {
        return needsLabels;
    }

    /** @return whether it starts from a picture */
    public boolean needsImage() {
        return true;
    }

    /**
     * @param label the number of the object at a pixel, 0 for none
     * @return whether that pixel may change
     */
    public boolean mayChange(final int label) {
        return switch (this) {
            case VARY -> true;
            case BACKGROUND -> label == 0;
            case OBJECTS -> label != 0;
        };
    }

    /** @return the word that users write */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param text a mode's word, in any case
     * @return the mode
     * @throws InvalidInputException if there is none of that name
     */
    public static Mode parse(final String text) {
        return Arrays.stream(values()).filter(mode -> mode.id().equals(text.strip().toLowerCase(Locale.ROOT))).findFirst()
            .orElseThrow(() -> new InvalidInputException("The mode must be one of " + Arrays.stream(values()).map(Mode::id).collect(Collectors.joining(", "))
                + ", not \"" + text + "\"."));
    }
}
