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
package net.diffusionj.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;

import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFolder;
import net.diffusionj.home.FileStamps;
import net.diffusionj.home.FileTree;
import net.diffusionj.home.Links;
import net.diffusionj.home.ProcessLock;
import net.diffusionj.model.ModelFolder;

/**
 * What a tuning keeps on the disk until its model is installed: {@code <home>/tuning/NAME} with the model that it began from (under second names, so that it
 * outlives its removal), the material and the state. Not thread-safe.
 */
final class RunFolder {

    private static final String FOLDER = "tuning";
    private static final String ORIGIN = "origin.txt";
    private static final long SMALL_BYTES = 1 << 20;
    /** Of the model folder as it lies there, not of what comes out. */
    private static final Set<String> LEFT_OUT = Set.of("checksums.sha256", ".unpacked", "README.md", "tuning.json");

    private final Path folder;

    /**
     * @param home the DiffusionJ home
     * @param name of the model
     */
    RunFolder(final Path home, final String name) {
        this.folder = home.resolve(FOLDER).resolve(name);
    }

    /** @return whether a tuning of this name was begun and not finished */
    boolean exists() {
        return Files.isDirectory(folder);
    }

    Path base() {
        return folder.resolve("base");
    }

    /** @return a model as the tuning has it now, to draw with */
    Path preview() {
        return folder.resolve("preview");
    }

    Path material() {
        return folder.resolve("material.bin");
    }

    Path state() {
        return folder.resolve("state.bin");
    }

    /**
     * Keeps others from tuning meanwhile: two tunings would only take each other's processor and memory.
     *
     * @param home the DiffusionJ home
     * @return the lock
     * @throws InvalidInputException if somebody tunes already, or nothing can be written there
     */
    static ProcessLock lock(final Path home) {
        try {
            final Path all = Files.createDirectories(home.resolve(FOLDER));
            return ProcessLock.tryTake(all.resolve(".lock")).orElseThrow(() -> new InvalidInputException(
                "Another tuning is running in " + home + ". Wait until it has ended, or cancel it."));
        }
        catch (final IOException e) {
            throw unwritable(home.resolve(FOLDER), e);
        }
    }

    /**
     * Which model a tuning began from.
     *
     * @param name of the model
     * @param hash of its files
     */
    record Origin(String name, String hash) {}

    /** @return what {@link #begin} was told */
    Origin origin() {
        try {
            final List<String> lines = Files.readAllLines(folder.resolve(ORIGIN));
            return new Origin(lines.get(1), lines.get(0));
        }
        catch (final IOException | IndexOutOfBoundsException e) {
            throw new InvalidInputException("The unfinished tuning in " + folder + " is damaged: " + ORIGIN + " cannot be read. Remove it and begin anew.", e);
        }
    }

    /**
     * Makes the folder.
     *
     * @param model where the tuning begins
     * @param origin of the model, for the card
     */
    void begin(final ModelFolder model, final Origin origin) {
        try {
            Files.createDirectories(folder);
            if (Files.isDirectory(base())) return;
            Files.write(folder.resolve(ORIGIN), List.of(origin.hash(), origin.name()));
            try (AtomicFolder aside = AtomicFolder.begin(base())) {
                copy(model.root(), aside.part());
                aside.commit();
            }
        }
        catch (final IOException e) {
            throw unwritable(folder, e);
        }
    }

    /**
     * Copies a model: large files by a second name, small ones, which people edit, for real.
     *
     * @param model a model's folder
     * @param target an existing folder
     * @throws IOException if that fails
     */
    static void copy(final Path model, final Path target) throws IOException {
        for (final FileStamps.Stamp stamp : FileStamps.of(model).files()) {
            final Path file = stamp.path();
            if (LEFT_OUT.contains(file.getFileName().toString())) continue;
            final Path copy = target.resolve(model.toAbsolutePath().normalize().relativize(file).toString());
            if (stamp.bytes() > SMALL_BYTES) Links.link(file, copy);
            else {
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /**
     * @param needed bytes
     * @throws InvalidInputException if the disk has less room
     */
    void checkRoom(final long needed) {
        try {
            final long free = Files.getFileStore(Files.isDirectory(folder) ? folder : folder.getParent()).getUsableSpace();
            if (free < needed) {
                throw new InvalidInputException("A tuning needs " + needed / 1_000_000 + " MB in " + folder + ", and " + free / 1_000_000
                    + " MB are free. Free some space, or choose another home with -Ddiffusionj.home=FOLDER.");
            }
        }
        catch (final IOException e) {
            throw unwritable(folder, e);
        }
    }

    void delete() {
        FileTree.deleteIfPossible(folder);
    }

    /**
     * Takes an unfinished tuning away.
     *
     * @param home the DiffusionJ home
     * @param name of its model
     * @param first is done before; if it fails, the tuning stays
     * @return whether there was one
     * @throws InvalidInputException if it is running
     */
    static boolean remove(final Path home, final String name, final Runnable first) {
        final RunFolder run = new RunFolder(home, name);
        if (!run.exists()) {
            first.run();
            return false;
        }
        final ProcessLock lock = lock(home);
        try {
            first.run();
            run.delete();
        }
        finally {
            release(lock);
        }
        return true;
    }

    static void release(final ProcessLock lock) {
        try {
            lock.close();
        }
        catch (final IOException e) {
            throw new InvalidInputException("The lock of the tunings cannot be given back: " + e.getMessage() + ".", e);
        }
    }

    static InvalidInputException unwritable(final Path place, final IOException cause) {
        return new InvalidInputException("The tuning cannot be kept in " + place + ": " + cause.getMessage()
            + ". Free some space, allow writing there, or choose another home with -Ddiffusionj.home=FOLDER.", cause);
    }
}
