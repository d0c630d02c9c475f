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

import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;

import org.scijava.thread.ThreadService;

/**
 * The active image of whoever has called a command. ImageJ keeps a temporary active image for each thread; ImageJ2 runs commands on threads of its
 * own, which have none, or an old one from another run. Stateless.
 */
final class CallerImage {

    private CallerImage() {}

    /**
     * @param threads knows which thread has called this one
     * @return what is active for the caller; null if nothing is
     */
    static ImagePlus active(final ThreadService threads) {
        if (threads.getParent(null) != null) {
            WindowManager.setTempCurrentImage(null);
            // What a macro in batch mode opened or selected last is also its temporary image, and this list can be read from here.
            final ImagePlus ofMacro = Interpreter.getLastBatchModeImage();
            if (ofMacro != null) return ofMacro;
        }
        return WindowManager.getCurrentImage();
    }

    /**
     * Makes an image without a window active for the caller; one with a window is active for everybody. Nothing stays behind on this thread.
     *
     * @param threads knows which thread has called this one
     * @param shown by this thread
     */
    static void activate(final ThreadService threads, final ImagePlus shown) {
        final Thread caller = threads.getParent(null);
        if (caller == null || shown.getWindow() != null) return;
        WindowManager.setTempCurrentImage(caller, shown);
        WindowManager.setTempCurrentImage(null);
    }
}
