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

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.InvalidInputException;

/**
 * The mark of a generated image, as it was found. Immutable.
 *
 * @param mark what it says
 * @param evidence where it stood
 */
public record FoundMark(GeneratedMark mark, Evidence evidence) {

    /** Where a mark stood. */
    public enum Evidence {
        /** In an XMP packet, as every file of this program has it. */
        XMP("its XMP packet"),
        /** In ImageJ's Info or a PNG's text: ImageJ keeps these when it saves an image, and drops the packet. */
        SETTINGS("its settings (Info); an XMP packet is not there, as after saving with ImageJ");

        private final String words;

        Evidence(final String words) {
            this.words = words;
        }

        /** @return for people */
        public String inWords() {
            return words;
        }
    }

    /**
     * Looks for a mark in a file.
     *
     * @param file TIFF or PNG; other files hold none that is looked for
     * @return the mark; empty where there is none, which says nothing of how the image was made
     * @throws InvalidInputException if the file is missing or damaged
     */
    public static Optional<FoundMark> in(final Path file) {
        InputFiles.check(file);
        try {
            final byte[] start;
            try (InputStream in = Files.newInputStream(file)) {
                start = in.readNBytes(FileKind.BYTES);
            }
            return switch (FileKind.of(start)) {
                case TIFF -> inTiff(file);
                case PNG -> inPng(file);
                default -> Optional.empty();
            };
        }
        catch (final IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    /**
     * Looks for a mark in what ImageJ shows as an image's Info.
     *
     * @param info any text
     * @return the mark; empty where there is none
     */
    public static Optional<FoundMark> inInfo(final String info) {
        return inSettings(SettingsText.parse(info));
    }

    private static Optional<FoundMark> inSettings(final Map<String, String> settings) {
        return GeneratedMark.of(settings).map(mark -> new FoundMark(mark, Evidence.SETTINGS));
    }

    private static Optional<FoundMark> inTiff(final Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            final TiffInput input = new TiffInput(file);
            final TiffTags tags = TiffTags.all(input).get(0);
            final Optional<GeneratedMark> packed = XmpPacket.read(tags.raw(XmpPacket.TIFF_TAG));
            if (packed.isPresent()) return packed.map(mark -> new FoundMark(mark, Evidence.XMP));
            return inInfo(ImageJTags.of(tags, input.order()).info());
        }
    }

    private static Optional<FoundMark> inPng(final Path path) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            final PngFile png = PngFile.read(in, Files.size(path));
            final Optional<GeneratedMark> packed = XmpPacket.read(PngText.textOf(png.xmpChunk(), XmpPacket.PNG_KEYWORD).getBytes(StandardCharsets.UTF_8));
            return packed.isPresent() ? packed.map(mark -> new FoundMark(mark, Evidence.XMP)) : inInfo(png.text());
        }
    }
}
