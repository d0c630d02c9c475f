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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells whether the files of an unpacked model are still those that were unpacked, without reading them: a list of sizes and times lies beside them. Of
 * files other than weights it only says that they are there, since people may change them.
 */
final class UnpackedFiles {

    /** Hidden, and with an ending that no model's own file has. */
    static final String NAME = ".unpacked";

    private final Path folder;

    /** @param folder an unpacked model */
    UnpackedFiles(final Path folder) {
        this.folder = folder;
    }

    static boolean isWeights(final String file) {
        return file.endsWith(".onnx") || file.endsWith(".onnx_data") || file.endsWith(".pb");
    }

    /**
     * Writes down how the files are now.
     *
     * @param files by their paths in the folder
     * @throws IOException if they cannot be looked at or the list cannot be written
     */
    void remember(final Collection<String> files) throws IOException {
        final List<String> lines = new ArrayList<>();
        for (final String file : files) lines.add(describe(file));
        final Path aside = folder.resolve(NAME + ".part");
        Files.write(aside, lines);
        Files.move(aside, folder.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
    }

    /** @return whether every file is there and no weights have changed; false also where nothing was written down */
    boolean areAsTheyWere() throws IOException {
        try {
            final List<String> lines = new String(Files.readAllBytes(folder.resolve(NAME)), StandardCharsets.UTF_8).lines().toList();
            for (final String line : lines) {
                if (!line.equals(describe(line.substring(line.lastIndexOf(' ') + 1)))) return false;
            }
            return !lines.isEmpty();
        }
        catch (final NoSuchFileException missing) {
            return false;
        }
    }

    private String describe(final String file) throws IOException {
        final BasicFileAttributes attributes = Files.readAttributes(folder.resolve(file), BasicFileAttributes.class);
        return isWeights(file) ? attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + ' ' + statusChange(file) + file
            : "there " + file;
    }

    /** Unix keeps a second time that changes whenever the file does, and that nobody can set back. */
    private String statusChange(final String file) throws IOException {
        if (!seesEveryChange()) return "";
        return ((FileTime) Files.getAttribute(folder.resolve(file), "unix:ctime")).to(TimeUnit.NANOSECONDS) + " ";
    }

    /** @return whether a change of the weights is seen although their size and time were kept */
    boolean seesEveryChange() {
        return folder.getFileSystem().supportedFileAttributeViews().contains("unix");
    }
}
