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
package net.diffusionj.service.settings;

/**
 * What is kept so that nothing is computed twice. A size of 0 switches a cache off.
 *
 * @param results whether results are kept on disk
 * @param resultsBytes most disk space that they take
 * @param models whether optimised models are kept on disk
 * @param modelsBytes most disk space that they take
 * @param embeddingsBytes most memory that text embeddings take
 */
public record CacheSettings(ResultCache results, long resultsBytes, boolean models, long modelsBytes, long embeddingsBytes) {

    /** Whether results are kept. */
    public enum ResultCache {
        /** For requests from the dialog, not for those from scripts, macros and the command line. */
        AUTO,
        /** Always. */
        ON,
        /** Never. */
        OFF
    }

    /** Checks the sizes. */
    public CacheSettings {
        if (resultsBytes < 0 || modelsBytes < 0 || embeddingsBytes < 0) throw new IllegalArgumentException("cache sizes should be 0 or more");
    }
}
