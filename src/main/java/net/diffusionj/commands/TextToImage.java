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

import net.diffusionj.InvalidInputException;
import net.diffusionj.model.SizeRule;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.ModelDefaults;

import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Draws an image from a prompt. */
@Plugin(type = Command.class, label = "Text to Image...", attrs = @Attr(name = "no-record"),
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "Text to Image...")},
    description = "Draws an image from a prompt")
public class TextToImage extends GenerationCommand {

    @Parameter(label = "Width", min = "0", max = "" + SizeRule.LARGEST_SIDE_PX, required = false, persist = false,
        description = "Width in pixels. 0: the model's own width.")
    private int width;

    @Parameter(label = "Height", min = "0", max = "" + SizeRule.LARGEST_SIDE_PX, required = false, persist = false,
        description = "Height in pixels. 0: the model's own height.")
    private int height;

    @Override
    String getInfoTitle() {
        return "Text to Image";
    }

    @Override
    void complete(final DiffusionRequest.Builder request) {
        if (width == 0 && height == 0) return;
        if (width == 0 || height == 0) {
            throw new InvalidInputException("Width and height belong together: give both, or leave both at 0 for the model's own size.");
        }
        request.size(width, height);
    }

    @Override
    void check(final DiffusionRequest request, final ModelDefaults defaults) {
        defaults.sizes().check(width, height);
    }

    @Override
    void take(final ModelDefaults defaults) {
        super.take(defaults);
        width = defaults.widthPx();
        height = defaults.heightPx();
    }

    @Override
    void fill(final ModelDefaults defaults) {
        super.fill(defaults);
        if (width == 0 && height == 0) {
            width = defaults.widthPx();
            height = defaults.heightPx();
        }
    }
}
