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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.RegularFile;

/**
 * A model's files as they lie on the disk: the ONNX file and the weights that it names.
 *
 * @param files the ONNX file first
 * @param bytes their sizes added up
 * @param stamp sizes and times of last change; two equal stamps mean the same content, unless a time was set back
 * @param identity what else tells a file that was replaced: its number on the disk and, where the system keeps it, the time of its last change of
 *        any kind, which nobody can set back
 */
public record ModelFiles(List<Path> files, long bytes, String stamp, String identity) {

    private record Known(String stamp, List<Path> external) {}

    /** Looks at models, and remembers of each which weights it names. Thread-safe. */
    public static final class Reader {

        private final Map<Path, Known> known = new ConcurrentHashMap<>();

        /**
         * @param model an ONNX file
         * @return its files as they are now; missing weights are left out; opening the model reports them
         * @throws InvalidInputException if the ONNX file cannot be read
         */
        public ModelFiles look(final Path model) {
            try {
                return read(model);
            }
            catch (final OnnxScan.TooDeepException e) {
                throw new InvalidInputException(model + " cannot be used: " + e.getMessage() + ". Export the model again.", e);
            }
            catch (final IOException e) {
                throw unreadable(model, e);
            }
        }

        private ModelFiles read(final Path model) throws IOException {
            RegularFile.check(model);
            final String own = stamp(model, Files.readAttributes(model, BasicFileAttributes.class));
            Known found = known.get(model);
            if (found == null || !found.stamp().equals(own)) {
                found = new Known(own, ExternalData.of(model));
                known.put(model, found);
            }
            final List<Path> files = new ArrayList<>();
            final StringBuilder stamps = new StringBuilder();
            final StringBuilder identities = new StringBuilder();
            long bytes = 0;
            files.add(model);
            files.addAll(found.external());
            for (final Path file : List.copyOf(files)) {
                final Optional<BasicFileAttributes> attributes = attributes(file);
                if (attributes.isEmpty()) {
                    files.remove(file);
                    continue;
                }
                bytes += attributes.get().size();
                stamps.append(stamp(file, attributes.get())).append('\n');
                identities.append(attributes.get().fileKey()).append(' ').append(changed(file)).append('\n');
            }
            return new ModelFiles(List.copyOf(files), bytes, stamps.toString(), identities.toString());
        }

        private static Optional<BasicFileAttributes> attributes(final Path file) throws IOException {
            return Files.isRegularFile(file) ? Optional.of(Files.readAttributes(file, BasicFileAttributes.class)) : Optional.empty();
        }

        private static String stamp(final Path file, final BasicFileAttributes attributes) {
            return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + ' ' + file.getFileName();
        }

        private static String changed(final Path file) throws IOException {
            return file.getFileSystem().supportedFileAttributeViews().contains("unix") ? Files.getAttribute(file, "unix:ctime").toString() : "";
        }
    }

    /**
     * @param model an ONNX file, however it is named
     * @return its one name: the real folder, and the file itself or a link to it, since weights are looked for beside the link
     * @throws InvalidInputException if there is no such file
     */
    public static Path locate(final Path model) {
        try {
            if (!Files.exists(model)) throw new NoSuchFileException(model.toString());
            final Path absolute = model.toAbsolutePath().normalize();
            return absolute.getParent().toRealPath().resolve(absolute.getFileName());
        }
        catch (final IOException e) {
            throw unreadable(model, e);
        }
    }

    private static InvalidInputException unreadable(final Path file, final IOException cause) {
        return new InvalidInputException("The model file " + file + " cannot be read. Get the model again, with all its files.", cause);
    }

    /** @param before what was seen of the same model earlier
     *  @return whether its content may be another now */
    public boolean differFrom(final ModelFiles before) {
        return !stamp.equals(before.stamp) || !identity.equals(before.identity);
    }
}
