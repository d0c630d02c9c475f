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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import org.scijava.service.AbstractService;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.train.TuneListener;
import net.diffusionj.train.TuneOutcome;
import net.diffusionj.train.TuneProgress;
import net.diffusionj.train.TuneProgress.Phase;
import net.diffusionj.train.TuneRequest;
import net.diffusionj.train.TuneService;
import net.diffusionj.train.material.ImageSet;

/** Tunes nothing. Keeps the last request for tests to look at. */
public class FakeTune extends AbstractService implements TuneService {

    TuneRequest last;
    final List<String> removed = new ArrayList<>();
    private Optional<ImageSet> open = Optional.empty();

    @Override
    public TuneOutcome tune(final TuneRequest request, final TuneListener listener, final CancelToken cancel) {
        last = request;
        listener.progress(new TuneProgress(request.name(), Phase.TRAINING, 1, 0.5, OptionalDouble.of(0.3), OptionalDouble.of(0.4), OptionalLong.of(90_000)));
        return new TuneOutcome(Optional.of(Path.of("models", request.name())), 5, 2.5, 4, 0.5, 0.25, cancel.isCancelled(), Optional.empty());
    }

    @Override
    public String remove(final String name) {
        if (name.equals("nowhere")) throw new InvalidInputException("There is no model \"nowhere\".");
        removed.add(name);
        return "Removed the model " + name + ".";
    }

    @Override
    public void watch(final TuneListener watcher) {}

    @Override
    public void openImages(final ImageSet images) {
        open = Optional.of(images);
    }

    @Override
    public Optional<ImageSet> openImages() {
        return open;
    }
}
