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
package net.diffusionj.ort.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.home.Sha256;
import net.diffusionj.ort.provider.ExecutionProvider;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderChoice;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.ort.rewrite.Int8Models;
import net.diffusionj.ort.rewrite.Int8Models.Verdict;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.OnnxModels;
import net.diffusionj.testing.OrtFixtures;

/** Which of two forms is opened, by their speed: one toy graph takes a thousand times as long as the other, whatever the machine does meanwhile. */
class Int8ChoiceTest {

    private static final String QUICK = "scalar";
    private static final String SLOW = "greedy";

    private final OnnxEnvironment onnx = OnnxEnvironment.load(Folders.HOME);
    private final Int8Models models = new Int8Models(onnx.home(), onnx.version());

    @TempDir
    private Path folder;

    private Path model(final String usual, final String int8) throws IOException {
        copy(usual, "model.onnx");
        copy(int8, "model_int8.onnx");
        return folder.resolve("model.onnx");
    }

    /** With another producer's name in the bytes each time, so that nothing is known of the two from an earlier test or build. */
    private void copy(final String graph, final String name) throws IOException {
        final Path target = folder.resolve(name);
        Files.copy(OrtFixtures.GRAPHS.resolve(graph + ".onnx"), target, StandardCopyOption.REPLACE_EXISTING);
        Files.write(target, OnnxModels.field(2, (System.nanoTime() + name).getBytes(StandardCharsets.UTF_8)), StandardOpenOption.APPEND);
    }

    private SessionCache cache(final boolean wanted) {
        final ProviderOptions all = ProviderOptions.DEFAULTS;
        return new SessionCache(onnx, new ExecutionProviders(onnx, new ProviderOptions(new ProviderOptions.Cpu(0, "", true, wanted), all.cuda(),
            all.tensorRt(), all.openVino(), all.directMl(), all.coreMl(), all.plugIns(), all.half(), all.placement())));
    }

    private boolean opensInt8(final Path model, final boolean wanted) {
        try (SessionCache cache = cache(wanted); SessionLease lease = cache.lease(model, ProviderChoice.CPU)) {
            assertEquals(model.getFileName(), lease.file().getFileName());
            return lease.int8();
        }
    }

    private Optional<Verdict> known(final Path model) {
        return models.known(model, Int8Models.of(model).orElseThrow(), ProviderOptions.DEFAULTS.cpu().toString());
    }

    @Test
    void theFasterFormIsOpenedAndMeasuredOnce() throws IOException {
        final Path model = model(SLOW, QUICK);
        assertEquals(Optional.empty(), known(model));
        try (SessionCache cache = cache(true); SessionLease lease = cache.lease(model, ProviderChoice.CPU)) {
            assertTrue(lease.int8());
            assertArrayEquals(new float[] {6, 8}, OrtFixtures.runScalar(lease), "it is the other graph that computes");
        }
        final Verdict measured = known(model).orElseThrow();
        assertTrue(measured.pays() && measured.usualMillis() > measured.int8Millis().orElseThrow(), measured.toString());
        assertTrue(opensInt8(model, true));
        assertEquals(Optional.of(measured), known(model), "it is not measured again");
        assertFalse(opensInt8(model, false), "the setting says no");
        // What is kept decides: another verdict, and the other form is opened.
        models.keep(model, Int8Models.of(model).orElseThrow(), ProviderOptions.DEFAULTS.cpu().toString(), new Verdict(1, OptionalDouble.of(0.95)));
        assertFalse(opensInt8(model, true));
        assertEquals(Optional.empty(), new Int8Models(onnx.home(), "1.0.0").known(model, Int8Models.of(model).orElseThrow(), "x"), "another runtime");
    }

    @Test
    void aSlowerFormIsNotOpened() throws IOException {
        final Path model = model(QUICK, SLOW);
        assertFalse(opensInt8(model, true));
        assertFalse(known(model).orElseThrow().pays());
    }

    @Test
    void aFormThatDoesNotRunIsNotOpenedAndNotTriedAgain() throws IOException {
        final Path model = model(QUICK, SLOW);
        Files.writeString(folder.resolve("model_int8.onnx"), "damaged " + System.nanoTime());
        assertFalse(opensInt8(model, true));
        assertEquals(Optional.of(new Verdict(0, OptionalDouble.empty())), known(model));
        assertFalse(opensInt8(model, true));
    }

    @Test
    void aDamagedMemoryIsMeasuredAnew() throws IOException {
        final Path model = model(SLOW, QUICK);
        assertTrue(opensInt8(model, true));
        for (final Path file : kept()) {
            if (Files.readString(file).contains(Double.toString(known(model).map(Verdict::usualMillis).orElse(-1.0))))
                Files.writeString(file, "{\"usualMillis\": ");
        }
        assertEquals(Optional.empty(), known(model));
        assertTrue(opensInt8(model, true));
        assertTrue(known(model).orElseThrow().pays());
    }

    private List<Path> kept() throws IOException {
        try (var files = Files.list(onnx.home().resolve("cache/int8"))) {
            return files.toList();
        }
    }

    @Test
    void aFormOfAnotherModelIsNotOpened() throws IOException {
        final Path model = model(SLOW, QUICK);
        madeOf(Sha256.of(model));
        assertTrue(opensInt8(model, true));
        copy(QUICK, "model_int8.onnx");
        madeOf("0".repeat(64));
        assertFalse(opensInt8(model, true));
        assertEquals(Optional.of(new Verdict(0, OptionalDouble.empty())), known(model));
    }

    /** Writes a line of metadata. */
    private void madeOf(final String sha256) throws IOException {
        final ByteArrayOutputStream entry = new ByteArrayOutputStream();
        entry.writeBytes(OnnxModels.field(1, "made_of".getBytes(StandardCharsets.UTF_8)));
        entry.writeBytes(OnnxModels.field(2, sha256.getBytes(StandardCharsets.UTF_8)));
        Files.write(folder.resolve("model_int8.onnx"), OnnxModels.field(14, entry.toByteArray()), StandardOpenOption.APPEND);
    }

    @Test
    void onlyTheCpuTakesIt() throws IOException {
        final Path model = model(SLOW, QUICK);
        final Int8Choice choice = new Int8Choice(onnx, new ExecutionProviders(onnx));
        assertEquals(Optional.empty(), choice.of(model, model, List.of(ExecutionProvider.CUDA, ExecutionProvider.CPU)));
        assertEquals(Optional.empty(), known(model));
        assertEquals(Optional.empty(), Int8Models.of(folder.resolve("model_int8.onnx")), "it has no further form");
    }
}
