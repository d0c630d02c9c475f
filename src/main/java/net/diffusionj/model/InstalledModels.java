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
package net.diffusionj.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;
import net.diffusionj.PathNames;
import net.diffusionj.home.FileTree;
import net.diffusionj.home.ProcessLock;

/**
 * The models under {@code <home>/models}, by name, and what a {@code --model} option means. Reads the folder anew at every call; thread-safe. Installs nothing;
 * takes away what it is told to, unless a program works with it.
 */
public final class InstalledModels {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,79}(?<![ .])|[\\p{L}\\p{N}]");

    /** The model that an empty name means. */
    public static final String DEFAULT_NAME = "MicroDiff";

    private final Path models;
    private final BundledModel bundled;
    private final ModelUses uses;

    /** The time of one piece of work with a model. */
    @FunctionalInterface
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /** @param home the DiffusionJ home; it need not exist */
    public InstalledModels(final Path home) {
        this(home, new BundledModel(DEFAULT_NAME, InstalledModels.class.getClassLoader()));
    }

    InstalledModels(final Path home, final BundledModel bundled) {
        models = home.resolve("models");
        this.bundled = bundled;
        uses = new ModelUses(models);
    }

    /** @return the folder that models are looked for in */
    public Path folder() {
        return models;
    }

    /** @return names of the models there, and of the one that the jar carries, in alphabetical order */
    public List<String> names() {
        final Set<String> names = new TreeSet<>();
        if (bundled.isCarried()) names.add(DEFAULT_NAME);
        if (Files.isDirectory(models)) ModelFolder.modelsIn(models).forEach(path -> names.add(path.getFileName().toString()));
        return List.copyOf(names);
    }

    /**
     * Finds the folder that a name or path means: an installed model of that name, else a folder of that path.
     *
     * @param nameOrFolder a name without separators, a path, or empty for the default model
     * @return an existing path; {@link ModelFolder#open(Path)} tells whether it is a model
     * @throws InvalidInputException if there is neither
     */
    public Path resolve(final String nameOrFolder) {
        final String text = nameOrFolder.strip();
        if (text.isEmpty() || text.equals(DEFAULT_NAME) && bundled.isCarried()) return defaultModel();
        final Path given;
        try {
            given = Path.of(text);
        }
        catch (final InvalidPathException e) {
            throw new InvalidInputException("\"" + text + "\" is not the name of an installed model. " + PathNames.refused(e).getMessage() + ' ' + advice(), e);
        }
        final boolean plainName = !given.isAbsolute() && given.getNameCount() == 1 && !given.toString().startsWith(".");
        final Path installed = models.resolve(given);
        if (plainName && (ModelFolder.looksLikeOne(installed) || HubCache.isDownload(installed))) return HubCache.orSnapshot(installed);
        if (Files.exists(given)) return HubCache.orSnapshot(given.toAbsolutePath().normalize());
        if (plainName) throw new InvalidInputException("There is no model \"" + text + "\" in " + models + " and no folder of that name here. " + advice());
        throw new InvalidInputException("There is no folder " + given.toAbsolutePath().normalize() + ". " + advice());
    }

    /**
     * Finds and describes a model.
     *
     * @param nameOrFolder as in {@link #resolve(String)}
     * @return its description
     * @throws InvalidInputException if there is none, or it cannot be used
     */
    public ModelFolder open(final String nameOrFolder) {
        return ModelFolder.open(resolve(nameOrFolder));
    }

    /**
     * Checks a name for a model that is to be installed.
     *
     * @param name as the user gives it
     * @return its folder, which does not exist
     * @throws InvalidInputException if no model can have the name, or one has it
     */
    public Path place(final String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidInputException(
                "\"" + name + "\" cannot be the name of a model. Use letters, digits, spaces, dots, hyphens and underscores, beginning"
                    + " with a letter or digit, at most 80 of them.");
        }
        if (names().stream().anyMatch(name::equalsIgnoreCase) || Files.exists(models.resolve(name))) {
            throw new InvalidInputException("There is a model " + name + " already, in " + models + ". Choose another name, or remove that one first.");
        }
        return models.resolve(name);
    }

    /**
     * Keeps other programs from taking a model away for a while.
     *
     * @param root folder of a model, installed or not
     * @return to be closed when the work with the model is done
     */
    public Use use(final Path root) {
        return uses.begin(root);
    }

    /**
     * Takes an installed model away.
     *
     * @param name one of {@link #names()} but the one that the jar carries
     * @throws InvalidInputException if there is no such model, it comes with DiffusionJ, somebody works with it, or it cannot be deleted
     */
    public void remove(final String name) {
        if (name.equals(DEFAULT_NAME) && bundled.isCarried()) {
            throw new InvalidInputException(name + " comes with DiffusionJ and stays. Only models that were added can be removed.");
        }
        if (!names().contains(name)) throw new InvalidInputException("There is no model \"" + name + "\" in " + models + ". " + advice());
        try {
            final ProcessLock alone = ProcessLock.tryTake(uses.file(name)).orElseThrow(() -> new InvalidInputException("The model " + name
                + " is in use, here or in another program. Wait until that work has ended."));
            try (alone) {
                removeUnused(name);
            }
            Files.deleteIfExists(uses.file(name));
        }
        catch (final IOException e) {
            throw new InvalidInputException("The model " + name + " cannot be removed from " + models + ": " + e.getMessage()
                + ". Close the programs that use it, and check that you may write there.", e);
        }
    }

    private void removeUnused(final String name) throws IOException {
        // Aside first: a model is there as a whole or not at all.
        final Path aside = models.resolve("." + name + "-removed" + Long.toHexString(System.nanoTime()));
        Files.move(models.resolve(name), aside, StandardCopyOption.ATOMIC_MOVE);
        FileTree.deleteIfPossible(aside);
    }

    private Path defaultModel() {
        if (bundled.isCarried()) return bundled.unpack(models);
        final Path folder = models.resolve(DEFAULT_NAME);
        if (ModelFolder.looksLikeOne(folder)) return folder;
        throw new InvalidInputException("No model was given and the default one, " + DEFAULT_NAME + ", is not installed in " + models + ". "
            + advice());
    }

    private String advice() {
        final List<String> names = names();
        final String installed = names.isEmpty() ? "No model is installed." : "Installed: "
            + names.stream().collect(Collectors.joining(", ")) + ".";
        return installed + " Name an installed model, or the folder of a Stable Diffusion model in ONNX form.";
    }
}
