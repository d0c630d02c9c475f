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
package net.diffusionj.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import net.diffusionj.testing.Folders;

/** THIRD-PARTY.txt names every library that DiffusionJ runs with, in its version, and no other. */
class ThirdPartyIT {

    /** What the file says of a library: {@code (group:artifact:version - address)}. */
    private static final Pattern LISTED = Pattern.compile("\\([\\w.-]+:([\\w.-]+):([\\w.-]+) - ");

    @Test
    void theListIsTheRuntimeClassPath() throws IOException {
        final Set<String> listed = new TreeSet<>();
        final Matcher matcher = LISTED.matcher(Files.readString(Folders.REPOSITORY.resolve("THIRD-PARTY.txt")));
        while (matcher.find()) listed.add(matcher.group(1) + '-' + matcher.group(2) + ".jar");
        final Set<String> used = new TreeSet<>();
        for (final String jar : Files.readString(Folders.target("imagej-launch").resolve("runtime")).trim().split(System.getProperty("path.separator"))) {
            // The GPU build and the CPU build are one project under one licence.
            used.add(Path.of(jar).getFileName().toString().replace("onnxruntime_gpu-", "onnxruntime-"));
        }
        assertEquals(used, listed, "mvn -Pcpu license:add-third-party writes the list again");
    }
}
