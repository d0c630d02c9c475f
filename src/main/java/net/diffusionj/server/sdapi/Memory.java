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
package net.diffusionj.server.sdapi;

import java.util.List;

import com.google.gson.JsonObject;

import net.diffusionj.ort.memory.GpuMemory;
import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.memory.MemoryProbe;

/** Memory as AUTOMATIC1111 tells it, in bytes: that of the machine, and that of its first GPU. Stateless. */
final class Memory {

    private Memory() {}

    static JsonObject of(final MemoryProbe memory) {
        final JsonObject answer = new JsonObject();
        answer.add("ram", room(memory.totalBytes().orElse(0), memory.totalBytes().orElse(0) - memory.availableBytes().orElse(0)));
        final JsonObject cuda = new JsonObject();
        final List<GpuState> gpus = memory.gpus();
        if (gpus.isEmpty() || gpus.get(0).memory().isEmpty()) cuda.addProperty("error", "unavailable");
        else {
            final GpuMemory room = gpus.get(0).memory().get();
            cuda.add("system", room(room.totalBytes(), room.usedBytes()));
        }
        answer.add("cuda", cuda);
        return answer;
    }

    private static JsonObject room(final long total, final long used) {
        final JsonObject room = new JsonObject();
        room.addProperty("free", total - used);
        room.addProperty("used", used);
        room.addProperty("total", total);
        return room;
    }
}
