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
package net.diffusionj.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages configurations that stay JSON: values of other kinds, numbers beyond reason, missing and moved pieces, depth. */
final class FuzzJson {

    private static final String[] HOSTILE =
        {"null", "true", "-1", "0", "1", "0.5", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "1e9", "1e308",
            "1e999999999", "-1e-308", "1000000000", "\"\"", "\"NaN\"", "[]", "{}", "[[[]]]", "\"\\ud800\"", "\"../../../etc/passwd\"", "\"\\u0000\"",
            "[1, null, \"x\"]"};

    private FuzzJson() {}

    /**
     * @param text a JSON object
     * @param random decides what becomes of it
     * @return JSON with something wrong in it
     */
    static String damage(final String text, final Random random) {
        final JsonElement top = JsonParser.parseString(text);
        for (int i = 1 + random.nextInt(3); i > 0; i--) damageOnce(top, random);
        return top.toString();
    }

    private static void damageOnce(final JsonElement top, final Random random) {
        final List<JsonElement> holders = new ArrayList<>();
        collect(top, holders);
        // Large tables would be hit all the time otherwise.
        final JsonElement holder = holders.get(random.nextBoolean() ? random.nextInt(Math.min(12, holders.size())) : random.nextInt(holders.size()));
        if (holder instanceof final JsonObject object && object.size() > 0) damageObject(object, top, random);
        else if (holder instanceof final JsonArray array && array.size() > 0) damageArray(array, random);
    }

    private static void collect(final JsonElement element, final List<JsonElement> holders) {
        if (element instanceof final JsonObject object) {
            holders.add(object);
            object.entrySet().forEach(entry -> collect(entry.getValue(), holders));
        }
        else if (element instanceof final JsonArray array) {
            holders.add(array);
            array.forEach(member -> collect(member, holders));
        }
    }

    private static void damageObject(final JsonObject object, final JsonElement top, final Random random) {
        final List<String> keys = List.copyOf(object.keySet());
        final String key = keys.get(random.nextInt(keys.size()));
        switch (random.nextInt(7)) {
            case 0 -> object.remove(key);
            case 1 -> object.add(key, object.get(keys.get(random.nextInt(keys.size()))));
            case 2 -> object.add(key, nested(1 + random.nextInt(300), random));
            case 3 -> object.add(keys.get(random.nextInt(keys.size())) + "x", top.deepCopy());
            case 4 -> object.add(key, new JsonPrimitive("x".repeat(random.nextInt(100_000))));
            default -> object.add(key, hostile(random));
        }
    }

    private static void damageArray(final JsonArray array, final Random random) {
        final int index = random.nextInt(array.size());
        switch (random.nextInt(4)) {
            case 0 -> array.remove(index);
            case 1 -> array.add(array.get(index));
            default -> array.set(index, hostile(random));
        }
    }

    private static JsonElement hostile(final Random random) {
        return JsonParser.parseString(HOSTILE[random.nextInt(HOSTILE.length)]);
    }

    private static JsonElement nested(final int depth, final Random random) {
        JsonElement element = hostile(random);
        for (int i = 0; i < depth; i++) {
            final JsonArray array = new JsonArray();
            array.add(element);
            element = array;
        }
        return element;
    }
}
