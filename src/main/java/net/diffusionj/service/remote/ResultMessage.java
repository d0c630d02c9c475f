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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

import net.imglib2.img.Img;

import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.LatentImage;
import net.diffusionj.service.Timings;
import net.diffusionj.service.record.GenerationRecord;
import net.diffusionj.service.record.RecordJson;

/** A result as it comes from a server: pixels and latents value for value, settings, warnings, timings and the record. Stateless. */
final class ResultMessage {

    private static final String KIND = "result";

    private record Header(PixelBlock.Shape image, int[] latents, LinkedHashMap<String, String> settings, List<String> warnings, Times timings, String record) {}

    private record Times(double load, double text, double denoise, List<Double> steps, double model, double decode, double total) {}

    private ResultMessage() {}

    static byte[] encode(final DiffusionResult result) {
        final Timings times = result.timings();
        final Header header = new Header(PixelBlock.shape(result.image()), Message.shape(result.latents()), new LinkedHashMap<>(result.settings()),
            result.warnings(), new Times(times.loadMillis(), times.textMillis(), times.denoiseMillis(), times.stepMillis(), times.modelMillis(),
                times.decodeMillis(), times.totalMillis()),
            result.record().map(RecordJson::encode).orElse(null));
        final List<Message.Block> blocks = new ArrayList<>(List.of(Message.block(result.image())));
        result.latents().map(Message::block).ifPresent(blocks::add);
        return Message.encode(KIND, header, blocks);
    }

    static DiffusionResult decode(final byte[] message) {
        final Message.Parts<Header> parts = Message.decode(KIND, message, Header.class);
        final Header header = parts.header();
        final Img<?> image = PixelBlock.read(header.image().checked(Long.MAX_VALUE, "result"), parts.blocks());
        final Optional<LatentImage> latents = Message.latents(header.latents(), parts.blocks());
        final Times times = header.timings();
        return new DiffusionResult(image, header.settings(), new ArrayList<>(header.warnings()),
            new Timings(times.load(), times.text(), times.denoise(), times.steps(), times.model(), times.decode(), times.total()), latents,
            Optional.ofNullable(header.record()).flatMap(ResultMessage::record));
    }

    private static Optional<GenerationRecord> record(final String line) {
        return RecordJson.decode(line) instanceof final RecordJson.Whole whole ? Optional.of(whole.value()) : Optional.empty();
    }
}
