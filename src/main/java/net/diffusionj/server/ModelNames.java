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
package net.diffusionj.server;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import net.diffusionj.server.http.Refusal;
import net.diffusionj.service.DiffusionEngine;

/**
 * The models that clients may name: those that are installed in the home, and the one that the server was started with. Never a path. Thread-safe.
 */
public final class ModelNames {

    private final DiffusionEngine engine;
    private final String started;
    private final String startedName;

    /**
     * @param engine knows the installed models
     * @param started name or folder of the model that requests get which name none; empty for DiffusionJ's default
     * @throws net.diffusionj.InvalidInputException if that is no model
     */
    public ModelNames(final DiffusionEngine engine, final String started) {
        this.engine = engine;
        this.started = started;
        this.startedName = engine.describe(started).name();
    }

    /** @return name of the model that requests get which name none */
    public String defaultName() {
        return startedName;
    }

    /** @return all names, in alphabetical order */
    public List<String> all() {
        final Set<String> names = new TreeSet<>(engine.installedModels().names());
        names.add(startedName);
        return List.copyOf(names);
    }

    /**
     * @param name what a client calls a model; with a hash in brackets behind it, perhaps, as AUTOMATIC1111 shows them
     * @return what the engine calls it
     * @throws Refusal if there is no such model
     */
    public String forEngine(final String name) {
        final String wanted = name.strip().replaceFirst(" \\[[0-9a-fA-F]+]$", "");
        if (wanted.isEmpty() || wanted.equals(startedName)) return started;
        final List<String> all = all();
        return all.stream().filter(wanted::equals).findFirst().or(() -> all.stream().filter(wanted::equalsIgnoreCase).findFirst())
            .map(found -> found.equals(startedName) ? started : found).orElseThrow(() -> Refusal.input("There is no model \"" + shown(wanted)
                + "\" on this server. It has: " + String.join(", ", all) + ". A server takes the names of its models, no folders."));
    }

    private static String shown(final String name) {
        final String line = name.replaceAll("\\p{Cntrl}", "?");
        return line.length() > 100 ? line.substring(0, 100) + "..." : line;
    }
}
