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
package net.diffusionj.service.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.logic.BitType;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

import net.diffusionj.InvalidInputException;
import net.diffusionj.image.CameraModel;
import net.diffusionj.pipeline.PipelineBranch;
import net.diffusionj.service.BranchRequest;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.Fit;
import net.diffusionj.service.ImageScale;
import net.diffusionj.service.LatentImage;
import net.diffusionj.service.PixelType;
import net.diffusionj.service.queue.Priority;

/** What is sent is what was there, bit for bit, and damage is an error and nothing else. */
class MessagesTest {

    private static final long MANY = 1 << 20;

    private static Stream<Img<?>> images() {
        final Random random = new Random(5);
        return Stream.<Function<long[], Img<?>>>of(ArrayImgs::unsignedBytes, ArrayImgs::bytes, ArrayImgs::unsignedShorts, ArrayImgs::shorts,
            ArrayImgs::unsignedInts, ArrayImgs::ints, ArrayImgs::floats, ArrayImgs::doubles, ArrayImgs::argbs).map(factory -> {
                final Img<?> image = factory.apply(new long[] {7, 5, 3});
                for (final Object pixel : image) {
                    if (pixel instanceof final ARGBType argb) argb.set(random.nextInt());
                    else if (pixel instanceof final RealType<?> real) real.setReal(real.getMaxValue() > 1e30 ? random.nextGaussian() : random.nextInt());
                }
                return image;
            });
    }

    private static RequestMessage message(final DiffusionRequest request) {
        return new RequestMessage(new BranchRequest(request, 0, List.of(PipelineBranch.UNCHANGED)), 0, false);
    }

    @ParameterizedTest
    @MethodSource("images")
    void pixelsOfEveryTypeArriveAsTheyAre(final Img<?> image) {
        final DiffusionRequest request = DiffusionRequest.prompt("a").image(image).build();
        final DiffusionRequest arrived = RequestMessage.decode(message(request).encode(), MANY).request().base();
        assertEqual(image, arrived.image().orElseThrow());
        // A part of an image with another layout, too.
        final RandomAccessibleInterval<?> part = Views.interval((RandomAccessibleInterval<?>) image, new long[] {1, 2, 0}, new long[] {4, 3, 2});
        assertEqual(part, RequestMessage.decode(message(request.with().image(part).build()).encode(), MANY).request().base().image().orElseThrow());
    }

    private static void assertEqual(final RandomAccessibleInterval<?> expected, final RandomAccessibleInterval<?> found) {
        assertArrayEquals(expected.dimensionsAsLongArray(), found.dimensionsAsLongArray());
        assertEquals(expected.getType().getClass(), found.getType().getClass());
        final Cursor<?> there = Views.flatIterable(found).cursor();
        for (final Cursor<?> here = Views.flatIterable(expected).cursor(); here.hasNext();) assertEquals(here.next(), there.next());
    }

    @Test
    void everyChoiceArrives() {
        final Img<BitType> mask = ArrayImgs.bits(6, 4);
        mask.firstElement().set(true);
        final DiffusionRequest all =
            DiffusionRequest.prompt("naïve \u2603 \"quoted\"\n").negative("b").model("m").guidance(0.1).guidanceFrom(0.2).guidanceTo(0.7).steps(3).seed(-1L)
                .size(8, 16).batch(5)
                .scheduler("euler").strength(1.0 / 3).provider("cpu").image(ArrayImgs.unsignedBytes(6, 4)).fit(Fit.MODEL).scale(ImageScale.of(1.1)).mask(mask)
                .initialNoise(new LatentImage(new float[] {1f, Float.MIN_VALUE, -0f, 4f}, 1, 1, 2, 2)).pixelType(PixelType.UINT16)
                .camera(CameraModel.parse("gain=0.1,read=2,offset=3,bits=12")).useResultCache(true).priority(Priority.BATCH).caller("plate 7").build();
        final PipelineBranch branch = new PipelineBranch(Optional.of("c"), Optional.of("d"), OptionalDouble.of(2.5), OptionalLong.of(-7));
        final RequestMessage sent = new RequestMessage(new BranchRequest(all, 2, List.of(branch, PipelineBranch.UNCHANGED)), 4, true);
        final RequestMessage came = RequestMessage.decode(sent.encode(), MANY);
        final DiffusionRequest base = came.request().base();
        assertEquals(
            all.prompt() + all.negative() + all.model() + all.guidance() + all.guidanceFrom() + all.guidanceTo() + all.steps() + all.seed() + all.widthPx()
                + all.heightPx() + all.batch()
                + all.scheduler() + all.strength() + all.provider() + all.fit() + all.scale() + all.pixelType() + all.camera() + all.usesResultCache()
                + all.priority() + all.caller(),
            base.prompt() + base.negative() + base.model() + base.guidance() + base.guidanceFrom() + base.guidanceTo()
                + base.steps() + base.seed() + base.widthPx() + base.heightPx() + base.batch()
                + base.scheduler() + base.strength() + base.provider() + base.fit() + base.scale() + base.pixelType() + base.camera() + base.usesResultCache()
                + base.priority() + base.caller());
        assertArrayEquals(all.initialNoise().orElseThrow().values(), base.initialNoise().orElseThrow().values());
        assertEquals(1, ((RealType<?>) Views.flatIterable(base.mask().orElseThrow()).firstElement()).getRealDouble());
        assertEquals(sent.request().branches(), came.request().branches());
        assertEquals(2, came.request().sharedSteps());
        assertEquals(4, came.previewEverySteps());
        assertTrue(came.wantsImages());
        assertEquals(ImageScale.AUTO, RequestMessage.decode(message(all.with().scale(ImageScale.AUTO).build()).encode(), MANY).request().base().scale());
    }

    @Test
    void damageIsAnErrorAndNothingElse() {
        final byte[] whole = message(DiffusionRequest.prompt("a").image(ArrayImgs.unsignedShorts(9, 9)).mask(ArrayImgs.unsignedBytes(9, 9)).build()).encode();
        final Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            final byte[] damaged = i % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i % 3 != 0) for (int k = 0; k <= i % 7; k++) damaged[random.nextInt(Math.min(damaged.length, 700))] = (byte) random.nextInt();
            try {
                RequestMessage.decode(damaged, MANY);
            }
            catch (final InvalidInputException e) {
                refused++;
            }
        }
        assertTrue(refused > 1500, refused + " of 3000");
        assertThrows(InvalidInputException.class, () -> RequestMessage.decode(Arrays.copyOf(whole, whole.length + 1), MANY));
    }

    @Test
    void sizesThatAreClaimedTakeNoMemory() {
        final String claims =
            "{\"model\":\"\",\"prompt\":\"a\",\"negative\":\"\",\"seed\":\"1\",\"batch\":1,\"scheduler\":\"\",\"strength\":0.4,\"provider\":\"auto\","
                + "\"fit\":\"native\",\"autoScale\":false,\"cached\":false,\"priority\":\"BATCH\",\"image\":{\"type\":\"uint8\",\"dimensions\":[W,H]},\"sharedSteps\":0,"
                + "\"branches\":[{}]}";
        for (final String size : List.of("20000,20000", "1000000,1000", "1000,1000", "0,5", "-1,5", "5")) {
            final byte[] header = claims.replace("W,H", size).getBytes(StandardCharsets.UTF_8);
            final byte[] line = "diffusionj-request 1\n".getBytes(StandardCharsets.US_ASCII);
            final byte[] message = ByteBuffer.allocate(line.length + 4 + header.length).put(line).putInt(header.length).put(header).array();
            assertThrows(InvalidInputException.class, () -> RequestMessage.decode(message, MANY), size);
        }
    }

    @Test
    void aFrameThatClaimsMoreThanComesIsAnEnd() {
        final byte[] claims = {'E', 127, 127, 127, 127, 1, 2};
        assertThrows(IOException.class, () -> Frame.read(new DataInputStream(new ByteArrayInputStream(claims))));
        assertThrows(IOException.class, () -> Frame.read(new DataInputStream(new ByteArrayInputStream(new byte[] {'?', 0, 0, 0, 0}))));
    }
}
