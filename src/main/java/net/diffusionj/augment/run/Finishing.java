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
package net.diffusionj.augment.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import net.diffusionj.CancelToken;
import net.diffusionj.augment.manifest.ManifestRow;

/** What is made of a folder when its outputs are complete. */
public interface Finishing {

    /** @return what it does, for the record: a finished folder is finished again if this differs */
    Map<String, String> settings();

    /**
     * What only the whole set tells.
     *
     * @param rows the rows, with splits and the like
     * @param measured of all together, by name, for the record and the report
     */
    record Completed(List<ManifestRow> rows, Map<String, String> measured) {}

    /** @param folder holds the files
     *  @param rows of the manifest
     *  @param cancel stops the work; all of it is done at the next run
     *  @return the same rows, completed */
    Completed complete(Path folder, List<ManifestRow> rows, CancelToken cancel);

    /** @param folder with all outputs and its manifest: gets layouts and a report
     *  @param rows of the manifest, complete
     *  @param cancel stops the work; what is unfinished then is made at the next run */
    void after(Path folder, List<ManifestRow> rows, CancelToken cancel);
}
