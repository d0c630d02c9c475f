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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import net.imglib2.RandomAccessibleInterval;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFile;

/**
 * Reads and writes image files. Reading goes by a file's first bytes, whatever its name; writing by the ending of its name:
 * <ul>
 * <li>{@code .tif}, {@code .tiff}: ImageJ's TIFF with calibration, display ranges, settings in Info. Three channels of bytes are RGB, other images of
 * several channels a composite, several images a stack.</li>
 * <li>{@code .png}: unsigned 8 or 16 bits, one or three channels; the settings in a text chunk under the keyword {@code DiffusionJ}. PNG holds one
 * picture: several become {@code name-000.png}, {@code name-001.png} and so on, all of them or none.</li>
 * <li>{@code .npy}: C order [height, width, channel], or [image, height, width, channel] for several; uint8, uint16 or float32; no settings.</li>
 * </ul>
 * <p>
 * TIFF and PNG of generated images carry a {@link GeneratedMark}: settings that say so are what decides.
 * </p>
 * <p>
 * Files are written by {@link AtomicFile}: there in full or not at all. Needs no screen. Stateless and thread-safe.
 * </p>
 */
public final class ImageFiles {

    private static final List<String> ENDINGS = List.of(".tif", ".tiff", ".png", ".npy");
    private static final String TO_READ = "TIFF, PNG, JPEG, BMP, GIF or NPY";

    private ImageFiles() {}

    /**
     * Reads an image file into memory.
     *
     * @param file TIFF, PNG, JPEG, BMP, GIF or NPY
     * @return the image and what the file says beside it
     * @throws InvalidInputException if the file is missing, empty, damaged or no image; the message says which
     */
    public static ImageFile read(final Path file) {
        InputFiles.check(file);
        try {
            final byte[] start;
            try (InputStream in = Files.newInputStream(file)) {
                start = in.readNBytes(FileKind.BYTES);
            }
            return switch (FileKind.of(start)) {
                case TIFF -> TiffReader.read(file);
                case NPY -> new ImageFile(NpyImages.toPlanes(Npy.read(file), file).toImg(), ImageMetadata.NONE);
                case PNG -> RasterReader.readPng(file);
                case JPEG -> new ImageFile(JpegReader.read(file).toImg(), ImageMetadata.NONE);
                case BMP -> RasterReader.readBmp(file);
                case GIF -> RasterReader.readGif(file);
                case OTHER -> throw new InvalidInputException("The file " + file + " is " + FileKind.nameOf(start).map(name -> name
                    + ", which is not read here. Open it in ImageJ and save it as TIFF.").orElse("no image that can be read here: expected " + TO_READ
                        + ", found a file that begins with " + shown(start) + "."));
            };
        }
        catch (final IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    /**
     * Writes an image.
     *
     * @param file where to; its ending says in which format
     * @param image x, y; x, y, channel; or x, y, channel, image. Unsigned byte, unsigned short and float are written as they are, ARGB as three channels
     *        of bytes; in TIFF signed 8 and 16-bit as signed 16-bit; all other real types as 32-bit float
     * @param metadata what to say beside the pixels
     * @return the files that were written: one, or for several images in a PNG one for each
     * @throws InvalidInputException if the format is unknown, does not hold such an image, or the file cannot be written
     */
    public static List<Path> write(final Path file, final RandomAccessibleInterval<?> image, final ImageMetadata metadata) {
        final String ending = ending(file);
        final Planes planes = Planes.of(image);
        switch (ending) {
            case ".png" -> {
                return writePng(file, planes, metadata);
            }
            case ".npy" -> Npy.write(file, NpyImages.toArray(planes, file));
            default -> {
                if ((long) planes.width() * planes.height() * planes.depth().bytes * planes.arrays().size() > TiffWriter.MOST_BYTES) {
                    throw new InvalidInputException("The image is larger than the 4 GB that a TIFF file holds. Write " + file
                        + " as .npy, or fewer images at once.");
                }
                AtomicFile.write(file, out -> TiffWriter.write(out, planes, metadata, String.valueOf(file.getFileName())));
            }
        }
        return List.of(file);
    }

    /**
     * Finds out whether an image can be written, before the work for it starts.
     *
     * @param file where it shall go
     * @throws InvalidInputException if the ending is unknown, the folder is missing or may not be written to, or the target is a folder
     */
    public static void checkWritable(final Path file) {
        ending(file);
        AtomicFile.checkWritable(file);
    }

    private static List<Path> writePng(final Path file, final Planes planes, final ImageMetadata metadata) {
        PngWriter.refusal(planes).ifPresent(why -> {
            throw new InvalidInputException(why + " Write " + file + " as .tif or .npy instead.");
        });
        final List<Path> targets = new ArrayList<>();
        final List<AtomicFile> parts = new ArrayList<>();
        try {
            for (int image = 0; image < planes.images(); image++) {
                final int index = image;
                targets.add(planes.images() == 1 ? file : numbered(file, image));
                parts.add(AtomicFile.begin(targets.get(image)));
                parts.get(image).fill(out -> PngWriter.write(out, planes, index, metadata.settings()));
            }
            parts.forEach(AtomicFile::commit);
        }
        finally {
            parts.forEach(AtomicFile::close);
        }
        return targets;
    }

    private static Path numbered(final Path file, final int image) {
        final String name = file.getFileName().toString();
        final int dot = name.lastIndexOf('.');
        return file.resolveSibling(String.format(Locale.ROOT, "%s-%03d%s", name.substring(0, dot), image, name.substring(dot)));
    }

    private static String ending(final Path file) {
        final String name = file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().filter(name::endsWith).findFirst().orElseThrow(() -> new InvalidInputException(
            "The ending of the output " + file + " says no format that can be written. Use one of " + String.join(", ", ENDINGS) + "."));
    }

    /** The first bytes as text, where they are text, so that a web page or a list can be told by its beginning. */
    private static String shown(final byte[] start) {
        final String text = new String(start, 0, Math.min(start.length, 16), StandardCharsets.US_ASCII);
        return text.matches("[\\x20-\\x7e\\s]+") ? "the text '" + text.strip().replaceAll("\\s+", " ") + "'" : "other bytes";
    }
}
