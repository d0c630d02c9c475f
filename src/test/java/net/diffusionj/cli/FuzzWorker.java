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

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs cases in this JVM, one after the other: their numbers come in on standard input, and for each a line goes out with its outcome. What ends the JVM,
 * hangs, or is written to standard error behind the command line's back is seen by {@link Fuzz}.
 */
final class FuzzWorker {

    static final String READY = "FUZZ READY";
    static final String RESULT = "FUZZ RESULT";
    private static final long MOST_BYTES = 1L << 30;

    private FuzzWorker() {}

    /** @param args the seed and a folder for inputs */
    public static void main(final String... args) throws IOException {
        final long seed = Long.parseLong(args[0]);
        final Path scratch = Path.of(args[1]);
        Logging.configure();
        final PrintStream out = System.out;
        final Map<String, byte[]> images = FuzzImages.all();
        out.println(READY);
        try (BufferedReader numbers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = numbers.readLine(); line != null; line = numbers.readLine()) {
                final FuzzCase next = FuzzCase.write(seed, Integer.parseInt(line.strip()), images, scratch);
                forgetPeak();
                final String outcome = run(next);
                out.println(RESULT + '\t' + line.strip() + '\t' + next.kind() + '\t' + next.what() + '\t' + outcome);
                out.flush();
            }
        }
    }

    private static String run(final FuzzCase next) {
        final ByteArrayOutputStream said = new ByteArrayOutputStream();
        final PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        String outcome;
        try {
            final int code = Main.run(new Printer(print, print), next.arguments().toArray(String[]::new));
            outcome = outcome(code, said.toString(StandardCharsets.UTF_8));
        }
        // Whatever gets out of the command line would end it with a stack trace.
        catch (final RuntimeException | Error e) {
            outcome = "stack trace\t" + e;
        }
        final long peak = peakBytes();
        return peak > MOST_BYTES ? "memory\t" + (peak >> 20) + " MB; " + outcome.replace('\t', ' ') : outcome;
    }

    private static String outcome(final int code, final String said) {
        final String last = said.lines().filter(line -> line.startsWith("diffusionj: ")).reduce((a, b) -> b).orElse("").replace('\t', ' ');
        if (said.contains("\tat ") || said.contains("Exception in thread")) return "stack trace\t" + said.replaceAll("\\s+", " ");
        if (said.contains("unexpected error")) return "unexpected error\t" + last;
        if (said.contains("onnxruntime_src") || said.contains("Error code - ") || said.contains(".cargo/registry")) return "library's words\t" + last;
        return switch (code) {
            case 0 -> "drawn\t" + last;
            case 2 -> "refused\t" + last;
            case 1 -> "failed\t" + last;
            default -> "code " + code + '\t' + last;
        };
    }

    /** Linux forgets the highest use of memory so far when this is written. */
    private static void forgetPeak() throws IOException {
        final Path refs = Path.of("/proc/self/clear_refs");
        if (Files.isWritable(refs)) Files.writeString(refs, "5");
    }

    private static long peakBytes() {
        try {
            final Path status = Path.of("/proc/self/status");
            if (!Files.exists(status)) return 0;
            return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst().orElse(0);
        }
        catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
