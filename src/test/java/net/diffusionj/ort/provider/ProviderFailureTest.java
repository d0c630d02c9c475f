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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.google.gson.Gson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that ONNX Runtime gave on real machines, and what people are told: what is missing, wanted and found, what to install. */
class ProviderFailureTest {

    private static final InstalledLibraries NOTHING = new InstalledLibraries(List.of(), Path.of("no-such-file"));

    @TempDir
    private Path folder;

    record Recorded(String provider, String source, String text, String expected) {
        @Override
        public String toString() {
            return source;
        }
    }

    static Stream<Recorded> recorded() throws IOException {
        try (Reader in = new InputStreamReader(ProviderFailureTest.class.getResourceAsStream("provider-failures.json"), StandardCharsets.UTF_8)) {
            return Arrays.stream(new Gson().fromJson(in, Recorded[].class));
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void recordedTextsBecomePlainWords(final Recorded recorded) {
        final String words = new ProviderFailure(ExecutionProvider.valueOf(recorded.provider()), NOTHING).inPlainWords(recorded.text());
        assertTrue(words.contains(recorded.expected()), words);
        assertTrue(words.endsWith(".") && words.lines().count() == 1, words);
        assertTrue(!words.contains("provider_bridge_ort") && !words.contains("Error code"), words);
    }

    @Test
    void saysWhichOtherVersionWasFound() throws IOException {
        final Path other = Files.createFile(folder.resolve("libcublasLt.so.13"));
        final String words = cuda("libcublasLt.so.12: cannot open shared object file: No such file");
        assertTrue(words.contains("Wanted libcublasLt.so.12, found " + other), words);
    }

    @Test
    void saysWhereTheLibraryLiesThatTheLoaderDidNotFind() throws IOException {
        Files.createFile(folder.resolve("libcudnn.so.9"));
        final String words = cuda("libcudnn.so.9: cannot open shared object file: No such file");
        assertTrue(words.contains("It is in " + folder + ", where the loader does not look."), words);
    }

    @Test
    void onWindowsNamesTheDllsThatAreNotOnThePath() throws IOException {
        for (final String there : List.of("nvcuda.dll", "cudart64_12.dll", "cublas64_12.dll", "cublasLt64_12.dll", "cufft64_11.dll", "cudnn64_8.dll")) {
            Files.createFile(folder.resolve(there));
        }
        final String words = cuda("LoadLibrary failed with error 126 \"\" when trying to load \"onnxruntime_providers_cuda.dll\"");
        assertTrue(words.contains("Wanted on the PATH: cudnn64_9.dll; found " + folder.resolve("cudnn64_8.dll")), words);
    }

    @Test
    void saysWhichDriverWasFound() throws IOException {
        final Path version = Files.writeString(folder.resolve("version"),
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.82.01  Wed Oct 27 21:21:55 UTC 2021\nGCC version:  gcc\n");
        final String words = new ProviderFailure(ExecutionProvider.CUDA, new InstalledLibraries(List.of(), version))
            .inPlainWords("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0 ;");
        assertTrue(words.contains("wanted 525.60.13 or newer on Linux") && words.contains("Found driver 470.82.01."), words);
        Files.writeString(version, "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.126.18  Release Build");
        assertEquals("580.126.18", new InstalledLibraries(List.of(), version).nvidiaDriver().orElseThrow());
    }

    @Test
    void whatIsNotKnownIsSaidAsItCame() {
        assertEquals("ONNX Runtime says: something new.", cuda("Error code - ORT_FAIL - message: something new"));
    }

    private String cuda(final String text) {
        return new ProviderFailure(ExecutionProvider.CUDA, new InstalledLibraries(List.of(folder), folder.resolve("none"))).inPlainWords(text);
    }
}
