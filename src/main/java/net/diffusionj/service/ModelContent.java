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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.FileStamps;
import net.diffusionj.home.Sha256;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.ort.onnx.ModelHashes;

/**
 * Tells one model from another by what its files hold: graphs with their weights, tokenizer, scheduler and the other configuration.
 * <p>
 * Thread-safe.
 * </p>
 */
final class ModelContent {

    private static final System.Logger LOG = System.getLogger(ModelContent.class.getName());
    /** Read and hashed in some hundredths of a second. */
    private static final long CHEAP_BYTES = 32L << 20;
    private static final List<String> SMALL = List.of(".json", ".txt");

    private record Known(FileStamps files, String hash) {}

    private final ModelHashes parts;
    private final Map<Path, Known> known = new ConcurrentHashMap<>();

    /** @param parts hashes of ONNX files, remembered in the home */
    ModelContent(final ModelHashes parts) {
        this.parts = parts;
    }

    /**
     * Reads the model once; after that its files are looked at, not read, until one changes.
     *
     * @param folder a model
     * @return 64 hexadecimal digits
     */
    String hash(final ModelFolder folder) {
        final FileStamps files = FileStamps.of(folder.root());
        final Known before = known.get(folder.root());
        if (before != null && before.files().equals(files)) return before.hash();
        final Sha256 sha256 = new Sha256();
        Stream.concat(Stream.of(folder.textEncoder(), folder.unet(), folder.vaeDecoder()), folder.vaeEncoder().stream())
            .forEach(part -> sha256.add(parts.of(part) + '\n'));
        folder.int8Unet().ifPresent(part -> sha256.add("int8 " + parts.of(part) + '\n'));
        files.files().stream().map(FileStamps.Stamp::path).filter(ModelContent::isSmall).forEach(file -> add(sha256, folder.root(), file));
        final String hash = sha256.hex();
        known.put(folder.root(), new Known(files, hash));
        return hash;
    }

    /**
     * As {@link #hash}, unless that would mean to read a large model whose hash nobody has computed yet.
     *
     * @param folder a model
     * @return 64 hexadecimal digits; empty if that would take long, or if a file cannot be read
     */
    Optional<String> hashIfCheap(final ModelFolder folder) {
        try {
            final boolean cheap = Stream.concat(Stream.of(folder.textEncoder(), folder.unet(), folder.vaeDecoder()),
                Stream.concat(folder.vaeEncoder().stream(), folder.int8Unet().stream()))
                .allMatch(part -> parts.isCheap(part, CHEAP_BYTES));
            return cheap ? Optional.of(hash(folder)) : Optional.empty();
        }
        catch (final DiffusionJException e) {
            LOG.log(System.Logger.Level.DEBUG, "no hash of " + folder.root(), e);
            return Optional.empty();
        }
    }

    private static boolean isSmall(final Path file) {
        return SMALL.stream().anyMatch(file.getFileName().toString()::endsWith);
    }

    private static void add(final Sha256 sha256, final Path root, final Path file) {
        try {
            final byte[] bytes = Files.readAllBytes(file);
            sha256.add(root.relativize(file).toString().replace('\\', '/') + ' ' + bytes.length + '\n').add(bytes);
        }
        catch (final IOException e) {
            throw new InvalidInputException(file + " cannot be read. Check its permissions, or get the model again.", e);
        }
    }
}
