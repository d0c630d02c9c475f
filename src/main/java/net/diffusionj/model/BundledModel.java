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

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.FileTree;
import net.diffusionj.home.ProcessLock;
import net.diffusionj.home.Sha256;

/**
 * A model that the jar carries. It is unpacked into the models folder once, every file checked against the SHA-256 that the jar lists, and is from
 * then on a model like any other. A newer jar replaces what an older one unpacked, and a copy whose weights were damaged since is unpacked anew.
 * <p>
 * Safe from several processes at once; the folder appears by a move, so one that is there is whole. Thread-safe.
 * </p>
 */
public final class BundledModel {

    /** In the model folder: lines of {@code sha256sum}, one a file, itself not among them. */
    static final String CHECKSUMS = "checksums.sha256";

    private static final String RESOURCES = "net/diffusionj/models/";
    private static final String ASIDE = "-unpacking";

    private final ClassLoader loader;
    private final String name;
    private volatile byte[] checksums;
    private volatile boolean looked;

    /** @param name the model's name, also of its folder
     *  @param loader has the jar */
    BundledModel(final String name, final ClassLoader loader) {
        this.name = name;
        this.loader = loader;
    }

    /** @return whether this jar carries the model */
    boolean isCarried() {
        return checksums != null || loader.getResource(resource(CHECKSUMS)) != null;
    }

    /**
     * Makes sure that the model lies unpacked.
     *
     * @param models the folder of installed models, made if it is not there
     * @return the model's folder
     * @throws DiffusionJException if it cannot be unpacked
     */
    Path unpack(final Path models) {
        final Path folder = models.resolve(name);
        try {
            final byte[] wanted = checksums();
            if (isUnpacked(folder, wanted) && isAsItWas(folder)) return folder;
            Files.createDirectories(models);
            unpackLocked(models, folder, wanted);
            looked = true;
            return folder;
        }
        catch (final IOException e) {
            if (servesAsItIs(folder, e)) return folder;
            throw new DiffusionJException("The bundled model " + name + " could not be unpacked into " + folder + ": " + e.getMessage()
                + ". Free some space, or choose another folder with -Ddiffusionj.home=FOLDER.", e);
        }
    }

    /** Where the file system would hide a change of the weights, each process reads them once. */
    private boolean isAsItWas(final Path folder) throws IOException {
        final UnpackedFiles files = new UnpackedFiles(folder);
        return (looked || files.seesEveryChange()) && files.areAsTheyWere();
    }

    @SuppressWarnings("try") // the lock is held, not used
    private void unpackLocked(final Path models, final Path folder, final byte[] wanted) throws IOException {
        try (ProcessLock lock = ProcessLock.take(models.resolve('.' + name + ".lock"))) {
            deleteLeftovers(models);
            if (isUnpacked(folder, wanted) && isWhole(folder, parse(wanted))) return;
            final Path aside = Files.createDirectory(models.resolve('.' + name + ASIDE + Long.toHexString(ThreadLocalRandom.current().nextLong())));
            try {
                for (final Map.Entry<String, String> file : parse(wanted).entrySet()) copyChecked(file.getKey(), file.getValue(), aside);
                Files.write(aside.resolve(CHECKSUMS), wanted);
                new UnpackedFiles(aside).remember(parse(wanted).keySet());
                FileTree.delete(folder);
                Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            finally {
                FileTree.delete(aside);
            }
        }
    }

    /** Under the lock nothing else is unpacking: what lies aside was left by a killed process. */
    private void deleteLeftovers(final Path models) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(models, '.' + name + ASIDE + '*')) {
            for (final Path leftover : leftovers) FileTree.delete(leftover);
        }
    }

    private boolean isWhole(final Path folder, final Map<String, String> checksums) throws IOException {
        final UnpackedFiles files = new UnpackedFiles(folder);
        if (isAsItWas(folder)) return true;
        if (!isRight(folder, checksums)) return false;
        files.remember(checksums.keySet());
        return true;
    }

    /** Reads the weights. Somebody may have changed the texts on purpose; nobody edits weights. */
    private static boolean isRight(final Path folder, final Map<String, String> checksums) throws IOException {
        for (final Map.Entry<String, String> file : checksums.entrySet()) {
            final Path path = folder.resolve(file.getKey());
            if (!Files.isRegularFile(path) || UnpackedFiles.isWeights(file.getKey()) && !checksum(path).equals(file.getValue())) return false;
        }
        return true;
    }

    /** In a home that cannot be written, such as one that was copied to a read-only place. */
    private boolean servesAsItIs(final Path folder, final IOException trouble) {
        try {
            final byte[] wanted = checksums();
            return isUnpacked(folder, wanted) && isRight(folder, parse(wanted));
        }
        catch (final IOException e) {
            trouble.addSuppressed(e);
            return false;
        }
    }

    private static String checksum(final Path file) throws IOException {
        return Sha256.of(file);
    }

    private static boolean isUnpacked(final Path folder, final byte[] wanted) throws IOException {
        try {
            return Arrays.equals(wanted, Files.readAllBytes(folder.resolve(CHECKSUMS)));
        }
        catch (final NoSuchFileException absent) {
            return false;
        }
    }

    private void copyChecked(final String file, final String expected, final Path into) throws IOException {
        final Path target = into.resolve(file).normalize();
        if (!target.startsWith(into)) throw new IOException("the jar lists " + file + ", which is outside the model");
        Files.createDirectories(target.getParent());
        final String found;
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            found = Sha256.of(open(file), out);
        }
        if (!found.equals(expected)) throw new IOException(file + " in the DiffusionJ jar is damaged; install the jar again");
    }

    private Map<String, String> parse(final byte[] checksums) throws IOException {
        final Map<String, String> files = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new ByteArrayInputStream(checksums), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final String[] parts = line.strip().split("\\s+\\*?", 2);
                if (parts.length != 2) throw new IOException("the line \"" + line + "\" of " + CHECKSUMS + " in the DiffusionJ jar is not a checksum");
                files.put(parts[1], parts[0]);
            }
        }
        return files;
    }

    /** Looked at before every generation, and the jar does not change while it is open. */
    private byte[] checksums() throws IOException {
        if (checksums == null) {
            try (InputStream in = open(CHECKSUMS)) {
                checksums = in.readAllBytes();
            }
        }
        return checksums;
    }

    private InputStream open(final String file) throws IOException {
        final InputStream in = loader.getResourceAsStream(resource(file));
        if (in == null) throw new IOException("the DiffusionJ jar lacks " + resource(file) + "; install the jar again");
        return in;
    }

    private String resource(final String file) {
        return RESOURCES + name + '/' + file;
    }
}
