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

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

/**
 * On which provider each node of a session ran, from ONNX Runtime's own profile of one run. Immutable.
 *
 * @param nodes how many nodes ran where, by the provider's id, or its own name if it is a plug-in
 * @param heavyOnCpu the nodes among them that take the time (convolutions, matrix products, attention) and ran on the CPU, by kind
 */
public record NodePlacement(Map<String, Integer> nodes, Map<String, Integer> heavyOnCpu) {

    private static final Set<String> HEAVY = Set.of("Conv", "ConvTranspose", "FusedConv", "NhwcConv", "NhwcFusedConv", "ConvInteger", "QLinearConv", "MatMul",
        "FusedMatMul", "TransposeMatMul", "MatMulInteger", "DynamicQuantizeMatMul", "QLinearMatMul", "MatMulNBits", "Gemm", "FusedGemm", "Einsum", "Attention",
        "MultiHeadAttention", "GroupQueryAttention", "PackedMultiHeadAttention", "QAttention");
    private static final String KERNEL_TIME = "_kernel_time";
    private static final String CPU = ExecutionProvider.CPU.id();

    /** Copies the maps. */
    public NodePlacement {
        nodes = Collections.unmodifiableMap(new TreeMap<>(nodes));
        heavyOnCpu = Collections.unmodifiableMap(new TreeMap<>(heavyOnCpu));
    }

    /** @return whether nodes that take the time ran on the CPU */
    public boolean fellBack() {
        return !heavyOnCpu.isEmpty();
    }

    /** @return such as "cuda 412, cpu 3" */
    public String summary() {
        return nodes.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed()).map(entry -> entry.getKey() + ' ' + entry.getValue())
            .collect(Collectors.joining(", "));
    }

    /** @return such as "12 MatMul, 3 Conv" */
    public String heavySummary() {
        return heavyOnCpu.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(entry -> entry.getValue() + " " + entry.getKey()).collect(Collectors.joining(", "));
    }

    /**
     * Reads a profile: a JSON array of events, of which those of category "Node" whose name ends in "_kernel_time" have the node's kind in
     * {@code args.op_name} and its provider in {@code args.provider}. Nodes that ran several times, as in loops, count once.
     *
     * @param profile the file that ended the profiling of a session
     * @return what it says
     * @throws IOException if it cannot be read
     */
    public static NodePlacement read(final Path profile) throws IOException {
        final Map<String, Integer> nodes = new TreeMap<>();
        final Map<String, Integer> heavy = new TreeMap<>();
        final Set<String> seen = new HashSet<>();
        try (Reader text = Files.newBufferedReader(profile); JsonReader json = new JsonReader(text)) {
            json.beginArray();
            while (json.hasNext()) {
                final Event event = Event.read(json);
                if (!event.category.equals("Node") || !event.name.endsWith(KERNEL_TIME) || event.provider.isEmpty() || !seen.add(event.name)) continue;
                final String provider = ExecutionProvider.ofOrtName(event.provider).map(ExecutionProvider::id).orElse(event.provider);
                nodes.merge(provider, 1, Integer::sum);
                if (provider.equals(CPU) && HEAVY.contains(event.kind)) heavy.merge(event.kind, 1, Integer::sum);
            }
            json.endArray();
        }
        catch (final IllegalStateException e) {
            throw new IOException(profile + " is not a profile of ONNX Runtime", e);
        }
        return new NodePlacement(nodes, heavy);
    }

    /** One event of the profile, of which only what is wanted is kept. */
    private static final class Event {
        private String category = "";
        private String name = "";
        private String kind = "";
        private String provider = "";

        static Event read(final JsonReader json) throws IOException {
            final Event event = new Event();
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "cat" -> event.category = json.nextString();
                    case "name" -> event.name = json.nextString();
                    case "args" -> event.readArguments(json);
                    default -> json.skipValue();
                }
            }
            json.endObject();
            return event;
        }

        private void readArguments(final JsonReader json) throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                final String key = json.nextName();
                if (json.peek() != JsonToken.STRING) json.skipValue();
                else if (key.equals("op_name")) kind = json.nextString();
                else if (key.equals("provider")) provider = json.nextString();
                else json.skipValue();
            }
            json.endObject();
        }
    }
}
