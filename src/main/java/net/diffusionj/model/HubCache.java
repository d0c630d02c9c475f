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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;

/**
 * The layout in which Hugging Face's tools keep downloads: {@code models--OWNER--NAME/snapshots/COMMIT/} holds the files, as links into {@code blobs}, and
 * {@code refs/main} the commit that is current. Downloads nothing.
 */
final class HubCache {

    private static final String PREFIX = "models--";
    private static final String SNAPSHOTS = "snapshots";
    private static final int MOST_COMMIT_BYTES = 100;

    private HubCache() {}

    /** @return whether a folder is one download with its snapshots */
    static boolean isDownload(final Path folder) {
        return Files.isDirectory(folder.resolve(SNAPSHOTS))
            && (name(folder).startsWith(PREFIX) || Files.isDirectory(folder.resolve("refs")) || Files.isDirectory(folder.resolve("blobs")));
    }

    /**
     * @param folder any existing path
     * @return the snapshot that is current if it is a download, otherwise the path itself
     * @throws InvalidInputException if it is a download with no snapshot, or with several of which none is current
     */
    static Path orSnapshot(final Path folder) {
        if (!isDownload(folder) || ModelFolder.looksLikeOne(folder)) return folder;
        final Path snapshots = folder.resolve(SNAPSHOTS);
        final Optional<Path> current = current(folder).map(snapshots::resolve).filter(Files::isDirectory);
        if (current.isPresent()) return current.get();
        final List<Path> all = folders(snapshots);
        if (all.size() == 1) return all.get(0);
        if (all.isEmpty())
            throw new InvalidInputException(folder + " is a Hugging Face download without files: " + snapshots + " is empty. Download it again.");
        throw new InvalidInputException(folder + " is a Hugging Face download with " + all.size() + " snapshots, and refs/main names none of them. Give one: "
            + all.stream().map(Path::toString).collect(Collectors.joining(", ")) + '.');
    }

    /** @param root a model folder
     *  @return OWNER/NAME if it is a download's snapshot */
    static Optional<String> modelName(final Path root) {
        final Path snapshots = root.getParent();
        if (snapshots == null || !name(snapshots).equals(SNAPSHOTS) || snapshots.getParent() == null) return Optional.empty();
        final String download = name(snapshots.getParent());
        return download.startsWith(PREFIX) ? Optional.of(download.substring(PREFIX.length()).replace("--", "/")) : Optional.empty();
    }

    private static Optional<String> current(final Path folder) {
        final Path main = folder.resolve("refs").resolve("main");
        try {
            if (!Files.isRegularFile(main) || Files.size(main) > MOST_COMMIT_BYTES) return Optional.empty();
            // Something else than a commit could lead out of the download.
            return Optional.of(Files.readString(main).strip()).filter(commit -> commit.matches("\\w+"));
        }
        catch (final IOException e) {
            throw new InvalidInputException(main + " cannot be read (" + FileFault.reason(e) + "). Check its permissions.", e);
        }
    }

    private static List<Path> folders(final Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).filter(child -> !ModelParts.isHidden(child)).sorted().toList();
        }
        catch (final IOException e) {
            throw new InvalidInputException(folder + " cannot be read (" + FileFault.reason(e) + "). Check its permissions.", e);
        }
    }

    private static String name(final Path path) {
        return Objects.toString(path.getFileName(), "");
    }
}
