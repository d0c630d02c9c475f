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
package net.diffusionj.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** When {@code scripts/diffusionj} builds, and with which options: the real script, with stand-ins for Maven and Java. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ScriptBuildTest {

    /** Notes the options that it is called with, and leaves behind what the script looks for. */
    private static final String MAVEN = """
        echo "$*" | sed -E 's/.*-Dlicense.skipCheckLicense ?(.*)package/\\1/; s/ $//' >>"$PROJECT/builds"
        [ ! -e "$PROJECT/broken" ] || exit 1
        mkdir -p "$PROJECT/target/imagej-launch"
        touch "$PROJECT/target/DiffusionJ_-0.jar" "$PROJECT/target/imagej-launch/runtime"
        """;

    @TempDir
    private Path project;

    @BeforeEach
    void makesAProject() throws IOException {
        for (final String name : List.of("scripts", "src/main", "models", "bin")) Files.createDirectories(project.resolve(name));
        Files.createFile(project.resolve("pom.xml"));
        for (final String name : List.of("diffusionj", "java-environment.sh")) Files.copy(Path.of("scripts", name), project.resolve("scripts").resolve(name));
        program("mvn", MAVEN);
        program("java", "");
    }

    private void program(final String name, final String lines) throws IOException {
        final Path file = Files.writeString(project.resolve("bin").resolve(name), "#!/usr/bin/env bash\n" + lines);
        assertEquals(true, file.toFile().setExecutable(true));
    }

    /** @param options of Maven; null leaves the variable out */
    private int run(final String options) throws IOException, InterruptedException {
        final ProcessBuilder script = new ProcessBuilder("bash", project.resolve("scripts/diffusionj").toString(), "info");
        script.redirectErrorStream(true).redirectOutput(project.resolve("said").toFile());
        script.environment().put("PROJECT", project.toString());
        script.environment().put("PATH", project.resolve("bin") + ":" + System.getenv("PATH"));
        for (final String name : List.of("JAVA_HOME", "DIFFUSIONJ_JAVA_OPTIONS", "DIFFUSIONJ_MAVEN_OPTIONS")) script.environment().remove(name);
        if (options != null) script.environment().put("DIFFUSIONJ_MAVEN_OPTIONS", options);
        return script.start().waitFor();
    }

    private void assertBuilds(final String... options) throws IOException {
        assertEquals(List.of(options), Files.readAllLines(project.resolve("builds"), StandardCharsets.UTF_8), () -> "the script said: " + said());
    }

    private String said() {
        try {
            return Files.readString(project.resolve("said"));
        }
        catch (final IOException e) {
            return e.toString();
        }
    }

    @Test
    void otherOptionsBuildAgainAndTheSameOnesDoNot() throws Exception {
        assertEquals(0, run(null));
        assertEquals(0, run(null));
        assertBuilds("");
        assertEquals(0, run("-Pgpu"));
        assertEquals(0, run("-Pgpu"));
        assertBuilds("", "-Pgpu");
        assertEquals(0, run("-Pcpu -o"));
        assertBuilds("", "-Pgpu", "-Pcpu -o");
    }

    @Test
    void optionsHoldUntilOthersAreGiven() throws Exception {
        assertEquals(0, run("-Pcpu"));
        assertEquals(0, run(null));
        assertBuilds("-Pcpu");
        Files.delete(project.resolve("target/launch/classpath"));
        assertEquals(0, run(null));
        assertBuilds("-Pcpu", "-Pcpu");
        assertEquals(0, run(""));
        assertBuilds("-Pcpu", "-Pcpu", "");
    }

    @Test
    void optionsOfABuildThatFailedAreForgotten() throws Exception {
        assertEquals(0, run("-Pcpu"));
        Files.createFile(project.resolve("broken"));
        assertEquals(1, run("-Pgpu"));
        Files.delete(project.resolve("broken"));
        assertEquals(0, run(null));
        assertBuilds("-Pcpu", "-Pgpu");
    }
}
