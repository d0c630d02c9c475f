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
package net.diffusionj.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import net.diffusionj.home.FileTree;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.scheduler.noise.TorchRandom;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.TrainableModel;
import net.diffusionj.train.material.ImageSet;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;

/** A tiny model that can be tuned, a home and images: what the tests of the tuning share. */
final class TuneFixture {

    /** Its own home: others' models would be in the way. */
    static final Path HOME = Folders.target("tune-home");

    private TuneFixture() {}

    /** @param folder to work in
     *  @return the model's folder, in an empty home */
    static Path model(final Path folder) throws IOException {
        for (final String name : new String[] {"models", "tuning"}) FileTree.delete(HOME.resolve(name));
        return TrainableModel.copy(Files.createDirectories(folder.resolve("tiny")));
    }

    /** Bright discs on a dark field. */
    static Img<UnsignedByteType> image(final int widthPx, final int heightPx, final int seed) {
        final Img<UnsignedByteType> image = ArrayImgs.unsignedBytes(widthPx, heightPx);
        final var access = image.randomAccess();
        final TorchRandom random = new TorchRandom(seed);
        for (int disc = 0; disc < 12; disc++) {
            final float centreX = random.uniform() * widthPx;
            final float centreY = random.uniform() * heightPx;
            for (int y = 0; y < heightPx; y++) {
                for (int x = 0; x < widthPx; x++) {
                    if (Math.hypot(x - centreX, y - centreY) < 9) access.setPositionAndGet(x, y).set(200);
                }
            }
        }
        return image;
    }

    /** @return a folder of images, 8 and 16 bits and RGB in turns */
    static Path images(final Path folder, final int count) throws IOException {
        final Path images = Files.createDirectories(folder.resolve("images"));
        for (int i = 0; i < count; i++) ImageFiles.write(images.resolve("image" + i + ".tif"), mixed(i), ImageMetadata.NONE);
        return images;
    }

    private static Img<?> mixed(final int index) {
        final Img<UnsignedByteType> grey = image(96, 80, index);
        if (index % 3 == 0) return grey;
        if (index % 3 == 1) {
            final Img<UnsignedShortType> deep = ArrayImgs.unsignedShorts(96, 80);
            final var from = grey.cursor();
            deep.forEach(pixel -> pixel.set(300 + 20 * from.next().get()));
            return deep;
        }
        final Img<UnsignedByteType> colour = ArrayImgs.unsignedBytes(96, 80, 3);
        final var to = colour.randomAccess();
        final var from = grey.localizingCursor();
        while (from.hasNext()) {
            from.fwd();
            for (int c = 0; c < 3; c++) to.setPositionAndGet(from.getIntPosition(0), from.getIntPosition(1), c).set(from.get().get() / (c + 1));
        }
        return colour;
    }

    /** @param model folder of the tiny model */
    static TuneOptions options(final Path model) {
        return new TuneOptions(model.toString(), "cpu", 3, "CC0", 1e-3, 4, 0.25, 12, 5, 60);
    }

    static TuneRequest request(final Path model, final Path images, final String name, final int steps) {
        return new TuneRequest(ImageSet.of(images), "two nuclei", name, Budget.steps(steps), options(model), false);
    }

    static TuneRequest resumed(final TuneRequest request, final int steps) {
        return new TuneRequest(request.images(), request.caption(), request.name(), Budget.steps(steps), request.options(), true);
    }
}
