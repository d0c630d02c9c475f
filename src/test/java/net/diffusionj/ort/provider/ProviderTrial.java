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

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import net.diffusionj.DiffusionJException;
import net.diffusionj.ort.runtime.OnnxEnvironment;

/** The process of {@link ProviderCrashTest}: tries a provider whose loader works, or ends the JVM as a native crash would. */
final class ProviderTrial {

    static final int CRASHED = 134;

    private ProviderTrial() {}

    public static void main(final String... args) {
        final OnnxEnvironment onnx = OnnxEnvironment.load(Path.of(args[0])).withHome(Path.of(args[1]));
        final ProviderOptions options =
            new ProviderOptions(ProviderOptions.DEFAULTS.cpu(), ProviderOptions.DEFAULTS.cuda(), ProviderOptions.DEFAULTS.tensorRt(),
                ProviderOptions.DEFAULTS.openVino(), ProviderOptions.DEFAULTS.directMl(), ProviderOptions.DEFAULTS.coreMl(), List.of(Path.of("fake-library")),
                ProviderOptions.DEFAULTS.half(), PlacementCheck.WARN);
        final AtomicInteger tried = new AtomicInteger();
        final ExecutionProviders providers = new ExecutionProviders(onnx, options, (session, provider) -> {
            if (provider != ExecutionProvider.PLUGIN) throw new DiffusionJException("Only the plug-in is there.");
            tried.incrementAndGet();
            switch (args[2]) {
                case "crash" -> Runtime.getRuntime().halt(CRASHED);
                case "exit" -> System.exit(3);
                default -> {}
            }
            return "fake device";
        });
        if (List.of(args).contains("retry")) providers.retryCrashed();
        final ProviderReport report = providers.report(ExecutionProvider.PLUGIN);
        System.out.println(report.works() + " tried=" + tried + ' ' + report.reason() + report.device());
        System.out.println("auto=" + providers.resolve(ProviderChoice.AUTO));
        System.exit(0);
    }
}
