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
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Gives damaged models, tokenizers, configurations and images to the command line and counts what becomes of them. Cases run in JVMs of their own with a
 * bounded heap; one that ends by itself, hangs or writes a stack trace is a fault, and the next case gets a new JVM.
 */
final class Fuzz {

    private static final long HANG_SECONDS = 60;
    private static final int PROGRESS_CASES = 100;
    private static final Set<String> SOUND = Set.of("drawn", "refused", "failed");
    private static final String END = "\u0000end";

    private final long seed;
    private final Path scratch;
    private final Map<String, Map<String, Integer>> table = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final Consumer<String> progress;
    private int done;

    /** @param seed decides what the cases are
     *  @param scratch a folder for inputs and a DiffusionJ home
     *  @param progress is told from time to time how far the cases are */
    Fuzz(final long seed, final Path scratch, final Consumer<String> progress) {
        this.progress = progress;
        this.seed = seed;
        this.scratch = scratch.toAbsolutePath();
    }

    /** @param args --cases N, --seed N, --only NUMBER, --jvms N, --scratch FOLDER */
    public static void main(final String... args) throws Exception {
        final Map<String, String> options = new TreeMap<>(Map.of("--cases", "2000", "--seed", "1", "--jvms", "1", "--only", "-1", "--scratch", "target/fuzz"));
        for (int i = 0; i < args.length; i += 2) {
            if (!options.containsKey(args[i]) || i + 1 == args.length) {
                System.err.println("usage: scripts/fuzz [--cases N] [--seed N] [--only NUMBER] [--jvms N] [--scratch FOLDER]");
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        final Fuzz fuzz = new Fuzz(Long.parseLong(options.get("--seed")), Path.of(options.get("--scratch")), text -> System.err.print("\r" + text));
        final int only = Integer.parseInt(options.get("--only"));
        if (only >= 0) fuzz.run(only, only + 1, 1);
        else fuzz.run(0, Integer.parseInt(options.get("--cases")), Integer.parseInt(options.get("--jvms")));
        System.err.println();
        fuzz.print(System.out);
        System.exit(fuzz.faults().isEmpty() ? 0 : 1);
    }

    /** Runs the cases of some numbers.
     *  @param jvms how many work side by side */
    void run(final int from, final int to, final int jvms) throws InterruptedException {
        final AtomicInteger next = new AtomicInteger(from);
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            final int id = i;
            threads.add(new Thread(() -> work(id, next, to), "fuzz " + i));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads) thread.join();
    }

    private void work(final int id, final AtomicInteger next, final int to) {
        while (next.get() < to) {
            try (Worker worker = new Worker(id)) {
                while (worker.isAlive()) {
                    final int number = next.getAndIncrement();
                    if (number >= to) return;
                    record(number, worker.run(number));
                }
            }
            catch (final IOException | InterruptedException e) {
                throw new IllegalStateException("the workers could not be run", e);
            }
        }
    }

    private synchronized void record(final int number, final String[] result) {
        final String kind = result[0];
        final String outcome = result[2];
        table.computeIfAbsent(kind, k -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
        final String line = "case " + number + " (" + kind + ", " + result[1] + "): " + outcome + ": " + result[3];
        if (!SOUND.contains(outcome)) faults.add(line);
        if (outcome.equals("failed")) failed.add(line);
        done++;
        if (done % PROGRESS_CASES == 0) progress.accept(done + " cases, " + faults.size() + " faults");
    }

    /** @return what should not have happened */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Prints how often what happened, and the faults. */
    synchronized void print(final PrintStream out) {
        final Set<String> outcomes = new java.util.TreeSet<>(SOUND);
        table.values().forEach(row -> outcomes.addAll(row.keySet()));
        out.printf("%-14s", "seed " + seed);
        outcomes.forEach(outcome -> out.printf(" %16s", outcome));
        out.println();
        table.forEach((kind, row) -> {
            out.printf("%-14s", kind);
            outcomes.forEach(outcome -> out.printf(" %16d", row.getOrDefault(outcome, 0)));
            out.println();
        });
        out.printf("%-14s", "all");
        outcomes.forEach(outcome -> out.printf(" %16d", table.values().stream().mapToInt(row -> row.getOrDefault(outcome, 0)).sum()));
        out.println();
        failed.forEach(line -> out.println("code 1: " + line));
        faults.forEach(line -> out.println("FAULT: " + line));
        out.println(faults.isEmpty() ? "No stack trace, no hang, no abort, no case over 1 GB." : faults.size() + " faults.");
    }

    /** One JVM that takes case after case. */
    private final class Worker implements AutoCloseable {

        private final Process process;
        private final Writer numbers;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuffer errors = new StringBuffer();

        Worker(final int id) throws IOException, InterruptedException {
            final Path inputs = Files.createDirectories(scratch.resolve("worker-" + id));
            process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true", "-XX:ErrorFile=" + scratch.resolve("hs_err_%p.log"), "-XX:-CreateCoredumpOnCrash",
                "-Ddiffusionj.home=" + scratch.resolve("home"), "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                FuzzWorker.class.getName(), Long.toString(seed), inputs.toString()).start();
            numbers = process.outputWriter(StandardCharsets.UTF_8);
            read(process.getInputStream(), lines::add);
            read(process.getErrorStream(), line -> errors.append(line).append('\n'));
            for (String line = lines.take(); !line.equals(FuzzWorker.READY); line = lines.take()) {
                if (line.equals(END)) throw new IOException("the worker did not start: " + errors);
            }
        }

        private void read(final InputStream in, final Consumer<String> take) {
            final Thread thread = new Thread(() -> {
                try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) take.accept(line);
                }
                catch (final IOException e) {
                    errors.append(e);
                }
                take.accept(END);
            });
            thread.setDaemon(true);
            thread.start();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        /** @return kind, file and way, outcome, words */
        String[] run(final int number) throws IOException, InterruptedException {
            errors.setLength(0);
            numbers.write(number + "\n");
            numbers.flush();
            final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
            while (true) {
                final String line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) {
                    process.destroyForcibly().waitFor();
                    return new String[] {kind(number), "?", "hang", "over " + HANG_SECONDS + " s"};
                }
                if (line.equals(END)) return new String[] {kind(number), "?", "abort", "code " + process.waitFor() + ", " + tail()};
                if (line.startsWith(FuzzWorker.RESULT)) return result(line.split("\t", 6));
            }
        }

        private String[] result(final String[] fields) {
            final boolean trace = errors.toString().matches("(?s).*(\n\\s+at |Exception in thread|panicked at).*");
            return new String[] {fields[2], fields[3], trace && SOUND.contains(fields[4]) ? "stack trace" : fields[4],
                trace ? tail() : fields.length > 5 ? fields[5] : ""};
        }

        private String tail() {
            final String said = errors.toString().replaceAll("\\s+", " ");
            return said.length() > 1500 ? said.substring(0, 1500) : said;
        }

        private String kind(final int number) {
            return new String[] {"model", "tokenizer", "configuration", "image"}[number % 4];
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
