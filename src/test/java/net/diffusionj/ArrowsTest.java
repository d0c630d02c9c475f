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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.diffusionj.testing.Folders;

/** Holds the paragraph "Arrows that may exist" of the design over every main source: who may import whom, and which library lives where; long
 * because all arrows stand in one list. */
class ArrowsTest {

    private static final String ROOT = "net.diffusionj";

    /** Packages of the project that a package may name beside itself and the root. Skipping downwards is fine, so each list holds all below. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
        Map.entry("commands", Set.of("augment", "train", "service", "io", "image", "labels", "pipeline", "model", "scheduler", "ort", "home")),
        Map.entry("ij1", Set.of("augment", "train", "service", "io", "image", "labels", "pipeline", "model", "scheduler", "ort", "home")),
        Map.entry("cli", Set.of("server", "augment", "train", "service", "io", "image", "labels", "pipeline", "model", "scheduler", "ort", "home")),
        Map.entry("server", Set.of("augment", "train", "service", "io", "image", "labels", "pipeline", "model", "scheduler", "ort", "home")),
        Map.entry("augment", Set.of("service", "io", "image", "labels", "pipeline", "model", "scheduler", "ort", "home")),
        Map.entry("train", Set.of("service", "io", "image", "labels", "pipeline", "model", "scheduler", "ort", "home")),
        Map.entry("service", Set.of("io", "image", "labels", "pipeline", "model", "scheduler", "ort", "home")),
        Map.entry("io", Set.of("model", "scheduler", "ort", "home")),
        Map.entry("image", Set.of("pipeline", "model", "scheduler", "ort")),
        Map.entry("labels", Set.of("home")),
        Map.entry("pipeline", Set.of("model", "scheduler", "ort", "home")),
        Map.entry("model", Set.of("ort", "home")),
        Map.entry("ort", Set.of("home")),
        Map.entry("scheduler", Set.of()),
        Map.entry("home", Set.of()));

    /** The rooms of ort and scheduler, and which of their neighbours each may name; the room without a name is the package itself. */
    private static final Map<String, Map<String, Set<String>>> ROOMS = Map.of(
        "ort", Map.of("onnx", Set.of(), "runtime", Set.of(), "provider", Set.of("runtime"), "memory", Set.of("runtime", "provider"),
            "rewrite", Set.of("onnx", "runtime", "provider"), "session", Set.of("onnx", "runtime", "provider", "memory", "rewrite")),
        "scheduler", Map.of("config", Set.of(), "noise", Set.of("config"), "", Set.of("config", "noise")));

    /** The types of ort that packages outside may name, by room. What is not among them is public for its neighbours alone. */
    private static final Map<String, Set<String>> ORT_SHOWS = Map.of(
        "onnx", Set.of("ModelHashes", "OnnxScan", "ProtobufReader"),
        "runtime", Set.of("ElementType", "InsufficientMemoryException", "LoadingNotes", "MachineFault", "NativeFiles", "NativeLoading", "OnnxEnvironment",
            "ProviderFailedException", "TensorSpec"),
        "provider",
        Set.of("ExecutionProvider", "ExecutionProviders", "NodePlacement", "NvidiaDriver", "PlacementCheck", "ProviderChoice", "ProviderOptions",
            "ProviderReport"),
        "memory", Set.of("CacheLimits", "GpuDevice", "GpuMemory", "GpuState", "MemoryFigures", "MemoryProbe", "NativeHeap"),
        "rewrite", Set.of("Int8Models", "ModelWeights", "OptimisedLimits", "OptimisedModels"),
        "session", Set.of("ModelCall", "OnnxSessionService", "OpenSession", "SessionCache", "SessionLease", "TensorBuffer"));

    /** What image takes from pipeline. */
    private static final Set<String> CARRIERS = Set.of("DecodedPixels", "SourcePixels");

    /** Libraries, by how their names begin, and the packages that may name them. The longest beginning that fits decides. */
    private static final Map<String, Set<String>> LIBRARIES = Map.ofEntries(
        Map.entry("ai.onnxruntime.", Set.of("ort")),
        Map.entry("ij.", Set.of("ij1")),
        Map.entry("ij.ImagePlus", Set.of("ij1", "io")),
        Map.entry("ij.ImageStack", Set.of("ij1", "io")),
        Map.entry("ij.io.", Set.of("ij1", "io")),
        Map.entry("ij.measure.", Set.of("ij1", "io")),
        Map.entry("ij.process.", Set.of("ij1", "io")),
        Map.entry("java.awt.", Set.of("ij1")),
        Map.entry("java.awt.image.", Set.of("ij1", "io", "image", "augment")),
        // The chart library of augment.report takes colours and rectangles of AWT, which need no screen.
        Map.entry("java.awt.Color", Set.of("ij1", "augment")),
        Map.entry("java.awt.geom.", Set.of("ij1", "augment")),
        Map.entry("javax.swing.", Set.of("ij1")),
        Map.entry("ai.onnx.", Set.of("ort")),
        Map.entry("net.imglib2.", Set.of("image", "io", "labels", "service", "augment", "train", "commands", "ij1")),
        Map.entry("net.imagej.", Set.of("commands", "ij1")),
        Map.entry("org.scijava.", Set.of("commands", "ij1", "service")),
        Map.entry("jdk.jfr.", Set.of("service")),
        Map.entry("org.jfree.", Set.of("augment", "ij1")),
        Map.entry("io.netty.", Set.of("server")),
        Map.entry("io.prometheus.", Set.of("server")),
        Map.entry("sun.", Set.of()),
        Map.entry("com.sun.", Set.of()),
        Map.entry("jdk.internal.", Set.of()));

    /** Outside of commands, ij1 and service, SciJava is for thin services. */
    private static final Pattern SCIJAVA_CLASS = Pattern.compile("(Default)?\\w+Service");

    /** The packages of the JDK that scheduler, home and the root may name. */
    private static final Pattern JDK = Pattern.compile("java\\.(lang|util|math|io|nio|text|time|security)\\b.*");

    private static final Pattern NOISE = Pattern.compile(
        "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'|//[^\\n]*|/\\*[\\s\\S]*?\\*/");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.$])[a-z]\\w*(?:\\s*\\.\\s*\\w+)+(?:\\s*\\.\\s*\\*)?");
    private static final Pattern IMPORT = Pattern.compile("(?m)^\\s*import\\s+(?:static\\s+)?([\\w.*]+)\\s*;");

    @Test
    void everySourceKeepsToTheArrows() throws IOException {
        final List<String> found = new ArrayList<>();
        for (final Path source : sources()) {
            found.addAll(violations(Folders.SOURCES.relativize(source).toString().replace('\\', '/'), Files.readString(source)));
        }
        assertTrue(found.isEmpty(), () -> "Arrows that may not exist:\n" + String.join("\n", found));
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        final Map<Path, Boolean> folders = new TreeMap<>();
        for (final Path source : sources()) {
            folders.merge(source.getParent(), source.endsWith("package-info.java"), Boolean::logicalOr);
        }
        final Set<Path> silent = new TreeSet<>();
        folders.forEach((folder, said) -> {
            if (!said) {
                silent.add(folder);
            }
        });
        assertTrue(folders.size() > 1, "no sources found under " + Folders.SOURCES.toAbsolutePath());
        assertEquals(Set.of(), silent, "packages without package-info.java");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // Upwards, sideways and to the top.
        "model/A.java | import net.diffusionj.pipeline.X;",
        "pipeline/A.java | import net.diffusionj.image.X;",
        "pipeline/A.java | import static net.diffusionj.service.X.y;",
        "io/A.java | import net.diffusionj.image.X;",
        "io/A.java | import net.diffusionj.pipeline.DecodedPixels;",
        "image/A.java | import net.diffusionj.io.X;",
        "image/A.java | import net.diffusionj.pipeline.Denoiser;",
        "image/A.java | import net.diffusionj.pipeline.*;",
        "ort/onnx/A.java | import net.diffusionj.model.X;",
        "ort/session/A.java | import net.diffusionj.model.X;",
        "ort/A.java | import net.diffusionj.ort.session.SessionCache;",
        "ort/natives/A.java | class A { }",
        "ort/onnx/A.java | import net.diffusionj.ort.runtime.X;",
        "ort/provider/A.java | import net.diffusionj.ort.memory.X;",
        "ort/runtime/A.java | import net.diffusionj.ort.session.X;",
        "ort/memory/A.java | class A { net.diffusionj.ort.rewrite.X x; }",
        "pipeline/A.java | import net.diffusionj.ort.session.ModelOpener;",
        "service/A.java | import net.diffusionj.ort.onnx.*;",
        "model/A.java | import static net.diffusionj.ort.rewrite.HalfModels.x;",
        "scheduler/config/A.java | import net.diffusionj.scheduler.noise.X;",
        "scheduler/noise/A.java | import net.diffusionj.scheduler.Scheduler;",
        "scheduler/noise/A.java | import net.diffusionj.CancelToken;",
        "model/tokenizer/A.java | import net.diffusionj.scheduler.X;",
        "service/A.java | import net.diffusionj.cli.Main;",
        "cli/A.java | import net.diffusionj.commands.X;",
        "ij1/A.java | import net.diffusionj.commands.X;",
        "commands/A.java | import net.diffusionj.ij1.X;",
        "service/A.java | import net.diffusionj.augment.X;",
        "service/A.java | import net.diffusionj.server.X;",
        "augment/A.java | class A { net.diffusionj.server.X x; }",
        "augment/A.java | import net.diffusionj.train.X;",
        "augment/report/A.java | import java.awt.Frame;",
        "augment/gate/A.java | import ai.onnxruntime.OrtSession;",
        "ij1/A.java | import net.diffusionj.server.X;",
        "labels/A.java | import net.diffusionj.image.X;",
        "labels/A.java | import net.diffusionj.ort.onnx.ModelHashes;",
        "pipeline/A.java | import net.diffusionj.labels.X;",
        "image/A.java | import net.diffusionj.home.X;",
        "home/A.java | import net.diffusionj.io.X;",
        "home/A.java | import com.google.gson.Gson;",
        "newcomer/A.java | class A { }",
        // scheduler: the JDK alone, not even the root.
        "scheduler/A.java | import net.diffusionj.InvalidInputException;",
        "scheduler/A.java | import com.google.gson.Gson;",
        "scheduler/A.java | import java.awt.Color;",
        "A.java | import com.google.gson.Gson;",
        "A.java | import net.diffusionj.home.X;",
        // Libraries.
        "pipeline/A.java | import ai.onnxruntime.OrtSession;",
        "model/A.java | import ai.onnx.proto.OnnxMl;",
        "pipeline/A.java | class A { ai . onnxruntime . OrtSession s; }",
        "cli/A.java | import ij.IJ;",
        "io/A.java | import ij.IJ;",
        "io/A.java | import ij.*;",
        "io/A.java | import ij.gui.Roi;",
        "io/A.java | class A { void a() { ij.WindowManager.getCurrentImage(); } }",
        "image/A.java | import ij.ImagePlus;",
        "image/A.java | import java.awt.Frame;",
        "io/A.java | import java.awt.Toolkit;",
        "service/A.java | import javax.swing.JFrame;",
        "service/A.java | import io.netty.channel.Channel;",
        "cli/A.java | import io.prometheus.metrics.core.metrics.Counter;",
        "cli/A.java | import net.imglib2.img.Img;",
        "pipeline/A.java | import net.imglib2.img.Img;",
        "cli/A.java | import org.scijava.Context;",
        "image/A.java | import org.scijava.Context;",
        "ort/session/OnnxSessions.java | import org.scijava.service.Service;",
        "ij1/A.java | import sun.misc.Unsafe;",
        "ort/runtime/A.java | class A { sun.misc.Unsafe u; }",
    })
    void refusesWhatMayNotBe(final String file, final String source) {
        assertEquals(1, violations("net/diffusionj/" + file, source).size(), source);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "cli/A.java | import net.diffusionj.service.X; import net.diffusionj.ort.session.SessionCache; import net.diffusionj.InvalidInputException;",
        "cli/A.java | import net.diffusionj.server.X; import net.diffusionj.augment.X; import net.diffusionj.train.X; import net.diffusionj.home.X;",
        "augment/A.java | import net.diffusionj.service.X; import net.diffusionj.labels.X; import net.diffusionj.CancelToken;",
        "augment/report/A.java | import java.awt.Color; import java.awt.geom.Rectangle2D; import java.awt.image.BufferedImage;",
        "labels/A.java | import net.diffusionj.home.X; import net.diffusionj.InvalidInputException; import net.imglib2.img.Img;",
        "image/A.java | import net.diffusionj.pipeline.DecodedPixels; import net.diffusionj.pipeline.SourcePixels; import net.imglib2.Cursor;",
        "io/A.java | import ij.ImagePlus; import ij.ImageStack; import ij.io.Opener; import ij.measure.Calibration; import ij.process.LUT;",
        "io/A.java | import java.awt.image.BufferedImage; import javax.imageio.ImageIO;",
        "ort/session/A.java | import ai.onnxruntime.OrtSession; import net.diffusionj.DiffusionJException; import net.diffusionj.ort.rewrite.HalfModels;",
        "ort/onnx/A.java | import net.diffusionj.home.X; import net.diffusionj.ort.onnx.B;",
        "ort/provider/A.java | import net.diffusionj.ort.runtime.NativeLibraries;",
        "ort/session/OnnxSessionService.java | import org.scijava.service.SciJavaService;",
        "service/A.java | import org.scijava.service.SciJavaService; import net.imglib2.img.Img;",
        "scheduler/A.java | import java.util.Arrays; import static java.lang.Math.sqrt; import net.diffusionj.scheduler.B; import net.diffusionj.scheduler.noise.C;",
        "home/A.java | import java.security.MessageDigest; import net.diffusionj.InvalidInputException; import net.diffusionj.home.B;",
        "scheduler/noise/A.java | import net.diffusionj.scheduler.config.B; import net.diffusionj.scheduler.noise.C;",
        "model/tokenizer/A.java | import net.diffusionj.model.ModelFolder; import net.diffusionj.ort.runtime.TensorSpec;",
        "pipeline/A.java | /** See {@link net.diffusionj.service.X} and ai.onnxruntime.OrtSession. */ class A { String s = \"ij.IJ.log\"; } // ij.IJ",
        "ij1/A.java | import ij.IJ; import javax.swing.JFrame; import java.awt.Frame; class A { String c = \"net.diffusionj.commands.TextToImage\"; }",
        "commands/A.java | import org.scijava.command.Command; import net.imglib2.img.Img;",
    })
    void allowsWhatMayBe(final String file, final String source) {
        assertEquals(List.of(), violations("net/diffusionj/" + file, source.replace("; ", ";\n")));
    }

    /**
     * @param file path under the source folder
     * @param source the file's text
     * @return one line for each name that may not be there
     */
    static List<String> violations(final String file, final String source) {
        final String[] path = file.split("/");
        final String stage = path.length > 3 ? path[2] : "";
        final String className = path[path.length - 1].replace(".java", "");
        final List<String> found = new ArrayList<>();
        final String room = path.length > 4 ? path[3] : "";
        final boolean hasRoom = !ROOMS.containsKey(stage) || ROOMS.get(stage).containsKey(room) || className.equals("package-info");
        if (!stage.isEmpty() && !ARROWS.containsKey(stage) || !hasRoom) {
            found.add(file + ": its package has no arrows: name them in this test and in the design");
            return found;
        }
        final String code = NOISE.matcher(source).replaceAll(" ");
        final Set<String> imports = new TreeSet<>();
        final Matcher importMatcher = IMPORT.matcher(code);
        while (importMatcher.find()) {
            imports.add(importMatcher.group(1));
        }
        final Set<String> names = new TreeSet<>(imports);
        // What remains are names in full; a package's own statement would be one too.
        final Matcher nameMatcher = NAME.matcher(IMPORT.matcher(code).replaceAll(" ").replaceAll("(?m)^\\s*package [\\w.]+;", " "));
        while (nameMatcher.find()) {
            names.add(nameMatcher.group().replaceAll("\\s", ""));
        }
        for (final String name : names) {
            if (!mayName(stage, room, className, name) || imports.contains(name) && isPure(stage) && !mayImportWhenPure(stage, name)) {
                found.add(file + ": " + name);
            }
        }
        return found;
    }

    private static boolean isPure(final String stage) {
        return stage.equals("scheduler") || stage.equals("home") || stage.isEmpty();
    }

    private static boolean mayImportWhenPure(final String stage, final String name) {
        return JDK.matcher(name).matches() || !stage.isEmpty() && name.startsWith(ROOT + ".");
    }

    private static boolean mayName(final String stage, final String room, final String className, final String name) {
        if (name.startsWith(ROOT + ".")) {
            return mayNameOwn(stage, room, name.substring(ROOT.length() + 1).split("\\."));
        }
        final String library = LIBRARIES.keySet().stream().filter(name::startsWith).max((a, b) -> Integer.compare(a.length(), b.length())).orElse("");
        if (library.isEmpty() || LIBRARIES.get(library).contains(stage)) {
            return true;
        }
        return library.equals("org.scijava.") && !isPure(stage) && SCIJAVA_CLASS.matcher(className).matches();
    }

    private static boolean mayNameOwn(final String stage, final String room, final String[] parts) {
        final boolean rootClass = parts[0].equals("*") || Character.isUpperCase(parts[0].charAt(0));
        if (rootClass) {
            return !stage.equals("scheduler");
        }
        if (parts[0].equals(stage)) {
            return !ROOMS.containsKey(stage) || mayEnter(stage, room, parts);
        }
        if (stage.isEmpty() || !ARROWS.get(stage).contains(parts[0])) {
            return false;
        }
        if (parts[0].equals("ort")) {
            return parts.length > 2 && ORT_SHOWS.getOrDefault(parts[1], Set.of()).contains(parts[2]);
        }
        return !(stage.equals("image") && parts[0].equals("pipeline")) || parts.length > 1 && CARRIERS.contains(parts[1]);
    }

    private static boolean mayEnter(final String stage, final String room, final String[] parts) {
        final String other = parts.length > 2 && Character.isLowerCase(parts[1].charAt(0)) ? parts[1] : "";
        return other.equals(room) || ROOMS.get(stage).get(room).contains(other);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Folders.SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }
}
