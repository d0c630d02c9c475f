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
package net.diffusionj.ort.session;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.onnx.ModelFiles;
import net.diffusionj.ort.onnx.ModelHashes;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.rewrite.OptimisedLimits;
import net.diffusionj.ort.rewrite.OptimisedModels;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;

/**
 * A program, not a test: how long a model takes to open as it is, at its first start (which leaves an optimised form behind) and at its second, several
 * times in turns. Every figure is from a JVM of its own, with ONNX Runtime loaded beforehand; the files are in the system's cache.
 *
 * <pre>
 * python -m scripts.fixtures.large_unet --output target/large
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 * java -cp target/test-classes:target/classes:$(cat target/test-classpath) net.diffusionj.ort.session.LoadTimes target/large/unet/model.onnx
 * </pre>
 */
public final class LoadTimes {

    private static final int ROUNDS = 10;

    private LoadTimes() {}

    /** @param args the model; for the program's own children also the home and whether to keep optimised models
     *  @throws Exception if a child fails */
    public static void main(final String[] args) throws Exception {
        if (args.length == 3) {
            child(Path.of(args[0]), Path.of(args[1]), Boolean.parseBoolean(args[2]));
            return;
        }
        final PrintStream out = System.out;
        final Path model = Path.of(args[0]);
        final Path home = Folders.target("load-times-home");
        out.printf(Locale.ROOT, "%s, %.2f GB%n%-28s %10s %12s%n", model, new ModelFiles.Reader().look(model).bytes() / 1e9, "", "load", "resident");
        final List<Double> plain = new ArrayList<>();
        final List<Double> first = new ArrayList<>();
        final List<Double> second = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            plain.add(row(out, "as given", model, home, false));
            delete(home.resolve("cache"));
            first.add(row(out, "first start (optimises)", model, home, true));
            second.add(row(out, "second start", model, home, true));
        }
        out.printf(Locale.ROOT, "medians of %d: as given %.2f s, first start %.2f s, second start %.2f s%n", ROUNDS, median(plain), median(first),
            median(second));
        out.printf(Locale.ROOT, "the second start is %.1f times faster than the first, %.1f times faster than without%n", median(first) / median(second),
            median(plain) / median(second));
        delete(home);
    }

    private static double median(final List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static double row(final PrintStream out, final String name, final Path model, final Path home, final boolean keep) throws Exception {
        final Process child = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx1g", "-cp",
            System.getProperty("java.class.path"), LoadTimes.class.getName(), model.toString(), home.toString(), Boolean.toString(keep))
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final String[] said = new String(child.getInputStream().readAllBytes()).trim().split(" ");
        if (child.waitFor() != 0) throw new IOException("the child failed");
        final double seconds = Double.parseDouble(said[0]);
        out.printf(Locale.ROOT, "%-28s %8.2f s %9.0f MB%n", name, seconds, Double.parseDouble(said[1]));
        return seconds;
    }

    private static void child(final Path model, final Path home, final boolean keep) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(home);
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        final Optional<OptimisedModels> optimised = keep
            ? Optional.of(new OptimisedModels(home, new ModelHashes(home), OptimisedLimits.DEFAULT, onnx.version())) : Optional.empty();
        try (SessionCache cache = new SessionCache(onnx, new ExecutionProviders(onnx), CacheLimits.defaults(memory), optimised)) {
            final long start = System.nanoTime();
            try (SessionLease lease = cache.lease(model, ProviderChoice.CPU)) {
                final PrintStream out = System.out;
                out.printf(Locale.ROOT, "%.3f %.1f %d%n", (System.nanoTime() - start) / 1e9, memory.residentBytes().orElse(0) / 1e6, lease.inputs().size());
            }
        }
    }

    private static void delete(final Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
