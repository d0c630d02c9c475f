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
package net.diffusionj.service;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import net.diffusionj.home.Sha256;
import net.diffusionj.model.GuidanceInterval;
import net.diffusionj.pipeline.PipelineRequest;

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/**
 * The name under which a result is kept: a SHA-256 of everything that decides what it is. That is the request with nothing left open, every pixel of
 * its source, the noise that was given, the content of the model, and the versions of this program and of ONNX Runtime.
 * <p>
 * Every part goes in with its name and its length, so that no two requests can be spelled alike. Not thread-safe.
 * </p>
 */
final class ResultKey {

    /** Changes when what is hashed changes. */
    private static final String FORMAT = "diffusionj-result 2";

    private final Sha256 sha256 = new Sha256();

    private ResultKey() {}

    /**
     * @param request as it was asked
     * @param run the same with nothing left open
     * @param modelHash hash of the model's content
     * @param runtimeVersion ONNX Runtime's version
     * @return 64 hexadecimal digits
     */
    static String of(final DiffusionRequest request, final ResolvedRun run, final String modelHash, final String runtimeVersion) {
        final ResultKey key = new ResultKey();
        final PipelineRequest pipeline = run.settings();
        key.put("format", FORMAT);
        key.put("program", ResultSettings.version());
        key.put("runtime", runtimeVersion);
        key.put("model", modelHash);
        key.put("name", run.folder().name());
        key.put("provider", request.provider().strip());
        key.put("prompt", pipeline.prompt());
        key.put("negative", pipeline.negative());
        key.put("guidance", Double.toHexString(pipeline.guidance()));
        if (!pipeline.guided().equals(GuidanceInterval.ALWAYS)) {
            key.put("guided", Double.toHexString(pipeline.guided().from()) + " to " + Double.toHexString(pipeline.guided().to()));
        }
        key.put("steps", Integer.toString(pipeline.steps()));
        key.put("seed", Long.toString(pipeline.firstSeed()));
        key.put("images", Integer.toString(pipeline.images()));
        key.put("size", pipeline.widthPx() + "x" + pipeline.heightPx());
        key.put("scheduler", run.scheduler().id());
        key.put("pixels", request.pixelType().map(PixelType::name).orElse("as source"));
        request.camera().ifPresent(camera -> key.put("camera", camera.toString()));
        request.initialNoise().ifPresent(noise -> {
            key.put("noise", noise.images() + "x" + noise.channels() + 'x' + noise.latentHeight() + 'x' + noise.latentWidth());
            key.put(noise.values());
        });
        run.source().ifPresent(source -> {
            key.put("strength", Double.toHexString(pipeline.strength()));
            key.put("intensity", source.mapping().toText());
            key.put("framing", source.framing().toString());
            key.put(request.image().orElseThrow());
            request.mask().ifPresent(mask -> {
                key.put("masked", "yes");
                key.put(mask);
            });
        });
        return key.sha256.hex();
    }

    private void put(final String name, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        sha256.add(name + ' ' + bytes.length + '\n').add(bytes);
    }

    private void put(final float[] values) {
        final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        sha256.add(bytes);
    }

    private void put(final RandomAccessibleInterval<?> image) {
        put("source", image.getType().getClass().getName() + Arrays.toString(image.dimensionsAsLongArray()));
        final ByteBuffer row = ByteBuffer.allocate(Double.BYTES * 1024);
        for (final Cursor<?> cursor = Views.flatIterable(image).cursor(); cursor.hasNext();) {
            final Object value = cursor.next();
            row.putDouble(value instanceof final ARGBType argb ? argb.get() : ((RealType<?>) value).getRealDouble());
            if (!row.hasRemaining()) flush(row);
        }
        flush(row);
    }

    private void flush(final ByteBuffer row) {
        sha256.add(row.flip());
        row.clear();
    }
}
