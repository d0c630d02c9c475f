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
package net.diffusionj.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.diffusionj.home.FileStamps;
import net.diffusionj.model.InstalledModels;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.tokenizer.ClipTokenizer;
import net.diffusionj.model.tokenizer.Tokenizer;
import net.diffusionj.scheduler.Scheduler;
import net.diffusionj.scheduler.Schedulers;
import net.diffusionj.scheduler.config.SchedulerName;

/**
 * Describes model folders and keeps their tokenizers open between runs. A tokenizer is small, so each stays open until {@link #close()}.
 * <p>
 * Thread-safe.
 * </p>
 */
final class OpenModels implements AutoCloseable {

    private final Path home;
    private final InstalledModels installed;
    private final Map<Path, Described> described = new HashMap<>();
    private final Map<Path, OpenTokenizer> tokenizers = new HashMap<>();
    private final List<Tokenizer> replaced = new ArrayList<>();
    private int uses;

    private record Described(FileStamps files, ModelFolder folder, Map<SchedulerName, Scheduler> schedulers) {}

    private record OpenTokenizer(FileStamps files, Tokenizer tokenizer) {}

    OpenModels(final Path home) {
        this.home = home;
        this.installed = new InstalledModels(home);
    }

    /**
     * Looks at the folder's files each time and reads them again if one has changed, so that a model that was replaced is seen.
     *
     * @param nameOrFolder name of an installed model, path of a folder, or empty for the default model
     * @return its description
     */
    ModelFolder describe(final String nameOrFolder) {
        final Path root = installed.resolve(nameOrFolder);
        if (!Files.isDirectory(root)) return ModelFolder.open(root);
        final FileStamps files = FileStamps.of(root);
        synchronized (this) {
            final Described before = described.get(root);
            if (before != null && before.files().equals(files)) return before.folder();
        }
        final ModelFolder folder = ModelFolder.open(root);
        synchronized (this) {
            described.put(root, new Described(files, folder, new HashMap<>()));
        }
        return folder;
    }

    /** @param folder a described model
     *  @param name which scheduler
     *  @return the scheduler, configured as the model says, but for what its name says
     *  @throws IllegalArgumentException naming the key of the configuration that cannot be used */
    synchronized Scheduler scheduler(final ModelFolder folder, final SchedulerName name) {
        final Described now = described.get(folder.root());
        if (now == null || now.folder() != folder) return Schedulers.create(name.kind(), name.settings(folder.schedulerConfig()));
        return now.schedulers().computeIfAbsent(name, n -> Schedulers.create(n.kind(), n.settings(folder.schedulerConfig())));
    }

    /** @param folder a described model
     *  @return its tokenizer if it is open and its files have not changed */
    synchronized Optional<Tokenizer> openTokenizer(final ModelFolder folder) {
        final OpenTokenizer before = tokenizers.get(folder.tokenizer());
        final Described now = described.get(folder.root());
        if (before == null || now == null || now.folder() != folder) return Optional.empty();
        // The model was looked at when it was described, a moment ago.
        return before.files().equals(now.files().under(folder.tokenizer())) ? Optional.of(before.tokenizer()) : Optional.empty();
    }

    /** The time of one run, in which no tokenizer is closed. */
    @FunctionalInterface
    interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /** @return to be closed by a run when it needs tokenizers no more */
    synchronized Use use() {
        uses++;
        return this::endUse;
    }

    private synchronized void endUse() {
        if (--uses > 0) return;
        replaced.forEach(Tokenizer::close);
        replaced.clear();
    }

    /** Called in the time of a {@link #use}. The tokenizer of a model that was replaced is closed when no run is left that may work with it.
     *  @param folder a described model
     *  @return its tokenizer, which stays this object's */
    synchronized Tokenizer tokenizer(final ModelFolder folder) {
        final FileStamps files = FileStamps.of(folder.tokenizer());
        final OpenTokenizer before = tokenizers.get(folder.tokenizer());
        if (before != null && before.files().equals(files)) return before.tokenizer();
        if (before != null) {
            tokenizers.remove(folder.tokenizer());
            replaced.add(before.tokenizer());
        }
        final Tokenizer tokenizer = ClipTokenizer.open(folder.tokenizer(), folder.textLength(), folder.textRows(), home);
        tokenizers.put(folder.tokenizer(), new OpenTokenizer(files, tokenizer));
        return tokenizer;
    }

    InstalledModels installed() {
        return installed;
    }

    @Override
    public synchronized void close() {
        tokenizers.values().forEach(open -> open.tokenizer().close());
        tokenizers.clear();
        replaced.forEach(Tokenizer::close);
        replaced.clear();
    }
}
