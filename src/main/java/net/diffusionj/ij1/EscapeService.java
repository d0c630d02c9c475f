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

import java.util.Map;
import java.util.WeakHashMap;

import org.scijava.Cancelable;
import org.scijava.event.EventHandler;
import org.scijava.module.Module;
import org.scijava.module.event.ModuleCanceledEvent;
import org.scijava.module.event.ModuleErroredEvent;
import org.scijava.module.event.ModuleExecutedEvent;
import org.scijava.module.event.ModuleExecutingEvent;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

/**
 * Cancels a running command of ours when somebody presses Esc, also while a model computes. Touches ImageJ only when a command runs, for this
 * service is made long before Fiji has patched it. Thread-safe.
 */
@Plugin(type = Service.class)
public class EscapeService extends AbstractService implements SciJavaService {

    private final Map<Module, EscapeWatch> watches = new WeakHashMap<>();

    @EventHandler
    private void onEvent(final ModuleExecutingEvent event) {
        final Module module = event.getModule();
        if (!Modules.isOurs(module) || !(module instanceof final Cancelable cancelable)) return;
        synchronized (watches) {
            watches.put(module, EscapeWatch.start(() -> cancelable.cancel("")));
        }
    }

    @EventHandler
    private void onEvent(final ModuleExecutedEvent event) {
        stop(event.getModule());
    }

    @EventHandler
    private void onEvent(final ModuleCanceledEvent event) {
        stop(event.getModule());
    }

    @EventHandler
    private void onEvent(final ModuleErroredEvent event) {
        stop(event.getModule());
    }

    private void stop(final Module module) {
        synchronized (watches) {
            final EscapeWatch watch = watches.remove(module);
            if (watch != null) watch.close();
        }
    }
}
