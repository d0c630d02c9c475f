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
package net.diffusionj.service.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads what comes to a {@link GenerationLog} from now on, across its change of files. A line that is still being written waits for its end.
 * <p>
 * Not thread-safe.
 * </p>
 */
public final class LogTail {

    private final GenerationLog log;
    private Object fileKey;
    private long position;

    /** @param log which
     *  @throws IOException if it cannot be read */
    public LogTail(final GenerationLog log) throws IOException {
        this.log = log;
        this.fileKey = key(log.file());
        this.position = Files.exists(log.file()) ? Files.size(log.file()) : 0;
    }

    /** Where the system has no keys, as on Windows, a file that is shorter than what was read of it is another one. */
    private static Object key(final Path file) throws IOException {
        return Files.exists(file) ? Files.readAttributes(file, BasicFileAttributes.class).fileKey() : null;
    }

    /**
     * @return what has come since the last call
     * @throws IOException if a file cannot be read
     */
    public GenerationLog.Contents next() throws IOException {
        final List<String> lines = new ArrayList<>();
        final Path file = log.file();
        final Object now = key(file);
        final boolean changed = position > 0 && (!Objects.equals(now, fileKey) || Files.exists(file) && Files.size(file) < position);
        if (changed) {
            // What was written before the change is at the end of the file that has gone aside.
            if (Files.exists(log.file(1))) read(log.file(1), lines);
            position = 0;
        }
        fileKey = now;
        if (Files.exists(file)) read(file, lines);
        return GenerationLog.contents(lines);
    }

    private void read(final Path file, final List<String> lines) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            for (long at = position; channel.read(buffer, at) > 0; buffer.clear()) {
                bytes.write(buffer.array(), 0, buffer.position());
                at += buffer.position();
            }
        }
        final byte[] all = bytes.toByteArray();
        int end = all.length;
        while (end > 0 && all[end - 1] != '\n') end--;
        position += end;
        new String(all, 0, end, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).forEach(lines::add);
    }
}
