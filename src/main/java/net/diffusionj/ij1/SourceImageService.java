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

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

import net.imglib2.img.Img;

import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

/**
 * Remembers what the images looked like that commands were lent, so that a result can look the same, and by what name masks were
 * chosen. Forgets an image together with the copy that was lent. Thread-safe.
 * <p>
 * SciJava asks a service for its fields and methods when the context is made, long before Fiji has patched ImageJ: none of them may name a class of
 * {@code ij}.
 * </p>
 */
@Plugin(type = Service.class)
public class SourceImageService extends AbstractService implements SciJavaService {

    private final Map<Object, Appearance> appearances = Collections.synchronizedMap(new WeakHashMap<>());

    private final Map<Object, String> choices = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param mask what a command gets
     * @param choice the name by which it was chosen
     */
    void rememberChoice(final Img<?> mask, final String choice) {
        choices.put(mask, choice);
    }

    /**
     * @param mask what a command got
     * @return the name by which it was chosen; empty if it was not
     */
    Optional<String> choice(final Object mask) {
        return Optional.ofNullable(mask).map(choices::get);
    }

    /**
     * @param copy what a command gets
     * @param appearance how its original looks
     */
    void remember(final Img<?> copy, final Appearance appearance) {
        appearances.put(copy, appearance);
    }

    /**
     * @param image what a command got
     * @return how its original looks; empty if it did not come from here
     */
    Optional<Appearance> appearance(final Object image) {
        return Optional.ofNullable(image).map(appearances::get);
    }
}
