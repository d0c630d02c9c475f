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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OrtFixtures;

/** What works here is found by trying; a provider asked for by name works or says what is missing. */
class ExecutionProvidersTest {

    private final ExecutionProviders providers = new ExecutionProviders(OnnxEnvironment.load(Folders.HOME));

    @Test
    void cpuIsProvenByRunningAGraph() {
        final ProviderReport report = providers.report(ExecutionProvider.CPU);
        assertTrue(report.works(), report.reason());
        assertSame(report, providers.report(ExecutionProvider.CPU), "tried once");
    }

    @Test
    void cpuIsLastAndAutoAlwaysEndsThere() {
        assertEquals(List.of(ExecutionProvider.CPU), providers.resolve(ProviderChoice.CPU));
        final List<ExecutionProvider> auto = providers.resolve(ProviderChoice.AUTO);
        assertEquals(ExecutionProvider.CPU, auto.get(auto.size() - 1));
        assertEquals(providers.report(ExecutionProvider.CUDA).works(), auto.contains(ExecutionProvider.CUDA));
    }

    /** True on every machine: with a GPU CUDA runs the graph, without one the message says what to install. */
    @Test
    void cudaByNameWorksOrSaysWhatIsMissing() {
        final boolean carried = OnnxEnvironment.load(Folders.HOME).natives().carriesCuda();
        if (carried && NvidiaDriver.absence().isEmpty() && providers.report(ExecutionProvider.CUDA).works()) {
            assertEquals(List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU), providers.resolve(ProviderChoice.CUDA));
            return;
        }
        final String message = assertThrows(InvalidInputException.class, () -> providers.resolve(ProviderChoice.CUDA)).getMessage();
        final String expected = carried ? ".*(is missing|DLL|ONNX Runtime says|CUDA says|driver|GPU).*" : ".*without CUDA.*";
        assertTrue(message.matches(expected), message);
        assertTrue(message.contains("--provider"), message);
    }

    @Test
    void aLibraryThatIsNoProviderIsRefusedInPlainWords() {
        final Path zip = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("zip"));
        final ProviderReport wrong = withLibrary(zip).report(ExecutionProvider.PLUGIN);
        assertEquals("does not work: the library is not a plug-in provider for ONNX Runtime (it lacks CreateEpFactories).", wrong.outcome());
        final ProviderReport absent = withLibrary(Path.of("no", "such")).report(ExecutionProvider.PLUGIN);
        assertEquals("does not work: there is no file " + Path.of("no", "such") + ", which the setting provider.libraries names.", absent.outcome());
        assertEquals(List.of(ExecutionProvider.CPU), withLibrary(zip).resolve(ProviderChoice.AUTO), "and the CPU takes over");
    }

    @Test
    void autoSaysWhyItIsSlowerThanItCouldBe() {
        final ExecutionProviders without = withLibrary(Path.of("no", "such"));
        without.resolve(ProviderChoice.CPU);
        assertTrue(without.shortfall().isEmpty(), "nobody left the choice to us");
        without.resolve(ProviderChoice.AUTO);
        assertTrue(without.shortfall().orElseThrow().startsWith("Running on the CPU, because the plug-in provider does not work: there is no file"));
    }

    @Test
    void orderOfTheAutomaticChoiceAndOfWhatIsAskedForByName() {
        final List<ExecutionProvider> tried = new ArrayList<>();
        final ExecutionProviders fake =
            new ExecutionProviders(OnnxEnvironment.load(Folders.HOME), OrtFixtures.withPlugIn(Path.of("x")), (session, provider) -> {
                // Whether CUDA is looked at depends on the machine's driver; the order of the others does not.
                if (provider != ExecutionProvider.CUDA) tried.add(provider);
                return "fake";
            });
        assertEquals(List.of(ExecutionProvider.PLUGIN, ExecutionProvider.CPU), fake.resolve(ProviderChoice.AUTO).stream()
            .filter(provider -> provider != ExecutionProvider.CUDA).limit(2).toList());
        assertEquals(List.of(ExecutionProvider.DIRECTML, ExecutionProvider.CPU), fake.resolve(ProviderChoice.DIRECTML), "by name the attempt counts");
        if (!OnnxEnvironment.load(Folders.HOME).natives().carriesCuda()) {
            final String message = assertThrows(InvalidInputException.class, () -> fake.resolve(ProviderChoice.TENSORRT)).getMessage();
            assertTrue(message.contains("built without TensorRT"), message);
            assertEquals(List.of(ExecutionProvider.PLUGIN, ExecutionProvider.DIRECTML), tried, "what the build lacks is not tried");
            return;
        }
        final List<ExecutionProvider> tensorRt = fake.resolve(ProviderChoice.TENSORRT);
        assertEquals(ExecutionProvider.TENSORRT, tensorRt.get(0));
        assertEquals(ExecutionProvider.CPU, tensorRt.get(tensorRt.size() - 1));
        assertEquals(List.of(ExecutionProvider.PLUGIN, ExecutionProvider.DIRECTML, ExecutionProvider.TENSORRT), tried, "each once");
    }

    private static ExecutionProviders withLibrary(final Path library) {
        return new ExecutionProviders(OnnxEnvironment.load(Folders.HOME), OrtFixtures.withPlugIn(library));
    }

    @Test
    void anUnknownProviderIsRefusedWithTheList() {
        final String message = assertThrows(InvalidInputException.class, () -> ProviderChoice.parse("gpu")).getMessage();
        assertTrue(message.contains("'gpu'") && message.contains("auto, cpu, cuda"), message);
        assertEquals(ProviderChoice.CUDA, ProviderChoice.parse(" CUDA "));
    }
}
