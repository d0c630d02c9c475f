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
package net.diffusionj.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import net.diffusionj.DiffusionJException;

/** {@code diffusionj serve} as a process of its own, on this computer. */
final class ServerProcess implements AutoCloseable {

    private static final String BEGIN = "DiffusionJ serves at ";

    private final Process process;
    private final String address;

    private ServerProcess(final Process process, final String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * @param main the program's main class
     * @param model name or folder; empty for the default model
     * @param port 0 for any
     * @return the process, which serves
     */
    static ServerProcess start(final String main, final String model, final int port) {
        final List<String> arguments = new ArrayList<>(List.of("serve", "--port", Integer.toString(port)));
        if (!model.isEmpty()) arguments.addAll(List.of("--model", model));
        try {
            final Process process = ProcessStart.command(main, arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            process.getOutputStream().close();
            final BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(BEGIN)) return new ServerProcess(process, line.substring(BEGIN.length()).split(" ")[0]);
            }
            throw new DiffusionJException("The server that bench started ended by itself. What it printed stands above.");
        }
        catch (final IOException e) {
            throw new DiffusionJException("bench could not start a server: " + e.getMessage() + '.', e);
        }
    }

    String address() {
        return address;
    }

    int port() {
        return URI.create(address).getPort();
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
