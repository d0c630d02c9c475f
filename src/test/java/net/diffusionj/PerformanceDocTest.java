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
package net.diffusionj;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.testing.Folders;

/** What docs/performance.md shows was measured with the model that comes with DiffusionJ, or is not shown: {@code python3 -m scripts.performance} makes it anew. */
class PerformanceDocTest {

    private static final Pattern SECTION = Pattern.compile("<!-- (\\w+): written by scripts/performance -->\\n(.*?)<!-- end of \\1 -->", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("Made on \\S+ on \\d+ processors \\(.*\\) with MicroDiff ([0-9a-f]{64}), guidance (\\S+)\\.");

    private static final String EMPTY = "Not measured with the bundled model of today.";

    @Test
    void noSectionIsOlderThanTheModel() throws IOException {
        final List<MatchResult> sections =
            SECTION.matcher(Files.readString(Folders.REPOSITORY.resolve("docs/performance.md"))).results().toList();
        assertEquals(List.of("model", "callers", "augment", "quality", "int8", "large", "peers", "soak"),
            sections.stream().map(section -> section.group(1)).toList());
        final String model = Folders.REPOSITORY.resolve("models/MicroDiff").toString();
        try (DiffusionEngine engine = new DiffusionEngine(Folders.HOME)) {
            final String now = engine.modelHash(model) + ", guidance " + engine.defaults(model).guidance();
            for (final MatchResult section : sections) {
                final String name = section.group(1);
                final List<String> made = HEADING.matcher(section.group(2)).results().map(found -> found.group(1) + ", guidance " + found.group(2)).toList();
                final boolean empty = section.group(2).strip().equals(EMPTY);
                if (!empty && !name.equals("large")) {
                    assertEquals(List.of(now), made,
                        "section " + name + " of docs/performance.md is of another model: python -m scripts.performance makes it anew");
                }
            }
        }
    }
}
