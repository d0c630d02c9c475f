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
package net.diffusionj.ort.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import net.diffusionj.DiffusionJException;
import net.diffusionj.home.ProcessLock;

/**
 * Puts ONNX Runtime's native libraries, which its jar carries, into one versioned folder of the DiffusionJ home. Left to itself ONNX Runtime
 * unpacks them into a new temporary folder at every start.
 * <p>
 * Safe to use from several processes at once: files are written aside under a lock and moved.
 * </p>
 */
public final class NativeLibraries {

    /** ONNX Runtime reads it once, when its first class is initialised. */
    static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final String RESOURCES = "ai/onnxruntime/native/";
    private static final String ASIDE = "unpacking";
    private static final List<String> CORE = List.of("onnxruntime", "onnxruntime4j_jni", "onnxruntime_providers_shared");
    private static final List<String> CUDA = List.of("onnxruntime_providers_cuda");
    private static final List<String> TENSORRT = List.of("onnxruntime_providers_tensorrt");

    private final Path folder;
    private final String platform;
    private final ClassLoader loader;

    /**
     * @param home the DiffusionJ home, made if it is not there
     * @param runtimeClass any class of ONNX Runtime; need not be initialised
     */
    NativeLibraries(final Path home, final Class<?> runtimeClass) {
        this.loader = runtimeClass.getClassLoader();
        this.platform = platform();
        final String version = Objects.requireNonNullElse(runtimeClass.getPackage().getImplementationVersion(), "unknown");
        // The CPU and the GPU build of one version are different files.
        final String build = carriesCuda() ? "-gpu" : "";
        this.folder = home.resolve("native").resolve("onnxruntime-" + version + build + '-' + platform);
    }

    /** @return the folder for this version and platform, which need not exist yet */
    Path folder() {
        return folder;
    }

    /** @return whether the jar has a CUDA provider for this platform */
    public boolean carriesCuda() {
        return resource(CUDA.get(0)) != null;
    }

    /** Unpacks what every session needs, unless it is there. */
    void unpackCore() {
        unpack(CORE);
    }

    /** Unpacks what a CUDA session needs besides, unless it is there: more than 500 MB. */
    public void unpackCuda() {
        unpack(CUDA);
    }

    /** Unpacks what a TensorRT session needs besides CUDA, unless it is there. */
    public void unpackTensorRt() {
        unpack(TENSORRT);
    }

    /**
     * Makes a folder with copies of the core libraries for a second class loader of the same JVM: one file can be loaded by one loader only.
     *
     * @param index which loader this is, 2 or more
     * @return the folder
     */
    Path copyForLoader(final int index) {
        final Path copy = folder.resolveSibling(folder.getFileName() + "-loader" + index);
        try {
            Files.createDirectories(copy);
            for (final String name : CORE) {
                final Path source = folder.resolve(System.mapLibraryName(name));
                if (!Files.exists(source)) continue;
                final Path target = copy.resolve(source.getFileName());
                if (!Files.exists(target) || Files.size(target) != Files.size(source)) moveInto(Files.newInputStream(source), target);
            }
            return copy;
        }
        catch (final IOException e) {
            throw failed(copy, e);
        }
    }

    @SuppressWarnings("try") // the lock is held, not used
    private void unpack(final List<String> names) {
        try {
            Files.createDirectories(folder);
            if (missing(names).isEmpty()) return;
            try (ProcessLock lock = ProcessLock.take(folder.resolve("unpack.lock"))) {
                deleteLeftovers();
                for (final String name : missing(names)) {
                    moveInto(resource(name).openStream(), folder.resolve(System.mapLibraryName(name)));
                }
            }
        }
        catch (final IOException e) {
            throw failed(folder, e);
        }
    }

    /** Under the lock nobody is unpacking: what lies aside is of a process that was killed, and may be half a gigabyte. */
    private void deleteLeftovers() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, ASIDE + "*.part")) {
            for (final Path leftover : leftovers) Files.deleteIfExists(leftover);
        }
    }

    /** Of those that this build has. Files appear by a move only, so one that is there is whole. */
    private List<String> missing(final List<String> names) {
        return names.stream().filter(name -> resource(name) != null && !Files.exists(folder.resolve(System.mapLibraryName(name)))).toList();
    }

    private static void moveInto(final InputStream source, final Path target) throws IOException {
        final Path aside = Files.createTempFile(target.getParent(), ASIDE, ".part");
        try (InputStream in = source) {
            Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        finally {
            Files.deleteIfExists(aside);
        }
    }

    /**
     * The GPU build's libraries may come in a jar of their own beside the CPU build's. Libraries of two builds do not fit together: where a jar has
     * the CUDA provider, all are taken from it.
     */
    private URL resource(final String name) {
        final String place = RESOURCES + platform + '/';
        final URL first = loader.getResource(place + System.mapLibraryName(name));
        final URL cuda = loader.getResource(place + System.mapLibraryName(CUDA.get(0)));
        if (first == null || cuda == null) return first;
        final String jar = cuda.toString().substring(0, cuda.toString().lastIndexOf('/') + 1);
        return loader.resources(place + System.mapLibraryName(name)).filter(url -> url.toString().startsWith(jar)).findFirst().orElse(first);
    }

    private static DiffusionJException failed(final Path folder, final IOException cause) {
        return new DiffusionJException("Cannot unpack ONNX Runtime's libraries into " + folder + ": " + cause.getMessage()
            + ". Free some space, or choose another folder with -Ddiffusionj.home=FOLDER.", cause);
    }

    /** ONNX Runtime's own name of this platform, as the folders of its jar have it. */
    private static String platform() {
        final String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        final String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        final String osName = os.contains("mac") || os.contains("darwin") ? "osx" : os.contains("win") ? "win" : "linux";
        final String archName = arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch.equals("arm64") ? "aarch64" : arch;
        return osName + '-' + archName;
    }
}
