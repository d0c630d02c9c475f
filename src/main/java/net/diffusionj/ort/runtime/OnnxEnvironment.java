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

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Objects;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ProgramEndsException;

/**
 * ONNX Runtime, loaded: its natives in place, its one environment of this JVM at hand. The environment belongs to everybody in the JVM and is
 * never closed here.
 * <p>
 * Immutable and thread-safe.
 * </p>
 */
public final class OnnxEnvironment {

    /** A system property that is set while a program that was told to end finishes its work: until it is taken away, model calls go on. */
    public static final String FINISHING_PROPERTY = "diffusionj.internal.finishing";

    private static final Logger LOG = System.getLogger(OnnxEnvironment.class.getName());

    /** Counts, for the whole JVM, the class loaders that took the libraries of the folder that follows the dot. */
    private static final String LOADERS_PROPERTY = "diffusionj.native.loaders.";

    private final OrtEnvironment environment;
    private final Path home;
    private final NativeLibraries natives;
    private final NativeWork work;

    private OnnxEnvironment(final OrtEnvironment environment, final Path home, final NativeLibraries natives, final NativeWork work) {
        this.environment = environment;
        this.home = home;
        this.natives = natives;
        this.work = work;
    }

    /**
     * Loads ONNX Runtime, or takes the one that this class loader has loaded already.
     *
     * @param home the DiffusionJ home; natives go to {@code native} in it
     * @return the environment
     */
    public static OnnxEnvironment load(final Path home) {
        final NativeLibraries natives = new NativeLibraries(home, OrtEnvironment.class);
        final NativeWork work = NativeWork.untilExit();
        synchronized (NativeLoading.LOCK) {
            return new OnnxEnvironment(loaded(natives, work), home, natives, work);
        }
    }

    /** Loading is a call too, and cannot be finished where the program is ending. */
    @SuppressWarnings("try") // the call is entered, not used
    private static OrtEnvironment loaded(final NativeLibraries natives, final NativeWork work) {
        try (NativeWork.Call call = work.begin()) {
            return withNativePath(natives);
        }
        catch (final DiffusionJException e) {
            if (!work.isEnding()) throw e;
            throw (ProgramEndsException) new ProgramEndsException().initCause(e);
        }
    }

    /** A path that somebody else has set is theirs to set; ours is taken back, so that another copy of ONNX Runtime does not stumble over it. */
    @SuppressWarnings("try") // the note is there while libraries load
    private static OrtEnvironment withNativePath(final NativeLibraries natives) {
        final String theirs = System.getProperty(NativeLibraries.PATH_PROPERTY);
        if (theirs != null) {
            LOG.log(Level.DEBUG, "ONNX Runtime libraries are taken from {0}, which {1} names", theirs, NativeLibraries.PATH_PROPERTY);
            return create(Path.of(theirs), "the folder " + theirs + " that the system property " + NativeLibraries.PATH_PROPERTY + " names");
        }
        final String loadersKey = LOADERS_PROPERTY + natives.folder();
        final String mine = loadersKey + '.' + System.identityHashCode(OrtEnvironment.class.getClassLoader());
        natives.unpackCore();
        Path path = natives.folder();
        if (System.getProperty(mine) == null) {
            final int index = Integer.getInteger(loadersKey, 0) + 1;
            System.setProperty(loadersKey, Integer.toString(index));
            System.setProperty(mine, "loaded");
            if (index > 1) path = natives.copyForLoader(index);
        }
        System.setProperty(NativeLibraries.PATH_PROPERTY, path.toString());
        try (LoadingNotes.Note note = new NativeFiles(path).loading()) {
            return create(path, path.toString());
        }
        finally {
            System.clearProperty(NativeLibraries.PATH_PROPERTY);
        }
    }

    private static OrtEnvironment create(final Path folder, final String where) {
        try {
            // Every error comes as an exception too; ONNX Runtime's own lines on the console would say it twice, and call a cancel an error.
            final OrtEnvironment environment = LastingEnvironment.get(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "DiffusionJ");
            // Images are private.
            environment.setTelemetry(false);
            return environment;
        }
        catch (final OrtException e) {
            throw new DiffusionJException("ONNX Runtime's telemetry could not be switched off: " + e.getMessage(), e);
        }
        catch (final LinkageError | IllegalStateException e) {
            throw new DiffusionJException(MachineFault.ofThisMachine().of(e, folder).orElseGet(() -> LoadFailure.inPlainWords(e, where, bundledVersion(),
                String.valueOf(OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation()))), e);
        }
    }

    /** @return ONNX Runtime's own environment, shared by all of this JVM; never to be closed */
    public OrtEnvironment environment() {
        return environment;
    }

    /** @return the DiffusionJ home, where caches and notes of the runtime go */
    public Path home() {
        return home;
    }

    /** @param other a DiffusionJ home; need not exist
     *  @return the same runtime with its notes and caches there */
    public OnnxEnvironment withHome(final Path other) {
        return new OnnxEnvironment(environment, other, natives, work);
    }

    /** @return the calls into ONNX Runtime that are under way; every call is entered there */
    public NativeWork work() {
        return work;
    }

    /** @return the libraries that the runtime was loaded from */
    public NativeLibraries natives() {
        return natives;
    }

    /** @return the version of the ONNX Runtime on the class path, without loading it; "unknown" if its jar does not say */
    public static String bundledVersion() {
        return Objects.requireNonNullElse(OrtEnvironment.class.getPackage().getImplementationVersion(), "unknown");
    }

    /** @return the version of the ONNX Runtime that is loaded, such as 1.29.0 */
    public String version() {
        return environment.getVersion();
    }
}
