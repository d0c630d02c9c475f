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
package net.diffusionj.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import net.diffusionj.InvalidInputException;
import net.diffusionj.PathNames;

/**
 * The words of the command line as they were typed. In the locale C, Java puts a replacement character in the place of each byte beyond ASCII; Linux keeps the
 * bytes, and a terminal's are UTF-8. Stateless.
 */
final class TrueArguments {

    private static final char REPLACEMENT = '\uFFFD';

    private TrueArguments() {}

    /**
     * @param args what Java gave
     * @param commandLine the system's own list, each word ended by a zero byte: {@code /proc/self/cmdline}
     * @param charset what Java read them with
     * @return the same words, without replacement characters where that is possible
     * @throws InvalidInputException if they cannot be had, naming the locale
     */
    static String[] of(final String[] args, final Path commandLine, final Charset charset) {
        if (Arrays.stream(args).noneMatch(word -> word.indexOf(REPLACEMENT) >= 0)) return args;
        try {
            final List<byte[]> all = words(Files.readAllBytes(commandLine));
            final List<byte[]> ours = all.subList(Math.max(0, all.size() - args.length), all.size());
            final String[] repaired = new String[args.length];
            for (int i = 0; i < args.length; i++) {
                if (ours.size() != args.length || !new String(ours.get(i), charset).equals(args[i])) throw lost(null);
                repaired[i] = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(ours.get(i))).toString();
            }
            return repaired;
        }
        catch (final IOException e) {
            throw lost(e);
        }
    }

    private static List<byte[]> words(final byte[] commandLine) {
        final List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] != 0) continue;
            words.add(Arrays.copyOfRange(commandLine, start, i));
            start = i + 1;
        }
        return words;
    }

    private static InvalidInputException lost(final Exception cause) {
        return new InvalidInputException("The command line has characters that this program's locale does not have, so that they are lost. "
            + PathNames.locale(), cause);
    }
}
