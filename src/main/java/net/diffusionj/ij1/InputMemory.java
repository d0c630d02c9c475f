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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

/**
 * Keeps what a module's inputs were, so that {@link KeptInputsPreprocessor} can put them back after another host's preprocessor has written into
 * them. Forgets them when they are put back, or together with the module. Thread-safe.
 */
@Plugin(type = Service.class)
public class InputMemory extends AbstractService implements SciJavaService {

    private record Input(Object value, boolean resolved) {}

    private final Map<Module, Map<String, Input>> inputs = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param module whose inputs are to stay as they are */
    void keep(final Module module) {
        final Map<String, Input> kept = new LinkedHashMap<>();
        for (final ModuleItem<?> item : Modules.writable(module.getInfo())) {
            kept.put(item.getName(), new Input(module.getInput(item.getName()), module.isInputResolved(item.getName())));
        }
        inputs.put(module, kept);
    }

    /** @param module gets the inputs again that were kept; stays as it is if none were */
    void putBack(final Module module) {
        final Map<String, Input> kept = inputs.remove(module);
        if (kept == null) return;
        kept.forEach((name, input) -> {
            module.setInput(name, input.value());
            if (input.resolved()) module.resolveInput(name);
            else module.unresolveInput(name);
        });
    }
}
