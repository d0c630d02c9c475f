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
package net.diffusionj.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A second JVM with the class path of the tests, for what would end this one. Closing it kills it as {@code kill -9} does. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final StringBuilder said = new StringBuilder();

    private ChildJvm(final Process process) {
        this.process = process;
    }

    /**
     * @param main a class with a main method
     * @param javaOptions such as -Xmx200m
     * @param arguments for the main method
     * @return the running child
     */
    public static ChildJvm start(final Class<?> main, final List<String> javaOptions, final String... arguments) {
        return startUnder(List.of(), main, javaOptions, arguments);
    }

    /**
     * @param launcher a program with its arguments that starts the JVM, such as one that takes rights away
     * @param main a class with a main method
     * @param javaOptions such as -Xmx200m
     * @param arguments for the main method
     * @return the running child
     */
    public static ChildJvm startUnder(final List<String> launcher, final Class<?> main, final List<String> javaOptions, final String... arguments) {
        final List<String> command = new ArrayList<>(launcher);
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // One arena of glibc for all threads, so that address space grows by what is asked for.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        try {
            return new ChildJvm(builder.start());
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever runs the tests may have put them into a class loader of its own. */
    private static String classPath() {
        if (!(ChildJvm.class.getClassLoader() instanceof final URLClassLoader loader)) return System.getProperty("java.class.path");
        return Arrays.stream(loader.getURLs()).map(url -> Path.of(URI.create(url.toString())).toString()).collect(Collectors.joining(File.pathSeparator));
    }

    /** Reads until a line begins so. @param start of the line
     *  @return whether it came before the child ended */
    public boolean waitForLine(final String start) {
        try {
            final InputStream in = process.getInputStream();
            int lineStart = said.length();
            for (int b = in.read(); b >= 0; b = in.read()) {
                said.append((char) b);
                if (b != '\n') continue;
                if (said.substring(lineStart).startsWith(start)) return true;
                lineStart = said.length();
            }
            return false;
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the exit status */
    public int waitForEnd() {
        try {
            said.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            if (!process.waitFor(1, TimeUnit.MINUTES)) throw new IllegalStateException("the child did not end: " + said);
            return process.exitValue();
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @return what the child wrote so far */
    public String output() {
        return said.toString();
    }

    /** @return the child's process number */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        kill();
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
