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
package net.diffusionj.ort.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.Sha256;

/**
 * The SHA-256 of models, weights beside them included. Computed once: {@code cache/hashes} in the DiffusionJ home remembers it by path, sizes and times.
 * A home that cannot be written costs the memory, nothing else.
 * <p>
 * Thread-safe, and safe from several processes: each model has a file of its own, written aside and moved.
 * </p>
 */
public final class ModelHashes {

    private static final Logger LOG = System.getLogger(ModelHashes.class.getName());
    private static final String FORMAT = "diffusionj-hash 1\n";

    private record Known(String stamp, String hash) {}

    private final Path folder;
    private final ModelFiles.Reader reader = new ModelFiles.Reader();
    private final Map<Path, Known> inMemory = new ConcurrentHashMap<>();

    /** @param home the DiffusionJ home; need not exist */
    public ModelHashes(final Path home) {
        this.folder = home.resolve("cache").resolve("hashes");
    }

    /**
     * Tells a model's content. Takes about a second for every gigabyte the first time.
     *
     * @param model an ONNX file
     * @return 64 hexadecimal digits; equal for equal content, wherever it lies
     * @throws InvalidInputException if the model cannot be read
     */
    public String of(final Path model) {
        final Path file = ModelFiles.locate(model);
        final ModelFiles files = reader.look(file);
        final Known known = inMemory.get(file);
        if (known != null && known.stamp().equals(files.stamp())) return known.hash();
        final Path memory = folder.resolve(Sha256.of(file.toString()) + ".txt");
        final String head = FORMAT + file + '\n' + files.stamp();
        final String hash = remembered(memory, head).orElseGet(() -> compute(files, memory, head));
        inMemory.put(file, new Known(files.stamp(), hash));
        return hash;
    }

    /**
     * @param model an ONNX file
     * @param bytes how large a model may be that nobody has hashed yet
     * @return whether {@link #of} would read no more than that
     * @throws InvalidInputException if the model cannot be read
     */
    public boolean isCheap(final Path model, final long bytes) {
        final Path file = ModelFiles.locate(model);
        final ModelFiles files = reader.look(file);
        final Known known = inMemory.get(file);
        if (files.bytes() <= bytes || known != null && known.stamp().equals(files.stamp())) return true;
        return remembered(folder.resolve(Sha256.of(file.toString()) + ".txt"), FORMAT + file + '\n' + files.stamp()).isPresent();
    }

    private static Optional<String> remembered(final Path memory, final String head) {
        if (!Files.isRegularFile(memory)) return Optional.empty();
        try {
            final String text = new String(Files.readAllBytes(memory), StandardCharsets.UTF_8);
            return text.startsWith(head) && text.substring(head.length()).matches("[0-9a-f]{64}\n") ? Optional.of(text.substring(head.length()).trim())
                : Optional.empty();
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "{0} cannot be read: {1}", memory, e);
            return Optional.empty();
        }
    }

    private String compute(final ModelFiles files, final Path memory, final String head) {
        final Sha256 sha256 = new Sha256();
        for (final Path file : files.files()) add(file, sha256);
        final String hash = sha256.hex();
        Path aside = memory;
        try {
            Files.createDirectories(folder);
            aside = Files.createTempFile(folder, "hash", ".part");
            Files.writeString(aside, head + hash + '\n');
            Files.move(aside, memory, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "The hash of {0} is not remembered: {1}", files.files().get(0), e);
            deleteAside(aside, memory);
        }
        return hash;
    }

    private static void deleteAside(final Path aside, final Path memory) {
        if (aside.equals(memory)) return;
        try {
            Files.deleteIfExists(aside);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "{0} was left behind: {1}", aside, e);
        }
    }

    private static void add(final Path file, final Sha256 sha256) {
        // The length first: the same bytes spread otherwise over two files are another model.
        try (InputStream in = Files.newInputStream(file)) {
            sha256.add(Files.size(file) + "\n").add(in);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The model file " + file + " cannot be read. Get the model again, with all its files.", e);
        }
    }
}
