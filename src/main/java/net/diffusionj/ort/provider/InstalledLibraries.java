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
package net.diffusionj.ort.provider;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks where the system's loader looks, and where installers put things, for what a message says is missing. Loads nothing. Immutable. */
final class InstalledLibraries {

    private static final Logger LOG = System.getLogger(InstalledLibraries.class.getName());
    private static final Pattern DRIVER = Pattern.compile("Kernel Module\\s+(?:for \\S+\\s+)?(\\d+(?:\\.\\d+)+)");

    private final List<Path> folders;
    private final Path driverVersionFile;

    InstalledLibraries(final List<Path> folders, final Path driverVersionFile) {
        this.folders = List.copyOf(folders);
        this.driverVersionFile = driverVersionFile;
    }

    /** @return what this machine has */
    static InstalledLibraries ofThisMachine() {
        final Set<Path> folders = new LinkedHashSet<>();
        final boolean windows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");
        split(Objects.requireNonNullElse(System.getenv(windows ? "PATH" : "LD_LIBRARY_PATH"), ""), folders);
        if (!windows) {
            for (final String folder : List.of("/usr/local/cuda/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib",
                "/usr/lib/wsl/lib")) {
                folders.add(Path.of(folder));
            }
            glob(Path.of("/usr/local"), "cuda-*").forEach(cuda -> folders.add(cuda.resolve("lib64")));
        }
        return new InstalledLibraries(List.copyOf(folders), Path.of("/proc/driver/nvidia/version"));
    }

    private static void split(final String path, final Set<Path> folders) {
        for (final String entry : path.split(Pattern.quote(File.pathSeparator))) {
            if (entry.isBlank()) continue;
            try {
                folders.add(Path.of(entry.trim()));
            }
            catch (final InvalidPathException e) {
                LOG.log(Level.DEBUG, "not a folder in the library path: " + entry, e);
            }
        }
    }

    /**
     * @param wanted a library with its version, such as libcudnn.so.9
     * @return the file of that name, or one of another version, if there is any
     */
    Optional<Path> similarTo(final String wanted) {
        final int version = wanted.indexOf(".so");
        final String stem = version < 0 ? wanted.replaceAll("(_?\\d+)?\\.dll$", "") : wanted.substring(0, version);
        final String pattern = version < 0 ? stem + "*.dll" : stem + ".so*";
        Optional<Path> other = Optional.empty();
        for (final Path folder : folders) {
            for (final Path file : glob(folder, pattern)) {
                if (file.getFileName().toString().equals(wanted)) return Optional.of(file);
                if (other.isEmpty()) other = Optional.of(file);
            }
        }
        return other;
    }

    /** @return the version of the NVIDIA driver, where the system reports it */
    Optional<String> nvidiaDriver() {
        if (!Files.isReadable(driverVersionFile)) return Optional.empty();
        try {
            final Matcher matcher = DRIVER.matcher(Files.readString(driverVersionFile));
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "no driver version", e);
            return Optional.empty();
        }
    }

    private static List<Path> glob(final Path folder, final String pattern) {
        if (!Files.isDirectory(folder)) return List.of();
        final Set<Path> found = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            files.forEach(found::add);
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "cannot list " + folder, e);
        }
        return List.copyOf(found);
    }
}
