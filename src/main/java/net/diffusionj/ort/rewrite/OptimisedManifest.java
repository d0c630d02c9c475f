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
package net.diffusionj.ort.rewrite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The list of an optimised model's files with size, time and checksum, by which damage is seen before ONNX Runtime maps a file: a mapped file that is too
 * short would end the JVM, and a changed one compute nonsense. Sizes are compared always. The checksum is computed again where the time of last
 * change is not the recorded one, so that an untouched entry costs no reading.
 */
final class OptimisedManifest {

    static final String NAME = "manifest.txt";

    private static final String FORMAT = "diffusionj-optimised 1";
    private static final String END = "end";
    private static final int BUFFER = 1 << 20;

    private OptimisedManifest() {}

    /**
     * Forces every file of an entry to the disk and writes the manifest, itself forced, beside them.
     *
     * @param folder an entry that is written in full
     * @throws IOException if that fails
     */
    static void write(final Path folder) throws IOException {
        final List<String> lines = new ArrayList<>();
        lines.add(FORMAT);
        for (final Path file : files(folder)) {
            force(file);
            lines.add(describe(file, checksum(file)));
        }
        lines.add(END);
        final Path manifest = folder.resolve(NAME);
        Files.write(manifest, lines);
        force(manifest);
    }

    /**
     * @param folder an entry
     * @return whether every file is as it was written
     * @throws IOException if a file cannot be read
     */
    static boolean holds(final Path folder) throws IOException {
        final Path manifest = folder.resolve(NAME);
        if (!Files.isRegularFile(manifest)) return false;
        final List<String> lines = new String(Files.readAllBytes(manifest), java.nio.charset.StandardCharsets.UTF_8).lines().toList();
        if (lines.size() < 3 || !lines.get(0).equals(FORMAT) || !lines.get(lines.size() - 1).equals(END)) return false;
        for (final String line : lines.subList(1, lines.size() - 1)) {
            final String[] parts = line.split(" ", 4);
            if (parts.length != 4 || !isWhole(folder.resolve(parts[3]), line, parts[0])) return false;
        }
        return true;
    }

    private static boolean isWhole(final Path file, final String line, final String checksum) throws IOException {
        if (!Files.isRegularFile(file)) return false;
        if (describe(file, checksum).equals(line)) return true;
        final String[] now = describe(file, checksum).split(" ");
        return now[1].equals(line.split(" ")[1]) && checksum(file).equals(checksum);
    }

    /** @return bytes of an entry's files */
    static long bytes(final Path folder) throws IOException {
        long bytes = 0;
        for (final Path file : files(folder)) bytes += Files.size(file);
        return bytes;
    }

    private static List<Path> files(final Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> !file.getFileName().toString().equals(NAME)).sorted().toList();
        }
    }

    private static String describe(final Path file, final String checksum) throws IOException {
        return checksum + ' ' + Files.size(file) + ' ' + Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS) + ' ' + file.getFileName();
    }

    private static String checksum(final Path file) throws IOException {
        final CRC32C crc = new CRC32C();
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) crc.update(buffer.flip());
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static void force(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
