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

import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

import net.diffusionj.CancelToken;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.ModelDefaults;

/**
 * A drawer by what it takes from an engine or a service.
 *
 * @param generate runs a request
 * @param modelDefaults tells what a model uses
 * @param hash tells a model's content
 * @param setThreads tells how many threads are set; 0 for as many as there are processors
 */
record DrawerOf(Generate generate, Function<String, ModelDefaults> modelDefaults, UnaryOperator<String> hash, IntSupplier setThreads) implements Drawer {

    /** As {@link Drawer#draw}. */
    @FunctionalInterface
    interface Generate {
        DiffusionOutcome of(DiffusionRequest request, DiffusionListener listener, CancelToken cancel);
    }

    @Override
    public DiffusionOutcome draw(final DiffusionRequest request, final DiffusionListener listener, final CancelToken cancel) {
        return generate.of(request, listener, cancel);
    }

    @Override
    public ModelDefaults defaults(final String model) {
        return modelDefaults.apply(model);
    }

    @Override
    public String modelHash(final String model) {
        return hash.apply(model);
    }

    @Override
    public int threads() {
        final int set = setThreads.getAsInt();
        return set == 0 ? Runtime.getRuntime().availableProcessors() : set;
    }
}
