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

import java.nio.file.Path;
import java.util.List;

import org.scijava.Priority;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;

import net.diffusionj.home.DiffusionHome;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.session.OnnxSessionService;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.service.settings.SettingsFile;

/** {@link OnnxSessionService} with the cache that the settings in the DiffusionJ home want. Of high priority, so that it is disposed after its users. */
@Plugin(type = Service.class, priority = Priority.HIGH)
public final class DefaultOnnxSessionService extends AbstractService implements OnnxSessionService {

    private final Path home = DiffusionHome.locate();
    private final SettingsFile settings = new SettingsFile(home);
    private final SessionCaches caches = new SessionCaches(home, new ModelHashes(home));

    @Override
    public SessionCache cache() {
        return caches.with(settings.load());
    }

    @Override
    public List<OpenSession> open() {
        return caches.current().map(SessionCache::open).orElse(List.of());
    }

    @Override
    public void release() {
        caches.current().ifPresent(SessionCache::closeIdle);
    }

    @Override
    public void dispose() {
        caches.close();
    }
}
