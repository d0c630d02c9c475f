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

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;

import net.diffusionj.DiffusionJException;

/**
 * Sets the terminate flag of the run that is under way, from any thread. Holds the options of that run only while it lasts, because options that
 * were closed must not be touched.
 * <p>
 * Thread-safe.
 * </p>
 */
final class Terminator {

    private RunOptions running;

    /** Returns the options when closed. */
    interface Armed extends AutoCloseable {
        @Override
        void close();
    }

    /** @param options of a run about to begin
     *  @return to be closed before the options are */
    synchronized Armed arm(final RunOptions options) {
        running = options;
        return this::disarm;
    }

    private synchronized void disarm() {
        running = null;
    }

    /** Asks the run under way to end; does nothing when none is. */
    synchronized void terminate() {
        if (running == null) return;
        try {
            running.setTerminate(true);
        }
        catch (final OrtException e) {
            throw new DiffusionJException("ONNX Runtime would not take the request to stop: " + e.getMessage(), e);
        }
    }
}
