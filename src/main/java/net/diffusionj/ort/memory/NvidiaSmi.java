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
package net.diffusionj.ort.memory;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import net.diffusionj.ort.provider.NvidiaDriver;

/**
 * Asks the NVIDIA driver's own program how much memory a GPU has, since ONNX Runtime's Java interface does not tell. Takes tens of milliseconds, so it
 * is for when a session is opened and for looks every few seconds, not for every step.
 * <p>
 * Thread-safe.
 * </p>
 */
final class NvidiaSmi {

    private static final Logger LOG = System.getLogger(NvidiaSmi.class.getName());
    private static final String PROPERTY = "diffusionj.internal.nvidiasmi";
    private static final long PATIENCE_SECONDS = 10;
    private static final long MIB = 1L << 20;

    private final List<String> program;

    /** @param program how the program is called; it comes with the driver and is on the path */
    NvidiaSmi(final String... program) {
        this.program = List.of(program);
    }

    /** @return the program where there is a driver; one that a system property names stands for it in tests */
    static Optional<NvidiaSmi> ofThisMachine() {
        final String standIn = System.getProperty(PROPERTY, "");
        if (!standIn.isBlank()) return Optional.of(new NvidiaSmi(standIn));
        return NvidiaDriver.absence().isEmpty() ? Optional.of(new NvidiaSmi("nvidia-smi")) : Optional.empty();
    }

    /** @return how each GPU is now; none where the program is absent or fails */
    List<GpuState> states() {
        for (final String query : SmiTable.queries()) {
            final List<String> command = new ArrayList<>(program);
            command.addAll(List.of(query, "--format=csv,noheader,nounits"));
            try {
                return SmiTable.parse(output(command));
            }
            catch (final IOException e) {
                LOG.log(Level.DEBUG, "GPUs are not told of by {0}: {1}", query, e.getMessage());
            }
        }
        return List.of();
    }

    /**
     * @param index of the GPU. The program counts by the slots of the board; CUDA does too where CUDA_DEVICE_ORDER is PCI_BUS_ID, and on machines
     *        with one GPU or several alike
     * @return its memory; empty where the program is absent, fails, or says something else
     */
    Optional<GpuMemory> memory(final int index) {
        final List<String> command = new ArrayList<>(program);
        command.addAll(List.of("--id=" + index, "--query-gpu=memory.total,memory.used", "--format=csv,noheader,nounits"));
        try {
            return parse(output(command));
        }
        catch (final IOException e) {
            LOG.log(Level.DEBUG, "The memory of GPU {0} is not told: {1}", index, e.getMessage());
            return Optional.empty();
        }
    }

    private static String output(final List<String> command) throws IOException {
        final Path answer = Files.createTempFile("diffusionj-gpu", ".txt");
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(answer.toFile()).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not answer");
            }
            if (process.exitValue() != 0) throw new IOException(command.get(0) + " ended with " + process.exitValue());
            return Files.readString(answer, StandardCharsets.UTF_8);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        finally {
            Files.deleteIfExists(answer);
        }
    }

    /** @param answer such as "24576, 812", in MiB; a GPU that does not know says "[N/A]" */
    static Optional<GpuMemory> parse(final String answer) {
        final String[] numbers = answer.strip().split("\\s*,\\s*");
        if (numbers.length != 2 || !numbers[0].matches("\\d{1,9}") || !numbers[1].matches("\\d{1,9}")) return Optional.empty();
        final long total = Long.parseLong(numbers[0]) * MIB;
        return Optional.of(new GpuMemory(total, Math.min(total, Long.parseLong(numbers[1]) * MIB)));
    }
}
