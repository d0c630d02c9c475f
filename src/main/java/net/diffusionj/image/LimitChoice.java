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
package net.diffusionj.image;

import net.diffusionj.InvalidInputException;

/**
 * How the limits of an {@link IntensityMapping} are found from an image. Limits that are known already need none of this:
 * {@link IntensityMapping#joint}.
 *
 * @param bytesAsTheyAre whether integers of 8 bits or fewer keep the whole range of their type (0 to 255), whatever the image holds
 * @param lowPercent the share of pixels, 0 to below {@code highPercent}, at or below the lower limit; 0 is the smallest value
 * @param highPercent the share of pixels at or below the upper limit, to 100, the largest value
 * @param perChannel whether each of three channels has limits of its own; it changes the balance of colours
 */
public record LimitChoice(boolean bytesAsTheyAre, double lowPercent, double highPercent, boolean perChannel) {

    /** 8-bit and RGB: 0 to 255; all else: smallest to largest value over all channels. */
    public static final LimitChoice AUTO = new LimitChoice(true, 0, 100, false);

    /** Smallest to largest value over all channels, also for 8-bit images. */
    public static final LimitChoice MIN_MAX = new LimitChoice(false, 0, 100, false);

    /**
     * 0.1 and 99.9 percent: a few hot or dead pixels saturate instead of flattening all others. Where that would leave less than a quarter of the range from
     * the smallest to the largest value, a quarter from the lower limit up: then the few are the picture.
     */
    public static final LimitChoice PERCENTILES = new LimitChoice(false, 0.1, 99.9, false);

    /** Checks the percentages. */
    public LimitChoice {
        if (!(lowPercent >= 0 && lowPercent < highPercent && highPercent <= 100)) {
            throw new InvalidInputException("Percentiles must be two numbers between 0 and 100, the lower first, not " + lowPercent + " and "
                + highPercent + ".");
        }
    }

    /** @return the same, for each channel apart */
    public LimitChoice forEachChannel() {
        return new LimitChoice(bytesAsTheyAre, lowPercent, highPercent, true);
    }
}
