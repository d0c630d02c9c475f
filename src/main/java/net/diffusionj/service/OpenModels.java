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

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import net.diffusionj.model.InstalledModels;
import net.diffusionj.model.ModelFolder;
import net.diffusionj.model.tokenizer.ClipTokenizer;
import net.diffusionj.model.tokenizer.Tokenizer;

/**
 * Describes model folders and keeps their tokenizers open between runs. A tokenizer is small, so each stays open until {@link #close()}.
 * <p>
 * Thread-safe.
 * </p>
 */
final class OpenModels implements AutoCloseable {

    private final Path home;
    private final InstalledModels installed;
    private final Map<Path, Tokenizer> tokenizers = new HashMap<>();

    OpenModels(final Path home) {
        this.home = home;
        this.installed = new InstalledModels(home);
    }

    /**
     * Reads the folder's small files each time, so that a model that was replaced is seen.
     *
     * @param nameOrFolder name of an installed model, path of a folder, or empty for the default model
     * @return its description
     */
    ModelFolder describe(final String nameOrFolder) {
        return installed.open(nameOrFolder);
    }

    /** @param folder a described model
     *  @return its tokenizer, which stays this object's */
    synchronized Tokenizer tokenizer(final ModelFolder folder) {
        return tokenizers.computeIfAbsent(folder.tokenizer(), path -> ClipTokenizer.open(path, folder.textLength(), home));
    }

    InstalledModels installed() {
        return installed;
    }

    @Override
    public synchronized void close() {
        tokenizers.values().forEach(Tokenizer::close);
        tokenizers.clear();
    }
}
