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
package net.diffusionj.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import net.diffusionj.InvalidInputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What works here is found by trying; a provider asked for by name works or says what is missing. */
class ExecutionProvidersTest {

    private final ExecutionProviders providers = new ExecutionProviders(OnnxEnvironment.load(OrtFixtures.HOME));

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
        final boolean carried = OnnxEnvironment.load(OrtFixtures.HOME).natives().carriesCuda();
        if (carried && NvidiaDriver.absence().isEmpty() && providers.report(ExecutionProvider.CUDA).works()) {
            assertEquals(List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU), providers.resolve(ProviderChoice.CUDA));
            return;
        }
        final String message = assertThrows(InvalidInputException.class, () -> providers.resolve(ProviderChoice.CUDA)).getMessage();
        final String expected = carried ? ".*(lib[\\w.+-]+\\.so[\\d.]* is missing|DLL|ONNX Runtime says).*" : ".*without CUDA.*";
        assertTrue(message.matches(expected), message);
        assertTrue(message.contains("--provider"), message);
    }

    /** Texts as ONNX Runtime 1.29 and 1.18 gave them on machines without the library. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file|libcublasLt.so.12 is missing. Install the CUDA 12 runtime",
        "Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file|libcudnn.so.9 is missing. Install cuDNN 9",
        "libcuda.so.1: cannot open shared object file: No such file or directory|libcuda.so.1 is missing. Install the NVIDIA driver",
        "FAIL : LoadLibrary failed with error 126 \"\" when trying to load onnxruntime_providers_cuda.dll|Install CUDA 12 and cuDNN 9",
        "CUDA failure 100: no CUDA-capable device is detected|ONNX Runtime says: CUDA failure 100: no CUDA-capable device is detected."
    })
    void failuresAreSaidInPlainWords(final String found, final String expected) {
        final String words = ProviderFailure.inPlainWords(found);
        assertTrue(words.contains(expected), words);
    }

    @Test
    void anUnknownProviderIsRefusedWithTheList() {
        final String message = assertThrows(InvalidInputException.class, () -> ProviderChoice.parse("gpu")).getMessage();
        assertTrue(message.contains("'gpu'") && message.contains("auto, cpu, cuda"), message);
        assertEquals(ProviderChoice.CUDA, ProviderChoice.parse(" CUDA "));
    }
}
