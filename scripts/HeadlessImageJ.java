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
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import ij.Macro;
import ij.Prefs;
import ij.macro.Interpreter;
import ij.plugin.Macro_Runner;
import net.imagej.patcher.LegacyInjector;

/**
 * Runs a macro in ImageJ 1.54 without a screen. ImageJ builds menus and windows whatever it is told, so its classes are patched before the first of
 * them is loaded; all else is ImageJ as users have it, with plugins from the plugins folder.
 */
final class HeadlessImageJ {

    private HeadlessImageJ() { }

    /** @param args {@code -macro FILE [ARGUMENT]} */
    public static void main(final String[] args) {
        if (args.length < 2 || !args[0].equals("-macro")) {
            System.err.println("Usage: scripts/imagej --headless -macro FILE [ARGUMENT]");
            System.exit(2);
        }
        LegacyInjector.preinit();
        Thread.currentThread().setContextClassLoader(pluginLoader(Path.of(System.getProperty("plugins.dir", ".")).resolve("plugins")));
        System.exit(Patched.run(args[1], args.length > 2 ? args[2] : ""));
    }

    /** A patched ImageJ looks for plugins where the thread does, instead of making this loader itself. */
    private static ClassLoader pluginLoader(final Path plugins) {
        final List<URL> jars = Stream.of(plugins, plugins.resolve("jars")).flatMap(HeadlessImageJ::jarsIn).toList();
        return new URLClassLoader(jars.toArray(URL[]::new), HeadlessImageJ.class.getClassLoader());
    }

    private static Stream<URL> jarsIn(final Path folder) {
        if (!Files.isDirectory(folder)) return Stream.empty();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().map(HeadlessImageJ::url).toList().stream();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(final Path file) {
        try {
            return file.toUri().toURL();
        } catch (final MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Apart, because loading it loads ImageJ. */
    private static final class Patched {

        static int run(final String macro, final String argument) {
            Prefs.load(null, null);
            final File file = new File(macro).getAbsoluteFile();
            if (!file.isFile()) {
                System.err.println("There is no macro " + macro + ".");
                return 2;
            }
            Macro_Runner.setFilePath(file.getPath());
            final Interpreter interpreter = new Interpreter();
            try {
                interpreter.run(Files.readString(file.toPath()), argument);
            } catch (final IOException e) {
                System.err.println("The macro " + macro + " cannot be read as UTF-8 text: " + e.getMessage());
                return 2;
            } catch (final RuntimeException e) {
                if (!Macro.MACRO_CANCELED.equals(e.getMessage())) e.printStackTrace();
                return 1;
            }
            return interpreter.wasError() ? 1 : 0;
        }
    }
}
