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
package net.diffusionj.server.sdapi;

import java.util.Base64;

import net.diffusionj.io.ImageBytes;
import net.diffusionj.io.ImageFile;
import net.diffusionj.server.http.Refusal;

/** Pictures as AUTOMATIC1111's clients send them: base64, perhaps behind {@code data:image/png;base64,}. Stateless. */
final class Base64Images {

    private Base64Images() {}

    /**
     * @param text what a client sent
     * @param mostPixels width times height that is accepted
     * @param what it is, to begin messages with
     * @return the picture
     * @throws Refusal if it is no base64
     * @throws net.diffusionj.InvalidInputException if it is no picture, or a larger one
     */
    static ImageFile decode(final String text, final long mostPixels, final String what) {
        final int comma = text.startsWith("data:") ? text.indexOf(',') + 1 : 0;
        if (text.startsWith("http:") || text.startsWith("https:")) {
            throw Refusal.input(what + " is an address. This server fetches nothing; send the picture itself, in base64.");
        }
        try {
            return ImageBytes.read(Base64.getMimeDecoder().decode(text.substring(comma)), mostPixels, what);
        }
        catch (final IllegalArgumentException e) {
            throw new Refusal(422, "input", what + " is not in base64.", e);
        }
    }

    static String encode(final byte[] png) {
        return Base64.getEncoder().encodeToString(png);
    }
}
