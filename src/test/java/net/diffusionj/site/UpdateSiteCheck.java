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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import ij.IJ;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** The laid-out update sites: complete, nothing twice, and good enough for a plain ImageJ. Run by {@code mvn -Pupdate-site verify}. */
class UpdateSiteCheck {

    private static final Path SITES = Folders.target("update-site");
    /** What Fiji ships of our dependencies; the pom leaves it out. */
    private static final Pattern SHIPPED = Pattern.compile(
        "(scijava-common|parsington|imglib2|gson|protobuf-java|jna|slf4j-api|commons-codec|commons-compress|commons-io|commons-lang3|commons-math3|jfreechart)-\\d.*\\.jar");

    private static Set<String> files(final Path folder) throws IOException {
        final Set<String> names = new TreeSet<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.filter(Files::isRegularFile).forEach(file -> names.add(folder.relativize(file).toString().replace('\\', '/')
                .replaceAll("-\\d[^/]*\\.jar$", ".jar")));
        }
        return names;
    }

    @Test
    void everybodysSiteHasThePluginItsLibrariesAndTheMacros() throws IOException {
        assertEquals(Set.of("jars/DiffusionJ_.jar", "jars/onnxruntime.jar", "jars/tokenizers.jar", "jars/djl-api.jar",
            "jars/tribuo-util-onnx.jar", "jars/fastcsv.jar", "jars/xmpcore.jar", "jars/commons-rng-sampling.jar", "jars/commons-rng-client-api.jar",
            "jars/VectorGraphics2D.jar",
            "macros/DiffusionJ/Text_to_Image.ijm", "macros/DiffusionJ/Strength_Sweep.ijm", "macros/DiffusionJ/Prompt_Grid.ijm",
            "macros/DiffusionJ/Augment_Folder.ijm", "macros/DiffusionJ/Quality_Report.ijm", "macros/DiffusionJ/Tune_On_My_Images.ijm"),
            files(SITES.resolve("DiffusionJ")));
    }

    @Test
    void theCudaSiteHasNativeLibrariesAloneInThePlatformFolders() throws IOException {
        final Path site = SITES.resolve("DiffusionJ-CUDA");
        assertEquals(Set.of("jars/linux64/onnxruntime-cuda-natives.jar", "jars/win64/onnxruntime-cuda-natives.jar"), files(site));
        for (final Path jar : jars(site)) {
            try (JarFile content = new JarFile(jar.toFile())) {
                assertTrue(content.stream().noneMatch(entry -> entry.getName().endsWith(".class")), jar.toString());
                assertTrue(content.stream().anyMatch(entry -> entry.getName().contains("providers_cuda")), jar.toString());
            }
        }
    }

    @Test
    void noClassIsThereTwiceOrAlreadyInImageJ() throws IOException {
        final Map<String, Path> owners = new HashMap<>();
        final Stream<Path> everything = Stream.concat(jars(SITES).stream(), classPath("imagej-launch/runtime").stream().filter(jar -> SHIPPED.matcher(
            jar.getFileName().toString()).matches() || jar.getFileName().toString().matches("ij-\\d.*")));
        for (final Path jar : everything.toList()) {
            try (JarFile content = new JarFile(jar.toFile())) {
                content.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class") && !name.endsWith("-info.class")
                    && !name.startsWith("META-INF/")).forEach(name -> {
                        final Path other = owners.put(name, jar);
                        assertTrue(other == null, name + " is in " + other + " and in " + jar);
                    });
            }
        }
        assertFalse(owners.isEmpty());
    }

    private static List<Path> jars(final Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static List<Path> classPath(final String list) throws IOException {
        return Stream.of(Files.readString(Folders.target(list)).trim().split(System.getProperty("path.separator"))).map(Path::of)
            .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @EnabledOnOs(OS.LINUX)
    void aPlainImageJInstalledFromTheSitesRunsAMacro(final boolean withCuda, @TempDir final Path folder) throws IOException, InterruptedException {
        final Path libraries = Files.createDirectories(folder.resolve("ImageJ/plugins/jars"));
        for (final Path jar : jars(SITES.resolve("DiffusionJ/jars"))) {
            // Fiji looks for commands everywhere, plain ImageJ for menus in plugins/.
            final boolean plugin = jar.getFileName().toString().startsWith("DiffusionJ_");
            Files.copy(jar, plugin ? libraries.resolveSibling(jar.getFileName()) : libraries.resolve(jar.getFileName()));
        }
        for (final Path jar : classPath("imagej-launch/runtime")) {
            if (SHIPPED.matcher(jar.getFileName().toString()).matches()) Files.copy(jar, libraries.resolve(jar.getFileName()));
        }
        if (withCuda) {
            final Path platform = SITES.resolve("DiffusionJ-CUDA/jars").resolve("linux64");
            for (final Path jar : jars(platform)) Files.createSymbolicLink(libraries.resolve(jar.getFileName()), jar);
        }
        final String imagej = String.join(System.getProperty("path.separator"), classPath("imagej-launch/test").stream().map(Path::toString)
            .filter(jar -> jar.matches(".*/(ij|ij1-patcher|javassist|classgraph)-\\d[^/]*\\.jar")).toList());
        final Path output = folder.resolve("made.tif");
        final Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Djava.awt.headless=true",
            "--add-opens=java.base/java.lang=ALL-UNNAMED", "-Dplugins.dir=" + folder.resolve("ImageJ"), "-Ddiffusionj.home=" + folder.resolve("home"),
            "-Duser.home=" + folder, "-cp", imagej, Folders.REPOSITORY.resolve("scripts/HeadlessImageJ.java").toString(), "-macro",
            SITES.resolve("DiffusionJ/macros/DiffusionJ/Text_to_Image.ijm").toString(), "prompt=[a cell] steps=2 model=["
                + Models.of("sd1").toAbsolutePath() + "] output=[" + output + "]")
            .redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        assertEquals(64, IJ.openImage(output.toString()).getWidth());
        try (Stream<Path> natives = Files.list(folder.resolve("home/native"))) {
            assertEquals(withCuda, natives.anyMatch(unpacked -> unpacked.getFileName().toString().contains("-gpu")), said);
        }
    }
}
