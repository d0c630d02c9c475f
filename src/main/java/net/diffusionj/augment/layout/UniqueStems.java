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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names for the images of a training folder: no two alike, also where a disk takes capitals and small letters for one, and none that a program would
 * take for a mask. Stateless.
 */
final class UniqueStems {

    /** By such endings Cellpose tells its own files from images (cellpose.io.get_image_files). */
    private static final Pattern TAKEN = Pattern.compile("(?i).*(_masks|_flows|_cp_masks|_cp_output|_seg|_img)");

    private UniqueStems() {}

    /** @param items in their order
     *  @return the same; later ones of a name get a number, pages of a stack theirs */
    static List<LayoutItem> of(final List<LayoutItem> items) {
        final Set<String> used = new HashSet<>();
        final List<LayoutItem> named = new ArrayList<>();
        for (final LayoutItem item : items) {
            final String wish = TAKEN.matcher(item.stem()).matches() ? item.stem() + "_image" : item.stem();
            String stem = wish;
            for (int number = 2; !used.add(stem.toLowerCase(Locale.ROOT)); number++) stem = wish + "-" + number;
            named.add(item.named(stem));
        }
        return named;
    }
}
