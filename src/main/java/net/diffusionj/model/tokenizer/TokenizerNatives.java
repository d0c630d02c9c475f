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
package net.diffusionj.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;

import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import net.diffusionj.ort.runtime.LoadingNotes;
import net.diffusionj.ort.runtime.MachineFault;
import net.diffusionj.ort.runtime.NativeFiles;
import net.diffusionj.ort.runtime.NativeLoading;

/**
 * Loads the tokenizer's native library: unpacks it, tells DJL where it lies and to stay off the network. DJL reads this from system properties; where
 * somebody else has named a place, as a property or in the environment, DJL unpacks there by itself.
 * <p>
 * A native library loads in one class loader only, and plain ImageJ makes a new loader when it refreshes its menus: each loader after
 * the first gets a folder of its own, the same ones in every process. Thread-safe, across class loaders too.
 * </p>
 */
final class TokenizerNatives {

    private static final String CACHE = "DJL_CACHE_DIR";
    private static final String LIBRARY = "RUST_LIBRARY_PATH";
    private static final String RESOURCES = "native/lib/";
    /** The class loaders that have loaded the library: how copies of this class in different loaders know of one another. */
    private static final String LOADERS = "net.diffusionj.tokenizer.loaders";

    private TokenizerNatives() {}

    /**
     * Loads the library, once per class loader.
     *
     * @param home the DiffusionJ home
     * @throws ai.djl.engine.EngineException if that fails
     * @throws net.diffusionj.DiffusionJException if the library cannot be unpacked
     */
    @SuppressWarnings("try") // the note is there while the library loads
    static void load(final Path home) {
        synchronized (NativeLoading.LOCK) {
            setIfAbsent("ai.djl.offline", "true");
            setIfAbsent("OPT_OUT_TRACKING", "true");
            if (isSet(CACHE) || isSet(LIBRARY) || LibUtils.class.getClassLoader().getResource(resource()) == null) {
                LibUtils.checkStatus();
                return;
            }
            final Path folder = folder(home);
            final NativeFiles files = new NativeFiles(folder);
            files.provide("the tokenizer's library", resources());
            System.setProperty(LIBRARY, folder.resolve(System.mapLibraryName("tokenizers")).toString());
            try (LoadingNotes.Note note = files.loading()) {
                LibUtils.checkStatus();
            }
            finally {
                System.clearProperty(LIBRARY);
            }
        }
    }

    /**
     * Gives this class loader its folder, the same one each time.
     *
     * @param home the DiffusionJ home
     * @return where the library lies, or is to lie
     */
    static Path folder(final Path home) {
        final String loader = Integer.toHexString(System.identityHashCode(LibUtils.class.getClassLoader()));
        final String known = System.getProperty(LOADERS, "");
        final List<String> loaders = new ArrayList<>(known.isEmpty() ? List.of() : List.of(known.split(",")));
        if (!loaders.contains(loader)) {
            loaders.add(loader);
            System.setProperty(LOADERS, String.join(",", loaders));
        }
        final int index = loaders.indexOf(loader);
        final String jar = LibUtils.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        final String version = jar.substring(jar.lastIndexOf('/') + 1).replaceFirst("\\.jar$", "");
        return home.resolve("native").resolve(version + '-' + platform() + (index == 0 ? "" : "-loader" + (index + 1))).toAbsolutePath();
    }

    /** The Windows library needs three others beside it. */
    private static Map<String, URL> resources() {
        final ClassLoader loader = LibUtils.class.getClassLoader();
        final Map<String, URL> found = new LinkedHashMap<>();
        for (final String name : List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", System.mapLibraryName("tokenizers"))) {
            final URL resource = loader.getResource(RESOURCES + platform() + "/cpu/" + name);
            if (resource != null) found.put(name, resource);
        }
        return found;
    }

    private static String resource() {
        return RESOURCES + platform() + "/cpu/" + System.mapLibraryName("tokenizers");
    }

    /** DJL's own name of this platform, as the folders of its jar have it. */
    private static String platform() {
        final String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        final String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        final String osName = os.startsWith("mac") ? "osx" : os.startsWith("win") ? "win" : "linux";
        return osName + '-' + (arch.equals("amd64") || arch.equals("x86_64") ? "x86_64" : arch.equals("arm64") ? "aarch64" : arch);
    }

    /**
     * @param failure what {@link #load} threw
     * @param home the DiffusionJ home
     * @return why, for the user
     */
    static String whyNot(final Throwable failure, final Path home) {
        Throwable root = failure;
        while (root.getCause() != null) root = root.getCause();
        final String said = String.valueOf(root.getMessage());
        final Path folder = folder(home);
        return MachineFault.ofThisMachine().of(failure, folder)
            .orElseGet(() -> "The tokenizer's native library could not be loaded from " + theirs().orElse(folder.toString()) + " (" + said + ")."
                + (said.contains("another classloader")
                    ? " Another plugin has loaded it for itself. Start again without the settings " + CACHE + " and " + LIBRARY
                        + ", so that DiffusionJ gets a copy of its own."
                    : " Delete that folder and start again, so that it is unpacked again."));
    }

    private static Optional<String> theirs() {
        return Stream.of(LIBRARY, CACHE).filter(TokenizerNatives::isSet)
            .map(key -> System.getProperty(key) == null ? System.getenv(key) : System.getProperty(key)).findFirst();
    }

    private static void setIfAbsent(final String key, final String value) {
        if (!isSet(key)) System.setProperty(key, value);
    }

    private static boolean isSet(final String key) {
        return System.getProperty(key) != null || System.getenv(key) != null;
    }
}
