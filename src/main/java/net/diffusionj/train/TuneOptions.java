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
package net.diffusionj.train;

import java.util.Objects;

import net.diffusionj.InvalidInputException;

/**
 * How a model is tuned, beside what on and for how long.
 *
 * @param model name of an installed model or path of a model folder; empty for the default model
 * @param provider id of a {@link net.diffusionj.ort.provider.ProviderChoice}
 * @param seed every random number follows from it
 * @param licence of what comes out, in the user's words; empty for none stated
 * @param rate learning rate
 * @param batch pictures in a batch, fewer where memory is short
 * @param rehearsal share of a batch that the model drew itself before the tuning, so that it does not forget its other words, 0 to 0.9
 * @param crops of the images that are learned from
 * @param validateEvery steps between two looks at the validation images
 * @param saveSeconds between two savings of the state
 */
public record TuneOptions(String model, String provider, long seed, String licence, double rate, int batch, double rehearsal, int crops, int validateEvery,
    double saveSeconds) {

    /** What a user need not think about. */
    public static final TuneOptions DEFAULTS = new TuneOptions("", "auto", 0, "", 1e-4, 8, 0.25, 256, 50, 60);

    private static final int MOST_BATCH = 256;
    private static final int MOST_CROPS = 100_000;

    /** Checks the numbers. */
    public TuneOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(provider, "provider");
        licence = licence.strip();
        check(rate > 0 && rate <= 1, "The learning rate must be above 0 and at most 1", rate);
        check(batch >= 1 && batch <= MOST_BATCH, "The batch must be 1 to " + MOST_BATCH, batch);
        check(rehearsal >= 0 && rehearsal <= 0.9, "The share of rehearsal must be 0 to 0.9", rehearsal);
        check(crops >= 1 && crops <= MOST_CROPS, "The number of crops must be 1 to " + MOST_CROPS, crops);
        check(validateEvery >= 1, "The steps between validations must be at least 1", validateEvery);
        check(saveSeconds >= 0, "The seconds between savings must be 0 or more", saveSeconds);
    }

    private static void check(final boolean right, final String rule, final Number found) {
        if (!right) throw new InvalidInputException(rule + ", not " + found + ".");
    }

    /** @param value as above
     *  @return these options with that model */
    public TuneOptions withModel(final String value) {
        return new TuneOptions(value, provider, seed, licence, rate, batch, rehearsal, crops, validateEvery, saveSeconds);
    }

    /** @param value as above
     *  @return these options with that provider */
    public TuneOptions withProvider(final String value) {
        return new TuneOptions(model, value, seed, licence, rate, batch, rehearsal, crops, validateEvery, saveSeconds);
    }

    /** @param value as above
     *  @return these options with that seed */
    public TuneOptions withSeed(final long value) {
        return new TuneOptions(model, provider, value, licence, rate, batch, rehearsal, crops, validateEvery, saveSeconds);
    }

    /** @param value as above
     *  @return these options with that licence */
    public TuneOptions withLicence(final String value) {
        return new TuneOptions(model, provider, seed, value, rate, batch, rehearsal, crops, validateEvery, saveSeconds);
    }

    /** @param value as above
     *  @return these options with that rate */
    public TuneOptions withRate(final double value) {
        return new TuneOptions(model, provider, seed, licence, value, batch, rehearsal, crops, validateEvery, saveSeconds);
    }
}
