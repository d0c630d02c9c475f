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
package net.diffusionj.service.settings;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import net.diffusionj.DiffusionJException;
import net.diffusionj.InvalidInputException;
import net.diffusionj.home.AtomicFile;
import net.diffusionj.model.JsonFile;

/**
 * {@code settings.json} in the DiffusionJ home: one object, keys as {@link SettingKeys} has them. What is not in it has its default; a system
 * property of the same name with {@code diffusionj.} before it wins.
 * <p>
 * Thread-safe, and safe for several processes: changes are made under a lock, written aside and moved.
 * </p>
 */
public final class SettingsFile {

    /** First words of properties under our prefix that are not settings. */
    private static final Set<String> NO_SETTINGS = Set.of("home", "native", "context", "history", "internal", "test");
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final Path file;

    /** @param home the DiffusionJ home, which need not exist */
    public SettingsFile(final Path home) {
        this.file = home.resolve("settings.json");
    }

    /** Where a value comes from. */
    public enum Origin {
        DEFAULT, FILE, PROPERTY
    }

    /**
     * One setting as it stands.
     *
     * @param key which
     * @param text its value as it would be written
     * @param origin where the value comes from
     */
    public record Entry(SettingKey<?> key, String text, Origin origin) {}

    /** @return the file, which need not exist */
    public Path file() {
        return file;
    }

    /**
     * Reads the file and the system properties.
     *
     * @return the settings
     * @throws InvalidInputException if a key is unknown or a value cannot be used, in the file or in a property
     */
    public Settings load() {
        if (!Files.exists(file) && names().isEmpty()) return Settings.DEFAULTS;
        final Map<String, String> stored = checked(stored());
        final Properties properties = properties();
        return Settings.of(new Settings.Values() {
            @Override
            public <T> T get(final SettingKey<T> key) {
                final String property = properties.getProperty(key.property());
                if (property != null) return key.parse(property, whereProperty(key));
                final String text = stored.get(key.name());
                return text == null ? key.defaultValue() : key.parse(text, file.toString());
            }
        });
    }

    /** @return every setting, in the order of {@link SettingKeys#all()}; refuses what {@link #load()} refuses */
    public List<Entry> entries() {
        final Map<String, String> stored = checked(stored());
        final Properties properties = properties();
        return SettingKeys.all().stream().map(key -> entry(key, stored, properties)).toList();
    }

    private Entry entry(final SettingKey<?> key, final Map<String, String> stored, final Properties properties) {
        final String property = properties.getProperty(key.property());
        if (property != null) return new Entry(key, key.normalised(property, whereProperty(key)), Origin.PROPERTY);
        final String text = stored.get(key.name());
        return text == null ? new Entry(key, key.defaultText(), Origin.DEFAULT) : new Entry(key, key.normalised(text, file.toString()), Origin.FILE);
    }

    /**
     * Stores a value.
     *
     * @param name of a key
     * @param text the value
     * @throws InvalidInputException if there is no such key, the value cannot be used, or the file cannot be written
     */
    public void set(final String name, final String text) {
        final SettingKey<?> key = SettingKeys.find(name).orElseThrow(() -> SettingKeys.unknown(name, "the command"));
        final String normal = key.normalised(text, "the command");
        change(values -> values.add(key.name(), json(normal)));
    }

    /**
     * Takes a value back, so that the default holds. Works for keys that this version does not know, if the file has them.
     *
     * @param name of a key
     */
    public void reset(final String name) {
        if (SettingKeys.find(name).isEmpty() && !stored().containsKey(name)) throw SettingKeys.unknown(name, "the command");
        change(values -> values.remove(name));
    }

    /** Removes the file, whatever state it is in. */
    public void resetAll() {
        try {
            Files.deleteIfExists(file);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The settings " + file + " could not be removed: " + e.getMessage() + ". Remove the file by hand.", e);
        }
    }

    @SuppressWarnings("try") // the lock is held, not used
    private void change(final Consumer<JsonObject> edit) {
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(file.resolveSibling("settings.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
                final JsonObject values = Files.exists(file) ? JsonFile.read(file) : new JsonObject();
                edit.accept(values);
                AtomicFile.write(file, out -> out.write((GSON.toJson(values) + '\n').getBytes(StandardCharsets.UTF_8)));
            }
        }
        catch (final IOException e) {
            throw new InvalidInputException("The settings " + file + " cannot be changed: " + e.getMessage() + ". Make the folder writable, or choose"
                + " another with -Ddiffusionj.home=FOLDER.", e);
        }
    }

    /** Java refuses the lock to a second thread of the process that holds it instead of waiting. */
    private static FileLock lock(final FileChannel channel) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return channel.lock();
            }
            catch (final OverlappingFileLockException e) {
                pause(e);
            }
        }
        throw new IOException("another thread holds its lock");
    }

    private static void pause(final Exception why) {
        try {
            Thread.sleep(20);
        }
        catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            e.addSuppressed(why);
            throw new DiffusionJException("Interrupted while another thread changed the settings; nothing was changed.", e);
        }
    }

    private static JsonPrimitive json(final String text) {
        if (text.equals("true") || text.equals("false")) return new JsonPrimitive(Boolean.valueOf(text));
        return text.matches("\\d{1,15}") ? new JsonPrimitive(Long.valueOf(text)) : new JsonPrimitive(text);
    }

    private Map<String, String> stored() {
        final Map<String, String> values = new TreeMap<>();
        if (!Files.exists(file)) return values;
        for (final Map.Entry<String, JsonElement> entry : JsonFile.read(file).entrySet()) {
            if (!entry.getValue().isJsonPrimitive()) {
                throw new InvalidInputException("In " + file + " the setting " + entry.getKey() + " should be a text, a number, true or false, but is "
                    + entry.getValue() + ". Keys are written out, such as \"cuda.memory\".");
            }
            values.put(entry.getKey(), entry.getValue().getAsString());
        }
        return values;
    }

    private Map<String, String> checked(final Map<String, String> stored) {
        stored.keySet().stream().filter(name -> SettingKeys.find(name).isEmpty()).findFirst().ifPresent(name -> {
            throw SettingKeys.unknown(name, file.toString());
        });
        return stored;
    }

    /** A misspelt property would do nothing in silence. */
    private static Properties properties() {
        for (final String name : names()) {
            if (SettingKeys.find(name).isEmpty()) throw SettingKeys.unknown(name, "the system property " + SettingKey.PROPERTY_PREFIX + name);
        }
        return System.getProperties();
    }

    /** @return what system properties are there to set, without our prefix */
    private static List<String> names() {
        final List<String> names = new ArrayList<>();
        for (final String property : System.getProperties().stringPropertyNames()) {
            if (!property.startsWith(SettingKey.PROPERTY_PREFIX)) continue;
            final String name = property.substring(SettingKey.PROPERTY_PREFIX.length());
            if (!NO_SETTINGS.contains(name.split("\\.")[0])) names.add(name);
        }
        return names;
    }

    private static String whereProperty(final SettingKey<?> key) {
        return "the system property " + key.property();
    }
}
