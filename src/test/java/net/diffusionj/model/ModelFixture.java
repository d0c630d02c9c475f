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
package net.diffusionj.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fabricates model folders whose ONNX files have the structure of real ones and no content. */
final class ModelFixture {

    private ModelFixture() {}

    /** Writes a folder as diffusers' legacy script leaves it: no configuration beside the parts. */
    static Path legacy(final Path root) throws IOException {
        for (final String part : new String[] {"text_encoder", "unet", "vae_decoder", "vae_encoder"}) {
            write(root.resolve(part).resolve("model.onnx"), onnx("Conv"));
        }
        text(root.resolve("model_index.json"), "{\"_class_name\": \"OnnxStableDiffusionPipeline\", \"safety_checker\": [null, null]}");
        text(root.resolve("scheduler/scheduler_config.json"), "{\"_class_name\": \"PNDMScheduler\", \"beta_start\": 0.00085,"
            + " \"num_train_timesteps\": 1000, \"trained_betas\": null, \"skip_prk_steps\": true, \"shape\": [1, 2.5]}");
        return root;
    }

    /** Writes a folder as optimum leaves it. */
    static Path optimum(final Path root) throws IOException {
        legacy(root);
        text(root.resolve("model_index.json"), "{\"_class_name\": \"StableDiffusionPipeline\"}");
        text(root.resolve("text_encoder/config.json"), "{\"max_position_embeddings\": 77, \"hidden_size\": 1024}");
        text(root.resolve("unet/config.json"), "{\"sample_size\": 96, \"in_channels\": 4, \"out_channels\": 4, \"cross_attention_dim\": 1024,"
            + " \"time_cond_proj_dim\": null, \"addition_embed_type\": null}");
        text(root.resolve("vae_decoder/config.json"), "{\"block_out_channels\": [128, 256, 512], \"latent_channels\": 4,"
            + " \"scaling_factor\": 0.5, \"latents_mean\": null}");
        return root;
    }

    static void text(final Path file, final String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    static void write(final Path file, final byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** @return a ModelProto whose graph has one node for each type and an initializer of 100 bytes */
    static byte[] onnx(final String... opTypes) {
        return model(initializer(bytesField(9, new byte[100])), opTypes);
    }

    /** @return a ModelProto whose one initializer lies in another file */
    static byte[] onnxWithExternalData(final String location, final long offset, final long length) {
        return model(initializer(bytesField(13, entry("location", location)), bytesField(13, entry("offset", Long.toString(offset))),
            bytesField(13, entry("length", Long.toString(length)))));
    }

    private static byte[] model(final byte[] initializer, final String... opTypes) {
        final ByteArrayOutputStream graph = new ByteArrayOutputStream();
        for (final String type : opTypes) graph.writeBytes(bytesField(1, bytesField(4, type.getBytes(StandardCharsets.UTF_8))));
        graph.writeBytes(bytesField(5, initializer));
        final ByteArrayOutputStream model = new ByteArrayOutputStream();
        model.writeBytes(new byte[] {1 << 3, 8});
        model.writeBytes(bytesField(7, graph.toByteArray()));
        return model.toByteArray();
    }

    private static byte[] initializer(final byte[]... fields) {
        final ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        for (final byte[] field : fields) tensor.writeBytes(field);
        return tensor.toByteArray();
    }

    private static byte[] entry(final String key, final String value) {
        final ByteArrayOutputStream entry = new ByteArrayOutputStream();
        entry.writeBytes(bytesField(1, key.getBytes(StandardCharsets.UTF_8)));
        entry.writeBytes(bytesField(2, value.getBytes(StandardCharsets.UTF_8)));
        return entry.toByteArray();
    }

    private static byte[] bytesField(final int number, final byte[] content) {
        final ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(number << 3 | 2);
        for (int rest = content.length;; rest >>>= 7) {
            field.write(rest >= 0x80 ? rest & 0x7F | 0x80 : rest);
            if (rest < 0x80) break;
        }
        field.writeBytes(content);
        return field.toByteArray();
    }
}
