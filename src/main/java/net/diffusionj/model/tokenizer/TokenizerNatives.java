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

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Loads the tokenizer's native library: tells DJL beforehand where to unpack it and to stay off the network. DJL reads this from system
 * properties; what somebody else has set, as a property or in the environment, stays as it is.
 * <p>
 * A native library loads in one class loader only, and plain ImageJ makes a new loader when it refreshes its menus: each loader after
 * the first gets a folder of its own, the same ones in every process. Thread-safe, across class loaders too.
 * </p>
 */
final class TokenizerNatives {

    private static final String CACHE = "DJL_CACHE_DIR";
    /** The class loaders that {@link #CACHE} was set for: how copies of this class in different loaders know of one another. */
    private static final String LOADERS = "net.diffusionj.tokenizer.loaders";

    private TokenizerNatives() {}

    /**
     * Loads the library, once per class loader.
     *
     * @param home the DiffusionJ home
     * @throws ai.djl.engine.EngineException if that fails
     */
    static void load(final Path home) {
        synchronized (System.getProperties()) {
            setProperties(home);
            LibUtils.checkStatus();
        }
    }

    /** @param home the DiffusionJ home */
    static void setProperties(final Path home) {
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        final String loader = Integer.toHexString(System.identityHashCode(LibUtils.class.getClassLoader()));
        final String known = System.getProperty(LOADERS, "");
        final List<String> loaders = known.isEmpty() ? List.of() : Arrays.asList(known.split(","));
        if (loaders.isEmpty() && isSet(CACHE) || loaders.contains(loader)) return;
        final String folder = loaders.isEmpty() ? "djl" : "djl-" + (loaders.size() + 1);
        System.setProperty(CACHE, home.resolve("natives").resolve(folder).toAbsolutePath().toString());
        System.setProperty(LOADERS, loaders.isEmpty() ? loader : known + ',' + loader);
    }

    /** @return where DJL unpacks to, as far as anybody has said */
    static String folder() {
        final String property = System.getProperty(CACHE);
        return property != null ? property : String.valueOf(System.getenv(CACHE));
    }

    private static void setIfAbsent(final String key, final String value) {
        if (!isSet(key)) System.setProperty(key, value);
    }

    private static boolean isSet(final String key) {
        return System.getProperty(key) != null || System.getenv(key) != null;
    }
}
