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
package net.diffusionj.commands;

import java.nio.file.InvalidPathException;
import java.util.concurrent.CancellationException;

import net.diffusionj.DiffusionJException;
import net.diffusionj.JavaErrors;
import net.diffusionj.PathNames;

import org.scijava.command.ContextCommand;
import org.scijava.log.LogService;
import org.scijava.plugin.Parameter;

/**
 * A command whose failures are the reason of its cancellation, in one sentence. SciJava would log a stack trace, and a macro would see nothing of it.
 */
public abstract class PlainCommand extends ContextCommand {

    @Parameter
    private LogService log;

    @Override
    public final void run() {
        try {
            perform();
        }
        catch (final DiffusionJException e) {
            log.debug(e);
            cancel(MenuWords.of(e.getMessage()));
        }
        catch (final InvalidPathException e) {
            log.debug(e);
            cancel(MenuWords.of(PathNames.refused(e).getMessage()));
        }
        catch (final CancellationException e) {
            log.debug(e);
            cancel("");
        }
        catch (final Error e) {
            log.debug(e);
            cancel(JavaErrors.inPlainWords(e));
        }
    }

    /** Does the work; what it throws is the reason of the cancellation. */
    abstract void perform();

    /** @return where remarks for the log go */
    LogService log() {
        return log;
    }
}
