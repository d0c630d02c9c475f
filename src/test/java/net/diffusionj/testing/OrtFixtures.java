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
package net.diffusionj.testing;

import java.nio.file.Path;
import java.util.List;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.PlacementCheck;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.ort.runtime.TensorSpec;
import net.diffusionj.ort.session.ModelCall;
import net.diffusionj.ort.session.SessionCache;
import net.diffusionj.ort.session.SessionLease;
import net.diffusionj.ort.session.TensorBuffer;

/** The toy graphs of {@code scripts/fixtures/ort_graphs.py} and a runtime to open them with. */
public final class OrtFixtures {

    public static final Path GRAPHS = Folders.RESOURCES.resolve("ort");

    private OrtFixtures() {}

    public static SessionCache newCache() {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        return new SessionCache(onnx, new ExecutionProviders(onnx));
    }

    /** Models as they are: float16 is computed in float16. */
    public static SessionCache cacheWithoutRewriting() {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
        return new SessionCache(onnx, new ExecutionProviders(onnx, options(false, PlacementCheck.WARN)));
    }

    public static ProviderOptions options(final boolean rewriteHalf, final PlacementCheck placement) {
        final ProviderOptions all = ProviderOptions.DEFAULTS;
        return new ProviderOptions(all.cpu(), all.cuda(), all.tensorRt(), all.openVino(), all.directMl(), all.coreMl(), all.plugIns(),
            new ProviderOptions.Half(rewriteHalf, all.half().cacheBytes()), placement);
    }

    public static ProviderOptions withPlugIn(final Path library) {
        final ProviderOptions all = ProviderOptions.DEFAULTS;
        return new ProviderOptions(all.cpu(), all.cuda(), all.tensorRt(), all.openVino(), all.directMl(), all.coreMl(), List.of(library), all.half(),
            all.placement());
    }

    public static SessionLease lease(final SessionCache cache, final String graph) {
        return cache.lease(GRAPHS.resolve(graph + ".onnx"), ProviderChoice.CPU);
    }

    public static long size(final String graph) {
        return GRAPHS.resolve(graph + ".onnx").toFile().length();
    }

    /** @return what the graph {@code scalar} makes of 3 and 4: 6 and 8 */
    public static float[] runScalar(final SessionLease lease) {
        try (ModelCall call = lease.newCall()) {
            call.input(input(lease, "sample"), 1, 2).put(new float[] {3, 4});
            call.input(input(lease, "timestep")).fill(2);
            final TensorBuffer out = call.output(output(lease, "out"), 1, 2);
            call.run(new CancelToken());
            return out.toFloats();
        }
    }

    public static TensorSpec input(final SessionLease lease, final String name) {
        return lease.inputs().stream().filter(spec -> spec.name().equals(name)).findFirst().orElseThrow();
    }

    public static TensorSpec output(final SessionLease lease, final String name) {
        return lease.outputs().stream().filter(spec -> spec.name().equals(name)).findFirst().orElseThrow();
    }
}
