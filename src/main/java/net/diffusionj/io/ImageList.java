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
package net.diffusionj.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import net.diffusionj.InvalidInputException;

/** The image files of a folder, by name. Sub-folders, hidden files and other kinds of files do not count. Stateless. */
public final class ImageList {

    private static final List<String> ENDINGS = List.of(".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".npy");

    private ImageList() {}

    /**
     * @param what the folder holds, for messages
     * @param place a folder, or one image file
     * @return image files by their name without ending, in the order of the names
     * @throws InvalidInputException if the place is missing, holds no image, or two of the same name
     */
    public static Map<String, Path> of(final String what, final Path place) {
        if (!Files.exists(place)) throw new InvalidInputException("The " + what + " " + place + " do not exist. Check the path.");
        final Map<String, Path> found = new LinkedHashMap<>();
        for (final Path file : Files.isDirectory(place) ? files(place) : List.of(place)) {
            final Path before = found.put(stem(file), file);
            if (before != null) {
                throw new InvalidInputException("Two files in " + place + " have the same name: " + before.getFileName() + " and " + file.getFileName()
                    + ". Rename one of them, since outputs take the name.");
            }
        }
        if (found.isEmpty()) {
            throw new InvalidInputException("There is no image in " + place + ". Expected files that end with " + String.join(", ", ENDINGS) + ".");
        }
        return found;
    }

    private static List<Path> files(final Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> isImage(file.getFileName().toString()) && Files.isRegularFile(file)).sorted().toList();
        }
        catch (final IOException e) {
            throw new InvalidInputException("The folder " + folder + " cannot be read. Allow reading it.", e);
        }
    }

    private static boolean isImage(final String name) {
        return !name.startsWith(".") && ENDINGS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith);
    }

    /** @param file any
     *  @return its name without its ending */
    public static String stem(final Path file) {
        final String name = file.getFileName().toString();
        final int dot = name.lastIndexOf('.');
        return dot < 1 ? name : name.substring(0, dot);
    }
}
