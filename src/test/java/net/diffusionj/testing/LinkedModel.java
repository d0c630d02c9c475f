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
package net.diffusionj.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Makes model folders whose parts are links to another model's, as download caches and shared disks have them. */
public final class LinkedModel {

    private static final List<String> PARTS = List.of("text_encoder", "unet", "vae_encoder", "vae_decoder", "tokenizer");

    private LinkedModel() {}

    /**
     * @param target the folder to make; it may exist already, made by an earlier call
     * @param model whose parts it borrows
     * @param schedulerConfig the content of its own {@code scheduler_config.json}
     * @return {@code target}
     */
    public static Path make(final Path target, final Path model, final String schedulerConfig) {
        try {
            Files.createDirectories(target.resolve("scheduler"));
            for (final String part : PARTS) link(target.resolve(part), model.resolve(part).toAbsolutePath());
            Files.copy(model.resolve("model_index.json"), target.resolve("model_index.json"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(target.resolve("scheduler/scheduler_config.json"), schedulerConfig, StandardCharsets.UTF_8);
            return target;
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Replaces what lies there by a link. Windows lets few accounts make links; there the files are copied.
     *
     * @param link where the link goes
     * @param folder where it leads
     * @throws IOException if neither can be done
     */
    public static void link(final Path link, final Path folder) throws IOException {
        Files.deleteIfExists(link);
        try {
            Files.createSymbolicLink(link, folder);
        }
        catch (final FileSystemException | UnsupportedOperationException e) {
            if (!System.getProperty("os.name").startsWith("Windows")) throw e;
            Files.createDirectories(link);
            try (Stream<Path> files = Files.list(folder)) {
                for (final Path file : files.toList()) Files.copy(file, link.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
