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
package net.diffusionj.ij1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.ImagePlus;
import ij.WindowManager;
import ij.process.ByteProcessor;
import net.diffusionj.InvalidInputException;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;

/** What a command may take as a mask: the selection of its image, another open image, or nothing. Stateless. */
final class Masks {

    /** The word for no mask. */
    static final String NONE = "none";
    /** The word for the selection of the image that the command starts from. */
    static final String SELECTION = "selection";

    private static final int INSIDE = 255;

    private Masks() {}

    /**
     * @param source the image that the command starts from; null if there is none
     * @return what a dialog offers: no mask, the selection if there is one, and open images of the same size by their titles
     */
    static List<String> choices(final ImagePlus source) {
        final List<String> choices = new ArrayList<>(List.of(NONE));
        if (source == null) return choices;
        if (source.getRoi() != null) choices.add(SELECTION);
        final int[] open = WindowManager.getIDList();
        if (open == null) return choices;
        for (final int id : open) {
            final ImagePlus other = WindowManager.getImage(id);
            final boolean fits = other != source && other.getWidth() == source.getWidth() && other.getHeight() == source.getHeight();
            if (fits && !choices.contains(other.getTitle())) choices.add(other.getTitle());
        }
        return choices;
    }

    /**
     * @param source the image that the command starts from; null if there is none
     * @return the choice that a dialog begins with: the selection where there is one, which a person has drawn for a reason
     */
    static String offered(final ImagePlus source) {
        return source == null || source.getRoi() == null ? NONE : SELECTION;
    }

    /**
     * @param text {@link #NONE}, {@link #SELECTION} or an image's title
     * @param source the image that the command starts from; null if there is none
     * @return the mask, a copy; empty for none
     * @throws InvalidInputException if there is no such selection or image
     */
    static Optional<Img<?>> read(final String text, final ImagePlus source) {
        final ImagePlus titled = WindowManager.getImage(text);
        // An image may have any title: one that is open goes before the words.
        if (titled != null) return Optional.of(SourceImages.copy(titled));
        return switch (text) {
            case NONE -> Optional.empty();
            case SELECTION -> Optional.of(selection(source));
            default -> throw new InvalidInputException("No open image has the title \"" + text + "\", so it cannot be the mask. Open it first, or take"
                + " mask=selection or mask=none.");
        };
    }

    private static Img<?> selection(final ImagePlus source) {
        if (source == null || source.getRoi() == null) {
            throw new InvalidInputException((source == null ? "There is no image" : "The image \"" + source.getTitle() + "\" has no selection")
                + " to take as the mask. Draw one, or leave the mask out.");
        }
        final ByteProcessor mask = source.createRoiMask();
        final byte[] values = ((byte[]) mask.getPixels()).clone();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) values[i] = (byte) INSIDE;
        }
        return ArrayImgs.unsignedBytes(values, mask.getWidth(), mask.getHeight());
    }
}
