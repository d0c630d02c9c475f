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
package net.diffusionj.pipeline;

import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.diffusionj.pipeline.part.OpenParts;
import net.diffusionj.pipeline.part.PartRole;

/**
 * How a run's images are divided, so that memory does not grow with their number.
 *
 * @param images number of images
 * @param groupSize how many go through the UNet together
 * @param decodesAhead whether images are decoded while the next ones are denoised; never without memory for both
 */
record Grouping(int images, int groupSize, boolean decodesAhead) {

    /**
     * Chooses by what memory allows.
     *
     * @param parts know what they run on
     * @param overlap what may happen at the same time
     * @param request has the number and the size of the images
     * @param shape latents of one image, as large as the UNet is to see them at once
     * @param passes model passes per image and step, the most of any branch
     * @param branches results that each image has
     * @return the choice
     */
    static Grouping choose(final OpenParts parts, final Overlap overlap, final PipelineRequest request, final LatentShape shape, final int passes,
        final int branches) {
        // Asking a GPU takes a while, and one image can neither be split nor decoded while another is denoised.
        if (request.images() * branches == 1) return new Grouping(1, 1, false);
        final OptionalLong free = parts.freeBytes(PartRole.UNET);
        final int latentPixels = shape.height() * shape.width();
        final int size = request.images() == 1 ? 1 : GroupSize.choose(latentPixels, passes, free);
        final long imagePixels = (long) request.widthPx() * request.heightPx();
        final boolean ahead = free.isPresent() && overlap.decodesAhead(parts.providers(PartRole.UNET), parts.providers(PartRole.VAE_DECODER))
            && GroupSize.bothFit(size * passes, latentPixels, imagePixels, free.getAsLong());
        return new Grouping(request.images(), size, ahead);
    }

    /** @return the groups in their order */
    Stream<ImageGroup> groups() {
        return IntStream.iterate(0, first -> first < images, first -> first + groupSize)
            .mapToObj(first -> new ImageGroup(first, Math.min(groupSize, images - first), first + groupSize >= images));
    }
}
