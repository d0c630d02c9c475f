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
package net.diffusionj.model;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import net.diffusionj.InvalidInputException;

/** Reads configuration files and says which file and line is wrong. Knows no key. */
public final class JsonFile {

    /** CLIP's tokenizer.json has 4 MB where it is written prettily. */
    private static final long MOST_BYTES = 32L << 20;
    /** Digits of the longest number that is of use; more would only take time to read. */
    private static final int MOST_DIGITS = 40;
    private static final Pattern PLACE = Pattern.compile("at (line \\d+ column \\d+)");

    private JsonFile() {}

    /**
     * @param file a JSON file whose top is an object, UTF-8
     * @return the object
     * @throws InvalidInputException if the file is missing, is not one, or cannot be read
     */
    public static JsonObject read(final Path file) {
        FileFault.describe(file).ifPresent(fault -> {
            throw new InvalidInputException(fault);
        });
        final JsonElement top;
        try (JsonReader reader = new JsonReader(new StringReader(text(file)))) {
            top = new Gson().getAdapter(JsonElement.class).read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) throw new InvalidInputException(file + " holds more than one JSON value.");
        }
        catch (final CharacterCodingException e) {
            throw new InvalidInputException(file + " is not UTF-8 text, so it is not a JSON file. Download or copy it again.", e);
        }
        // Half an escape (\\u12) is a NumberFormatException.
        catch (final IOException | JsonParseException | NumberFormatException e) {
            throw new InvalidInputException(file + " is not readable JSON" + place(e) + ". Correct it, or download or copy it again.", e);
        }
        if (!top.isJsonObject()) {
            throw new InvalidInputException(file + " should hold a JSON object ({...}). Download or copy it again.");
        }
        return top.getAsJsonObject();
    }

    private static String text(final Path file) throws IOException {
        final long bytes = Files.size(file);
        if (bytes > MOST_BYTES) {
            throw new InvalidInputException(file + " has " + bytes + " bytes; no configuration file has more than " + MOST_BYTES
                + ". Download or copy it again.");
        }
        return JsonText.ready(file, Files.readString(file));
    }

    /**
     * @param file a JSON file whose top is an object
     * @return unmodifiable, in the file's order: String, Boolean, Long, Double, List or Map; keys whose value is {@code null} (Python's
     *         {@code None}) are left out
     * @throws InvalidInputException as {@link #read(Path)}
     */
    public static Map<String, Object> readMap(final Path file) {
        return toMap(read(file));
    }

    private static Map<String, Object> toMap(final JsonObject object) {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (final Map.Entry<String, JsonElement> entry : object.entrySet()) {
            if (!entry.getValue().isJsonNull()) map.put(entry.getKey(), toValue(entry.getValue()));
        }
        return Collections.unmodifiableMap(map);
    }

    private static Object toValue(final JsonElement element) {
        if (element.isJsonObject()) return toMap(element.getAsJsonObject());
        if (element.isJsonArray()) return toList(element.getAsJsonArray());
        final JsonPrimitive value = element.getAsJsonPrimitive();
        if (value.isBoolean()) return value.getAsBoolean();
        if (value.isNumber()) return toNumber(value.getAsString());
        return value.getAsString();
    }

    private static List<Object> toList(final JsonArray array) {
        final List<Object> list = new ArrayList<>();
        for (final JsonElement element : array) {
            if (!element.isJsonNull()) list.add(toValue(element));
        }
        return Collections.unmodifiableList(list);
    }

    private static Object toNumber(final String text) {
        if (text.length() <= MOST_DIGITS && text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E')) {
            final BigDecimal exact = new BigDecimal(text);
            if (exact.precision() <= 18) return exact.longValueExact();
        }
        return Double.valueOf(text);
    }

    private static String place(final Exception e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            final Matcher matcher = PLACE.matcher(String.valueOf(t.getMessage()));
            if (matcher.find()) return " (" + matcher.group(1) + ")";
        }
        return "";
    }
}
