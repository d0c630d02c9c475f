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
package net.diffusionj.augment.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.InvalidInputException;

class QualityFilterTest {

    private static final Quality QUALITY = new Quality(0.5, 20, 0.1, 0.7, Double.NaN, 1.5);

    @ParameterizedTest
    @ValueSource(strings = {"", "ssim>=0.5", "ssim>0.4, psnr < 21", "histogram<=1e-1,copy>0.69", "outputs>100", "kernel<1.6"})
    void keepsWhatMeetsAllConditions(final String text) {
        assertEquals(Optional.empty(), QualityFilter.parse(text).refusal(QUALITY));
    }

    @Test
    void saysWhichConditionFails() {
        assertEquals(Optional.of("psnr is 20.00, not >25.0"), QualityFilter.parse("ssim>0.4,psnr>25").refusal(QUALITY));
        assertTrue(QualityFilter.parse("ssim>0.5").refusal(QUALITY).isPresent());
        assertTrue(QualityFilter.parse("copy<0.7").refusal(QUALITY).isPresent());
        assertTrue(QualityFilter.parse("histogram<0.1").refusal(QUALITY).isPresent());
        assertTrue(QualityFilter.parse("kernel<1.5").refusal(QUALITY).isPresent());
        assertTrue(QualityFilter.parse("outputs>0.1").refusal(QUALITY.withNearestOutputDistance(0.1)).isPresent());
    }

    @Test
    void itsTextReadsBack() {
        final QualityFilter filter = QualityFilter.parse("ssim>0.5, psnr>=20,histogram<0.2");
        assertEquals(filter, QualityFilter.parse(filter.toString()));
        assertEquals(QualityFilter.NONE, QualityFilter.parse(QualityFilter.NONE.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssim", "ssim=0.5", "sharpness>1", "ssim>x", "ssim>0.5,", "ssim>-", "0.5<ssim"})
    void saysWhatCannotBeRead(final String text) {
        final String message = assertThrows(InvalidInputException.class, () -> QualityFilter.parse(text)).getMessage();
        assertTrue(message.contains("ssim, psnr, histogram, copy, outputs, kernel"), message);
    }
}
