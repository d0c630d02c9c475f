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
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.Fit;
import net.diffusionj.service.ImageScale;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;

import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Draws a variation of an image, led by a prompt. */
@Plugin(type = Command.class, label = "Image to Image...", attrs = @Attr(name = "no-record"),
    menu = {@Menu(label = "Plugins"), @Menu(label = "DiffusionJ"), @Menu(label = "Image to Image...")},
    description = "Draws a variation of the active image, guided by a prompt")
public class ImageToImage extends GenerationCommand {

    @Parameter(label = "Image", description = "The image to start from: x, y and, for colour, 3 channels. It is not changed.")
    private Img<?> image;

    @Parameter(label = "Strength", min = "0", max = "1", stepSize = "0.01", style = "slider", required = false, persist = false,
        description = "How far the result may go from the image: 0 leaves it as it is, 0.3 changes texture, 0.4 loses a few objects, 0.6 many,"
            + " 1 keeps nothing.")
    private double strength = DiffusionRequest.DEFAULT_STRENGTH;

    @Parameter(label = "Fit", choices = {"native", "model"}, required = false, persist = false,
        description = "native: at the image's own pixels, in overlapping tiles where it is large. model: resized to the model's size and back.")
    private String fit = "native";

    @Parameter(label = "Scale", required = false, persist = false,
        description = "Resizes the image by this before, and back after, so that its objects have the size that the model knows: a number, or auto."
            + " Empty: the model's own.")
    private String scale = "";

    @Parameter(label = "Mask", required = false, persist = false,
        description = "Where the mask is 0, the image's pixels stay as they are, bit for bit.")
    private RandomAccessibleInterval<?> mask;

    @Override
    String getInfoTitle() {
        return "Image to Image";
    }

    @Override
    void complete(final DiffusionRequest.Builder request) {
        if (image == null) {
            throw new InvalidInputException("There is no image to start from. Open one, then run Image to Image... again.");
        }
        request.image(image).strength(strength).fit(Fit.parse(fit)).scale(ImageScale.parse(scale));
        if (mask != null) request.mask(mask);
    }
}
