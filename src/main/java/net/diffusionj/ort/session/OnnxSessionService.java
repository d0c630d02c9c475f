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
package net.diffusionj.ort.session;

import java.nio.file.Path;
import java.util.List;

import org.scijava.service.SciJavaService;

import net.diffusionj.ort.memory.MemoryFigures;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderReport;

/**
 * The open models of a SciJava context: one {@link SessionCache} for everybody in it, DiffusionJ's own services and scripts that run models of their own
 * alike. What works on this machine, what is open, what it takes, and how to be rid of it.
 * <p>
 * Lives as long as the context; disposing that closes every session, those on lease when they come back. Thread-safe. Failures are
 * {@link net.diffusionj.DiffusionJException}.
 * </p>
 */
public interface OnnxSessionService extends SciJavaService {

    /**
     * Gives the cache for the settings as they are now; loads ONNX Runtime at the first call. Not to be closed by the caller, nor kept: other
     * settings make another cache, and the one before lends nothing more.
     *
     * @return the one cache of this context
     */
    SessionCache cache();

    /**
     * Lends a model, opening it first if it is not open.
     *
     * @param modelFile an ONNX file
     * @param choice what to run it on
     * @return the lease, to be closed by the caller
     */
    default SessionLease lease(final Path modelFile, final ProviderChoice choice) {
        return cache().lease(modelFile, choice);
    }

    /**
     * Finds out what can run models on this machine, by trying: the first call takes seconds where there is a GPU.
     *
     * @param retry whether to try again those whose library once ended the program
     * @return a report on each execution provider: whether it works, and if not, why and what to install
     */
    default List<ProviderReport> providers(final boolean retry) {
        final ExecutionProviders providers = cache().providers();
        if (retry) providers.retryCrashed();
        return providers.reports();
    }

    /** @return what is open now, the one used last first; loads nothing */
    List<OpenSession> open();

    /** @return how much memory there is, and what open sessions have of it */
    default MemoryFigures memory() {
        return cache().figures();
    }

    /** Closes every session that is neither on lease nor pinned, and returns native memory to the system. */
    void release();
}
