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
package net.diffusionj.augment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

import net.diffusionj.augment.manifest.GateEntry;
import net.diffusionj.augment.plan.Amount;
import net.diffusionj.augment.plan.DrawChoices;
import net.diffusionj.augment.plan.Inputs;
import net.diffusionj.augment.plan.Mode;
import net.diffusionj.augment.plan.Sweep;
import net.diffusionj.augment.quality.QualityFilter;
import net.diffusionj.augment.run.Cameras;
import net.diffusionj.augment.run.Checks;
import net.diffusionj.augment.run.LabelGate;
import net.diffusionj.augment.transform.TransformChoices;
import net.diffusionj.home.Sha256;
import net.diffusionj.image.CameraModel;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.testing.Models;

/** Small sources with labels, and requests on a tiny model, for the tests of the engine. */
final class AugmentFixture {

    static final int WIDTH = 24;
    static final int HEIGHT = 16;

    private static final Cameras NOISE = Cameras.of(CameraModel.parse("gain=0.5,read=1,offset=2"));

    /** A camera's noise and nothing else: the tiny model draws noise, which no gate would let through. */
    static final ChecksMaker NOISE_ONLY = (request, plan, camera, listener) -> new Checks(NOISE, Optional.empty(), request.filter(), Optional.empty());

    private AugmentFixture() {}

    /** No noise, and this gate. */
    static Checks checks(final Optional<LabelGate> gate, final AugmentRequest request) {
        return new Checks(Cameras.NONE, gate, request.filter(), Optional.empty());
    }

    /** Lets about one drawing of so many pass, whatever they show, and always the same ones. */
    static LabelGate oneOf(final int number) {
        return (source, labels) -> output -> {
            final boolean passes = Math.floorMod(hash(output), number) == 0;
            return new LabelGate.Verdict(new GateEntry(passes, 2, passes ? 2 : 1, 0, 0.4, 0.6, "one of " + number), passes ? "" : "object 1 is gone");
        };
    }

    /** The tests' camera, and the gate that lets half of the drawings pass. */
    static final ChecksMaker NOISE_AND_GATE = (request, plan, camera, listener) -> new Checks(NOISE, Optional.of(oneOf(2)), request.filter(),
        Optional.empty());

    /** @return follows from the values of the pixels */
    static int hash(final RandomAccessibleInterval<?> image) {
        int hash = 1;
        for (final Object pixel : Views.flatIterable(image)) hash = 31 * hash + Double.hashCode(((RealType<?>) pixel).getRealDouble());
        return hash ^ hash >>> 15;
    }

    /** Writes images of two bright squares on a ramp, 8-bit, and labels 1 and 2 of the squares. */
    static void sources(final Path images, final Path labels, final String... names) throws IOException {
        Files.createDirectories(images);
        Files.createDirectories(labels);
        for (int n = 0; n < names.length; n++) {
            final byte[] pixels = new byte[WIDTH * HEIGHT];
            final byte[] ids = new byte[WIDTH * HEIGHT];
            for (int i = 0; i < pixels.length; i++) {
                final int x = i % WIDTH;
                final int y = i / WIDTH;
                ids[i] = (byte) (square(x, y, 3 + n, 3) ? 1 : square(x, y, 14, 8) ? 2 : 0);
                pixels[i] = (byte) (ids[i] != 0 ? 200 + x : 20 + x + 2 * y);
            }
            ImageFiles.write(images.resolve(names[n] + ".tif"), ArrayImgs.unsignedBytes(pixels, WIDTH, HEIGHT), ImageMetadata.NONE);
            ImageFiles.write(labels.resolve(names[n] + ".tif"), ArrayImgs.unsignedBytes(ids, WIDTH, HEIGHT), ImageMetadata.NONE);
        }
    }

    private static boolean square(final int x, final int y, final int left, final int top) {
        return x >= left && x < left + 6 && y >= top && y < top + 6;
    }

    static DrawChoices draw(final Mode mode, final String strength) {
        return new DrawChoices(mode, List.of("bright nuclei"), "", Sweep.parse("strength", strength, 0, 1), Optional.empty(), OptionalInt.of(4), "", "1",
            Models.of("sd1").toString(), "cpu", 7);
    }

    static AugmentRequest request(final Path folder, final int variants) {
        return request(folder, new Amount.Variants(variants), draw(Mode.VARY, "0.5"), TransformChoices.parse("flip,rotate=20,elastic=1,intensity=0.1"));
    }

    static AugmentRequest request(final Path folder, final Amount amount, final DrawChoices draw, final TransformChoices transforms) {
        return new AugmentRequest(new Inputs(folder.resolve("images"), Optional.of(folder.resolve("labels")), Optional.empty()), folder.resolve("out"), amount,
            draw, transforms, "off", QualityFilter.NONE, Optional.empty(), Optional.empty());
    }

    /** Classes by {@code classes.csv} in the folder. */
    static AugmentRequest balanced(final Path folder, final int balance) {
        final AugmentRequest request = request(folder, new Amount.Balance(balance), draw(Mode.VARY, "0.5"), TransformChoices.parse("flip"));
        return new AugmentRequest(new Inputs(folder.resolve("images"), Optional.of(folder.resolve("labels")), Optional.of(folder.resolve("classes.csv"))),
            request.output(), request.amount(), request.draw(), request.transforms(), "off", QualityFilter.NONE, Optional.empty(), Optional.empty());
    }

    static AugmentRequest into(final AugmentRequest request, final Path output) {
        return new AugmentRequest(request.inputs(), output, request.amount(), request.draw(), request.transforms(), request.camera(), request.filter(),
            request.split(), request.layout());
    }

    /** @return hash of every file below, by its path */
    static Map<String, String> hashes(final Path folder) throws IOException {
        final Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(folder.relativize(file).toString().replace('\\', '/'), Sha256.of(file));
            }
        }
        return hashes;
    }
}
