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
package net.diffusionj.ort;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Names a model by its content. Hashing gigabytes takes seconds, so a hash is kept beside the sizes, times and file keys that the files had, and
 * holds as long as they do.
 * <p>
 * Thread-safe, and safe for several processes.
 * </p>
 */
final class ContentHash {

    private static final Logger LOG = System.getLogger(ContentHash.class.getName());

    private final Path folder;

    /** @param folder where hashes are kept; made if it is not there */
    ContentHash(final Path folder) {
        this.folder = folder;
    }

    /**
     * @param model the ONNX file
     * @param weights files that belong to it, in a fixed order
     * @return 32 hex digits of the SHA-256 over all of them
     */
    String of(final Path model, final List<Path> weights) throws IOException {
        final List<Path> files = new ArrayList<>(List.of(model.toRealPath()));
        for (final Path file : weights) files.add(file.toRealPath());
        final StringBuilder state = new StringBuilder();
        for (final Path file : files) {
            final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            state.append(file).append('|').append(attributes.size()).append('|').append(attributes.lastModifiedTime()).append('|').append(attributes.fileKey())
                .append('\n');
        }
        final Path note = folder.resolve(hex(sha256().digest(state.toString().getBytes(StandardCharsets.UTF_8))));
        final String kept = read(note);
        if (kept.matches("[0-9a-f]{32}")) return kept;
        final String hash = hash(files);
        keep(note, hash);
        return hash;
    }

    private static String hash(final List<Path> files) throws IOException {
        final MessageDigest digest = sha256();
        final byte[] buffer = new byte[1 << 20];
        for (final Path file : files) {
            digest.update((file.getFileName() + "|" + Files.size(file) + '\n').getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) digest.update(buffer, 0, n);
            }
        }
        return hex(digest.digest());
    }

    private static String read(final Path note) throws IOException {
        try {
            return Files.readString(note);
        }
        catch (final NoSuchFileException e) {
            return "";
        }
    }

    private void keep(final Path note, final String hash) {
        try {
            Files.createDirectories(folder);
            final Path aside = Files.createTempFile(folder, ".", ".part");
            Files.writeString(aside, hash);
            Files.move(aside, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "the hash is not kept and will be computed again", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(final byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, 16);
    }
}
