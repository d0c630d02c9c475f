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
package net.diffusionj.testing;

import java.nio.file.Path;

/** Where the tests find what they read, and where they may write. */
public final class Folders {

    /** The project's folder, absolute. */
    public static final Path REPOSITORY = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();

    /** The product's sources, relative to the project's folder. */
    public static final Path SOURCES = Path.of("src", "main", "java");

    /** The recorded files, in folders named like the packages that read them. Relative, as a user in the project's folder writes them. */
    public static final Path RESOURCES = Path.of("src", "test", "resources", "net", "diffusionj");

    /** A DiffusionJ home, absolute, that the tests share, since filling one with native libraries takes a while. */
    public static final Path HOME = target("test-home");

    private Folders() {}

    /** @param name of a folder of the build, such as {@code linked-models}
     *  @return the absolute folder, which need not exist */
    public static Path target(final String name) {
        return REPOSITORY.resolve("target").resolve(name);
    }
}
