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
package net.diffusionj.ort.runtime;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether it lies in the machine's set-up that a native library does not load: the temp folder, the mount, or the memory. Immutable. */
public final class MachineFault {

    private static final Logger LOG = System.getLogger(MachineFault.class.getName());
    private static final Pattern LIMIT = Pattern.compile("Max address space\\s+(\\d+)");
    private static final long MEGABYTE = 1_000_000;

    private final Path temporary;
    private final Path mounts;
    private final Path limits;

    MachineFault(final Path temporary, final Path mounts, final Path limits) {
        this.temporary = temporary;
        this.mounts = mounts;
        this.limits = limits;
    }

    /** @return looks at this machine */
    public static MachineFault ofThisMachine() {
        return new MachineFault(Path.of(System.getProperty("java.io.tmpdir", "")), Path.of("/proc/self/mounts"), Path.of("/proc/self/limits"));
    }

    /**
     * @param failure what loading threw
     * @param folder has the libraries
     * @return a sentence or two for the user; empty if the machine is not at fault
     */
    public Optional<String> of(final Throwable failure, final Path folder) {
        final String text = chain(failure).toLowerCase(Locale.ROOT);
        if (!Files.isDirectory(temporary) || !Files.isWritable(temporary)) {
            return Optional.of("The temp folder " + temporary + ", which native libraries need while they load, is missing or cannot be written. Make it, or"
                + " name another with -Djava.io.tmpdir=FOLDER.");
        }
        if (text.contains("no space left")) {
            return Optional.of("The disk of the temp folder " + temporary + " is full. Free some space, or name another folder with -Djava.io.tmpdir=FOLDER.");
        }
        if (!text.contains("failed to map segment") && !text.contains("cannot allocate memory") && !text.contains("operation not permitted")) {
            return Optional.empty();
        }
        if (isNoExec(folder)) {
            return Optional.of("Native libraries cannot be loaded from " + folder + ": the disk is mounted noexec, so nothing on it may run. Choose a folder on"
                + " another disk with -Ddiffusionj.home=FOLDER.");
        }
        final String limit =
            limitBytes().map(bytes -> ": this program may have " + bytes / MEGABYTE + " MB of addresses (ulimit -v). Raise the limit, or give Java"
                + " less with -Xmx.").orElse(". Close other programs, or give Java less with -Xmx.");
        return Optional.of("There is too little memory to load the native libraries in " + folder + limit);
    }

    private static String chain(final Throwable failure) {
        final StringBuilder text = new StringBuilder();
        for (Throwable e = failure; e != null; e = e.getCause()) text.append(e).append('\n');
        return text.toString();
    }

    /** The mount with the longest path that leads to the folder is the folder's. */
    private boolean isNoExec(final Path folder) {
        Path deepest = Path.of("/");
        boolean noExec = false;
        for (final String line : lines(mounts)) {
            final String[] fields = line.split(" ");
            if (fields.length < 4) continue;
            final Path point = Path.of(fields[1].replace("\\040", " "));
            if (!folder.toAbsolutePath().startsWith(point) || point.getNameCount() < deepest.getNameCount()) continue;
            deepest = point;
            noExec = List.of(fields[3].split(",")).contains("noexec");
        }
        return noExec;
    }

    private Optional<Long> limitBytes() {
        return lines(limits).stream().map(LIMIT::matcher).filter(Matcher::find).map(found -> Long.valueOf(found.group(1))).findFirst();
    }

    /** Other systems than Linux have no such files. */
    private static List<String> lines(final Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "{0} cannot be read: {1}", file, e);
            return List.of();
        }
    }
}
