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
package net.diffusionj.service;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.service.record.GenerationRecord;

import net.imglib2.img.Img;

/**
 * What one request made.
 *
 * @param image x, y, channel (3) and, for a batch of more than one, image; unsigned byte, unsigned short or float as asked for. An image to
 *        image result of a one-channel source may have one channel
 * @param settings everything that makes this image again, in a fixed order and as text: prompt, seed, steps, model, scheduler, versions; what goes
 *        into a TIFF's Info, a PNG's text chunk and a JSON file
 * @param warnings what the user should know, in the order it came up
 * @param timings how long the stages took
 * @param latents the final latents [image, channel, latentHeight, latentWidth], before the VAE's scaling is undone; empty where no step
 *        ran because the strength was too small to change anything
 * @param record what the run did and took; empty for a result that no engine has made
 */
public record DiffusionResult(Img<?> image, Map<String, String> settings, List<String> warnings, Timings timings, Optional<LatentImage> latents,
    Optional<GenerationRecord> record) {

    /** Copies the collections. */
    public DiffusionResult {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        warnings = List.copyOf(warnings);
    }

    /** A result without a record.
     *  @param image as above
     *  @param settings as above
     *  @param warnings as above
     *  @param timings as above
     *  @param latents as above */
    public DiffusionResult(final Img<?> image, final Map<String, String> settings, final List<String> warnings, final Timings timings,
        final Optional<LatentImage> latents) {
        this(image, settings, warnings, timings, latents, Optional.empty());
    }

    /** @param made what the run left
     *  @param all what the user should know
     *  @return this result with both */
    DiffusionResult recorded(final GenerationRecord made, final List<String> all) {
        return new DiffusionResult(image, settings, all, timings, latents, Optional.of(made));
    }

    /** @param totalMillis from request to result
     *  @return this result as one that took no stage of a generation */
    DiffusionResult after(final double totalMillis) {
        return new DiffusionResult(image, settings, warnings, new Timings(0, 0, 0, List.of(), 0, 0, totalMillis), latents, record);
    }

    /** @param all what the user should know
     *  @return this result with other warnings */
    DiffusionResult withWarnings(final List<String> all) {
        return new DiffusionResult(image, settings, all, timings, latents, record);
    }
}
