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

import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final String WHAT = "ONNX Runtime's libraries";
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
        final Map<String, URL> files = new LinkedHashMap<>();
        for (final String name : CORE) {
            final Path source = folder.resolve(System.mapLibraryName(name));
            if (Files.exists(source)) files.put(System.mapLibraryName(name), url(source));
        }
        new NativeFiles(copy).provide(WHAT, files);
        return copy;
    }

    private static URL url(final Path file) {
        try {
            return file.toUri().toURL();
        }
        catch (final MalformedURLException e) {
            throw new IllegalStateException("every file has an address", e);
        }
    }

    private void unpack(final List<String> names) {
        final Map<String, URL> files = new LinkedHashMap<>();
        for (final String name : names) {
            final URL source = resource(name);
            if (source != null) files.put(System.mapLibraryName(name), source);
        }
        new NativeFiles(folder).provide(WHAT, files);
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

    /** ONNX Runtime's own name of this platform, as the folders of its jar have it. */
    private static String platform() {
        final String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        final String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        final String osName = os.contains("mac") || os.contains("darwin") ? "osx" : os.contains("win") ? "win" : "linux";
        final String archName = arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch.equals("arm64") ? "aarch64" : arch;
        return osName + '-' + archName;
    }
}
