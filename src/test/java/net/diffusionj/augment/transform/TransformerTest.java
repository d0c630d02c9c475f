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
package net.diffusionj.augment.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedShortType;

import org.junit.jupiter.api.Test;

import net.diffusionj.labels.Agreement;
import net.diffusionj.labels.LabelImage;

class TransformerTest {

    private static final int WIDTH = 60;
    private static final int HEIGHT = 40;

    /** Discs of numbers 1 to 4, of grey values 1000, 2000, 3000, 4000: the image tells where its labels must be. */
    private static int[] discs() {
        final int[] ids = new int[WIDTH * HEIGHT];
        final int[][] middles = {{12, 10}, {40, 12}, {15, 30}, {45, 30}};
        for (int i = 0; i < ids.length; i++) {
            for (int k = 0; k < middles.length; k++) {
                if (Math.hypot(i % WIDTH - middles[k][0], i / WIDTH - middles[k][1]) <= 7) ids[i] = k + 1;
            }
        }
        return ids;
    }

    private static Img<UnsignedShortType> picture(final int[] ids) {
        final short[] values = new short[ids.length];
        for (int i = 0; i < ids.length; i++) values[i] = (short) (1000 * ids[i]);
        return ArrayImgs.unsignedShorts(values, WIDTH, HEIGHT);
    }

    private static int[] values(final Img<?> image) {
        final int[] values = new int[(int) image.size()];
        int i = 0;
        for (final Object pixel : image) values[i++] = (int) ((RealType<?>) pixel).getRealDouble();
        return values;
    }

    @Test
    void flipsAndTurnsMovePixelsAsTheyAre() {
        final Img<?> image = ArrayImgs.unsignedBytes(new byte[] {1, 2, 3, 4, 5, 6}, 3, 2);
        assertArrayEquals(new int[] {3, 2, 1, 6, 5, 4}, values(Transformer.image(image, Transform.parse("flip"))));
        final Img<?> turned = Transformer.image(image, Transform.parse("turn=1"));
        assertArrayEquals(new long[] {2, 3}, turned.dimensionsAsLongArray());
        assertArrayEquals(new int[] {4, 1, 5, 2, 6, 3}, values(turned), "clockwise");
        assertArrayEquals(values(image), values(Transformer.image(Transformer.image(image, Transform.parse("turn=3")), Transform.parse("turn=1"))));
    }

    @Test
    void labelsGoWhereTheImageGoes() {
        final int[] ids = discs();
        for (final String text : List.of("flip", "turn=1", "rotate=17.5", "elastic=2.0@5", "flip turn=3 rotate=-30.0 elastic=1.5@9")) {
            final Transform transform = Transform.parse(text);
            final LabelImage labels = Transformer.labels(LabelImage.ofIds(ids, WIDTH), transform);
            for (int id = 1; id <= 4; id++) {
                final int wanted = id;
                // Each disc alone, since interpolation passes through the grey values of the others at borders.
                final int[] alone = Arrays.stream(ids).map(found -> found == wanted ? 1 : 0).toArray();
                final int[] seen = Arrays.stream(values(Transformer.image(picture(alone), transform))).map(value -> value > 500 ? wanted : 0).toArray();
                final long both = count(labels.toArray(), seen, wanted, true);
                final long labelled = Arrays.stream(labels.toArray()).filter(found -> found == wanted).count();
                assertTrue(labelled > 100 && both > 0.9 * labelled, text + ": " + both + " of " + labelled + " of object " + id);
                // A disc that is mirrored in has a number of its own in the labels alone.
                if (!text.contains("rotate")) assertTrue(both > 0.9 * count(labels.toArray(), seen, wanted, false), text + ": object " + id);
            }
        }
    }

    private static long count(final int[] labels, final int[] seen, final int id, final boolean both) {
        long count = 0;
        for (int i = 0; i < labels.length; i++) {
            final boolean a = labels[i] == id;
            final boolean b = seen[i] == id;
            if (both ? a && b : a || b) count++;
        }
        return count;
    }

    @Test
    void aRotationAndBackKeepsWhatStayedInside() {
        final int[] ids = new int[WIDTH * HEIGHT];
        for (int i = 0; i < ids.length; i++) {
            if (Math.hypot(i % WIDTH - 34, i / WIDTH - 18) <= 8) ids[i] = 1;
            if (Math.hypot(i % WIDTH - 18, i / WIDTH - 22) <= 4) ids[i] = 2;
        }
        final LabelImage before = LabelImage.ofIds(ids, WIDTH);
        final LabelImage after = Transformer.labels(Transformer.labels(before, Transform.parse("rotate=30.0")), Transform.parse("rotate=-30.0"));
        assertTrue(Agreement.of(before, after).bestIou(1) > 0.9, "disc 1");
        assertTrue(Agreement.of(before, after).bestIou(2) > 0.8, "disc 2");
    }

    @Test
    void mirroredCopiesThatLieApartAreObjectsOfTheirOwn() {
        final int[] ids = new int[WIDTH * HEIGHT];
        for (int i = 0; i < ids.length; i++) {
            if (Math.hypot(i % WIDTH - 30, i / WIDTH - 5) <= 3) ids[i] = 1;
        }
        // Turned by a quarter within the same frame, the upper and the lower half come from outside.
        final LabelImage turned = Transformer.labels(LabelImage.ofIds(ids, WIDTH), Transform.parse("rotate=90.0"));
        assertTrue(turned.ids().size() >= 2, turned.toString());
        assertTrue(turned.ids().contains(1));
        turned.objects().forEach(object -> assertTrue(object.areaPx() < 60, object.toString()));
    }

    @Test
    void textsReadBackEqualAndDrawsRepeat() {
        final TransformChoices choices = TransformChoices.parse("flip,turn,rotate=15,elastic=2,intensity=0.1");
        assertEquals(choices, TransformChoices.parse(choices.toText()));
        for (long seed = 0; seed < 200; seed++) {
            final Transform drawn = choices.draw(seed);
            assertEquals(drawn, choices.draw(seed));
            assertEquals(drawn, Transform.parse(drawn.toText()));
            assertTrue(Math.abs(drawn.degrees()) <= 15 && Math.abs(drawn.brightness()) <= 0.1 && Math.abs(drawn.contrast() - 1) <= 0.1, drawn.toText());
        }
        assertEquals(Transform.NONE, TransformChoices.NONE.draw(1));
        assertEquals(Set.of(0, 1, 2, 3), Set.copyOf(java.util.stream.LongStream.range(0, 50).mapToObj(seed -> choices.draw(seed).quarterTurns()).toList()));
    }

    @Test
    void intensitiesStayWithinTheType() {
        final Img<?> bright = Transformer.image(ArrayImgs.unsignedBytes(new byte[] {0, (byte) 250, (byte) 255}, 3, 1), Transform.parse("brightness=0.5"));
        assertArrayEquals(new int[] {128, 255, 255}, values(bright));
    }
}
