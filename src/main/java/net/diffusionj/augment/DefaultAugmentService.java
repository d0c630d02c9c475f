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
package net.diffusionj.augment;

import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.run.AugmentListener;
import net.diffusionj.augment.run.AugmentOutcome;
import net.diffusionj.augment.run.Drawer;
import net.diffusionj.service.DiffusionService;

/** {@link AugmentService} for a SciJava context: an {@link AugmentEngine} that draws with the context's {@link DiffusionService}. */
@Plugin(type = Service.class)
public final class DefaultAugmentService extends AbstractService implements AugmentService {

    @Parameter
    private DiffusionService diffusion;

    private AugmentEngine engine() {
        return new AugmentEngine(Drawer.of(diffusion));
    }

    @Override
    public AugmentOutcome augment(final AugmentRequest request, final AugmentListener listener, final CancelToken cancel) {
        return engine().run(request, listener, cancel);
    }

    @Override
    public AugmentEstimate dryRun(final AugmentRequest request, final AugmentListener listener, final CancelToken cancel) {
        return engine().dryRun(request, listener, cancel);
    }

    @Override
    public AugmentOutcome replay(final ReplayRequest request, final AugmentListener listener, final CancelToken cancel) {
        return engine().replay(request, listener, cancel);
    }
}
