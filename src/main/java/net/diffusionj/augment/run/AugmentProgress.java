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
package net.diffusionj.augment.run;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * Where a run is.
 *
 * @param done outputs that are made, rejected or skipped
 * @param planned outputs in all
 * @param share of the work that is done, with the steps of the images that are being drawn: 0 to 1
 * @param leftMillis time that the rest will take; empty until it can be told
 * @param what is done now, such as the name of a source
 */
public record AugmentProgress(int done, int planned, double share, OptionalLong leftMillis, String what) {

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    /** @return one line for a person */
    public String inWords() {
        final String left = leftMillis.isPresent() ? ", " + duration(leftMillis.getAsLong()) + " left" : "";
        return done + " of " + planned + " outputs" + left + (what.isEmpty() ? "" : ": " + what);
    }

    /** @param millis a time
     *  @return rounded to what matters, such as {@code 2 h 5 min} */
    public static String duration(final long millis) {
        if (millis >= HOUR) return millis / HOUR + " h " + millis % HOUR / MINUTE + " min";
        if (millis >= MINUTE) return String.format(Locale.ROOT, "%d min %d s", millis / MINUTE, millis % MINUTE / SECOND);
        return (millis + SECOND / 2) / SECOND + " s";
    }
}
