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
package net.diffusionj.ort.runtime;

import java.lang.StackWalker.Option;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;

/**
 * ONNX Runtime's environment, made so that it lasts until the process is gone. By itself it registers an exit hook that closes it; exit hooks run side by side,
 * so it would go while {@link NativeWork} still waits for threads that are inside it (onnxruntime issue 31352).
 * <p>
 * The native environment counts its references. A first attempt to make the Java object fails on purpose, where it makes the thread of its hook and the native
 * environment is there already: that reference stays, and the hook returns only the one of the second attempt.
 * </p>
 */
final class LastingEnvironment {

    private static final Logger LOG = System.getLogger(LastingEnvironment.class.getName());
    private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private LastingEnvironment() {}

    /** Thrown on purpose; has no stack trace and no message. */
    private static final class NoHook extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoHook() {
            super(null, null, false, false);
        }
    }

    /** Every new thread takes a value over from the thread that makes it. */
    private static final class Refusal extends InheritableThreadLocal<Boolean> {
        @Override
        protected Boolean childValue(final Boolean parents) {
            if (STACK.walk(frames -> frames.anyMatch(frame -> frame.getDeclaringClass() == OrtEnvironment.class && frame.getMethodName().equals("<init>")))) {
                throw new NoHook();
            }
            return parents;
        }
    }

    /**
     * Makes the environment, or gives the one that this class loader has.
     *
     * @param level below which ONNX Runtime says nothing
     * @param name of the environment in what it says
     * @return the one of this class loader
     */
    static OrtEnvironment get(final OrtLoggingLevel level, final String name) {
        final Refusal refusal = new Refusal();
        refusal.set(true);
        try {
            OrtEnvironment.getEnvironment(level, name);
            LOG.log(Level.DEBUG, "ONNX Runtime's environment was made before, and ends as its maker decided");
        }
        catch (final NoHook kept) {
            LOG.log(Level.TRACE, "the first reference to ONNX Runtime's environment stays", kept);
        }
        finally {
            refusal.remove();
        }
        return OrtEnvironment.getEnvironment(level, name);
    }
}
