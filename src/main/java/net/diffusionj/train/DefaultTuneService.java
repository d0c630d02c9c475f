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

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;

import net.diffusionj.CancelToken;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionService;
import net.diffusionj.train.material.ImageSet;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.integer.UnsignedByteType;

/** {@link TuneService} for a SciJava context: a {@link TuneEngine} on the engine of the context's {@link DiffusionService}. */
@Plugin(type = Service.class)
public final class DefaultTuneService extends AbstractService implements TuneService {

    @Parameter
    private DiffusionService diffusion;

    private final List<TuneListener> watchers = new CopyOnWriteArrayList<>();
    private volatile Optional<ImageSet> openImages = Optional.empty();

    private DiffusionEngine engine() {
        return diffusion.engine().orElseThrow(() -> new InvalidInputException("Models cannot be tuned here: this program's diffusion service has no engine."));
    }

    @Override
    public TuneOutcome tune(final TuneRequest request, final TuneListener listener, final CancelToken cancel) {
        return new TuneEngine(engine(), DiffusionHome.locate()).tune(request, new TuneListener() {
            @Override
            public void progress(final TuneProgress progress) {
                listener.progress(progress);
                watchers.forEach(watcher -> watcher.progress(progress));
            }

            @Override
            public boolean wantsPictures() {
                return listener.wantsPictures() || watchers.stream().anyMatch(TuneListener::wantsPictures);
            }

            @Override
            public void pictures(final String name, final long step, final Img<UnsignedByteType> pictures) {
                listener.pictures(name, step, pictures);
                watchers.forEach(watcher -> watcher.pictures(name, step, pictures));
            }

            @Override
            public void warning(final String message) {
                listener.warning(message);
                watchers.forEach(watcher -> watcher.warning(message));
            }
        }, cancel);
    }

    @Override
    public String remove(final String name) {
        return new TuneEngine(engine(), DiffusionHome.locate()).remove(name);
    }

    @Override
    public void watch(final TuneListener watcher) {
        watchers.add(watcher);
    }

    @Override
    public void openImages(final ImageSet images) {
        openImages = Optional.of(images);
    }

    @Override
    public Optional<ImageSet> openImages() {
        return openImages;
    }
}
