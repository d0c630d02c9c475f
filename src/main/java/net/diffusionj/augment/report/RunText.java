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
package net.diffusionj.augment.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import net.diffusionj.InvalidInputException;
import net.diffusionj.augment.manifest.Manifest;

/** What {@code manifest.json} says of the run as a whole, as names and texts, whatever they are. Stateless. */
final class RunText {

    private RunText() {}

    /** @return values by name, nested names joined by a point; empty without the file */
    static Map<String, String> read(final Path folder) {
        final Map<String, String> out = new LinkedHashMap<>();
        final Path json = folder.resolve(Manifest.JSON);
        if (!Files.exists(json)) return out;
        try {
            final JsonElement all = JsonParser.parseString(Files.readString(json, StandardCharsets.UTF_8));
            if (all.isJsonObject() && all.getAsJsonObject().has("run")) add("", all.getAsJsonObject().get("run"), out);
        }
        catch (final IOException | JsonParseException e) {
            throw new InvalidInputException("The file " + json + " cannot be read for the report: " + e.getMessage() + '.', e);
        }
        return out;
    }

    private static void add(final String name, final JsonElement value, final Map<String, String> out) {
        if (value.isJsonObject()) {
            final JsonObject object = value.getAsJsonObject();
            // Every source has its hash there, which the manifest's own rows say too.
            object.keySet().stream().filter(key -> !name.isEmpty() || !key.equals("sources"))
                .forEach(key -> add(name.isEmpty() ? key : name + "." + key, object.get(key), out));
        }
        else if (value.isJsonPrimitive()) {
            out.put(name.startsWith("settings.") ? name.substring("settings.".length()) : name, value.getAsString());
        }
        else {
            out.put(name, value.toString());
        }
    }
}
