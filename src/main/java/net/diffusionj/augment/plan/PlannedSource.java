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
package net.diffusionj.augment.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One image to augment, described; its pixels stay in the file. Immutable.
 *
 * @param name of its outputs, without number and ending: the file's name, with the page where the file has several
 * @param file holds it
 * @param page which image of the file, from 1
 * @param sha256 of the file
 * @param labels the file with its labels; empty for none
 * @param labelsSha256 of that file; empty for none
 * @param className its class; empty for none
 * @param group what a split must not tear apart
 * @param widthPx width in pixels
 * @param heightPx height in pixels
 * @param bytes of its pixels, all channels
 */
public record PlannedSource(String name, Path file, int page, String sha256, Optional<Path> labels, String labelsSha256, String className, String group,
    int widthPx, int heightPx, long bytes) {

    /** @return for messages: the file, and the page unless it is the first */
    public String shown() {
        return page == 1 ? file.getFileName().toString() : file.getFileName() + ", page " + page;
    }

    /** @param newClass class, empty for none
     *  @param newGroup what a split must not tear apart
     *  @return the same image, classified */
    PlannedSource with(final String newClass, final String newGroup) {
        return new PlannedSource(name, file, page, sha256, labels, labelsSha256, newClass, newGroup, widthPx, heightPx, bytes);
    }
}
