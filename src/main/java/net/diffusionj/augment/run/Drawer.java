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

import net.diffusionj.CancelToken;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionOutcome;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionService;
import net.diffusionj.service.ModelDefaults;

/** What draws the images: an engine of one's own, or the application's service. Thread-safe. */
public interface Drawer {

    /**
     * @param request what to draw
     * @param listener is told of progress
     * @param cancel stops the work
     * @return what was drawn, or that it was cancelled
     */
    DiffusionOutcome draw(DiffusionRequest request, DiffusionListener listener, CancelToken cancel);

    /** @param model name or folder; empty for the default model
     *  @return what it uses where a request leaves a choice open */
    ModelDefaults defaults(String model);

    /** @param model name or folder; empty for the default model
     *  @return hash of what its files hold, 64 hexadecimal digits */
    String modelHash(String model);

    /** @return threads that a model call computes with */
    int threads();

    /** @param engine stays the caller's to close
     *  @return what draws with it */
    static Drawer of(final DiffusionEngine engine) {
        return new DrawerOf(engine::generate, engine::defaults, engine::modelHash, () -> threadsSet(engine));
    }

    /** @param service the application's
     *  @return what draws with it */
    static Drawer of(final DiffusionService service) {
        return new DrawerOf(service::generate, service::defaults, service::modelHash, () -> service.engine().map(Drawer::threadsSet).orElse(0));
    }

    private static int threadsSet(final DiffusionEngine engine) {
        return engine.settings().provider().options().cpu().threads();
    }
}
