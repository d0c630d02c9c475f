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

import net.diffusionj.InvalidInputException;

/** How many outputs there shall be. */
public sealed interface Amount {

    /** The most outputs of one source: their names count in three digits, or in more where there are more. */
    int MOST = 100_000;

    /** @return for the record, such as {@code 4 an image} */
    String toText();

    /** @param number of outputs of every image, at least 1 */
    record Variants(int number) implements Amount {
        /** Checks the number. */
        public Variants {
            if (number < 1 || number > MOST) throw new InvalidInputException("Variants must be 1 to " + MOST + " an image, not " + number + ".");
        }

        @Override
        public String toText() {
            return number + " an image";
        }
    }

    /** @param number of images that every class shall have, its sources included */
    record Balance(int number) implements Amount {
        /** Checks the number. */
        public Balance {
            if (number < 1) throw new InvalidInputException("Balance is the number of images that each class shall have, at least 1, not " + number + ".");
        }

        @Override
        public String toText() {
            return number + " a class";
        }
    }
}
