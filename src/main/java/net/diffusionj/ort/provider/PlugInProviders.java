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
package net.diffusionj.ort.provider;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import ai.onnxruntime.OrtEpDevice;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.OnnxEnvironment;

/**
 * Provider libraries that are not part of ONNX Runtime: registers them with the environment, which keeps them for the life of the JVM, and adds the
 * first device that they offer, a GPU or NPU before a CPU.
 * <p>
 * Thread-safe.
 * </p>
 */
final class PlugInProviders {

    private static final Logger LOG = System.getLogger(PlugInProviders.class.getName());

    private final OnnxEnvironment onnx;
    private final List<Path> libraries;
    private boolean registered;

    PlugInProviders(final OnnxEnvironment onnx, final List<Path> libraries) {
        this.onnx = onnx;
        this.libraries = libraries;
    }

    /**
     * @param session gets the first device
     * @return the device, for people
     */
    synchronized String add(final SessionOptions session) throws OrtException {
        if (!registered) {
            for (final Path library : libraries) register(library);
            registered = true;
        }
        final OrtEpDevice device = device().orElseThrow(() -> new DiffusionJException(names() + " was loaded, but offers no device here: this machine has no"
            + " hardware that it is for, or it was built for another version of ONNX Runtime than " + onnx.version() + '.'));
        session.addExecutionProvider(List.of(device), Map.of());
        return device.getEpName() + " of " + device.getEpVendor() + " on " + device.getDevice().getType();
    }

    private String names() {
        return libraries.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private void register(final Path library) throws OrtException {
        if (!Files.isRegularFile(library)) throw new DiffusionJException("there is no file " + library + ", which the setting provider.libraries names.");
        final String name = "DiffusionJ:" + library;
        try {
            onnx.environment().registerExecutionProviderLibrary(name, library.toString());
        }
        catch (final OrtException e) {
            if (!e.getMessage().contains("already registered")) throw e;
            LOG.log(Level.DEBUG, "{0} was registered before", library);
        }
    }

    private Optional<OrtEpDevice> device() throws OrtException {
        final List<OrtEpDevice> cpus = new ArrayList<>();
        for (final OrtEpDevice device : onnx.environment().getEpDevices()) {
            if (ExecutionProvider.ofOrtName(device.getEpName()).isPresent()) continue;
            if (!device.getDevice().getType().name().equals("CPU")) return Optional.of(device);
            cpus.add(device);
        }
        return cpus.stream().findFirst();
    }
}
