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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.diffusionj.InvalidInputException;
import net.diffusionj.ort.memory.CacheLimits;
import net.diffusionj.ort.memory.MemoryProbe;
import net.diffusionj.ort.provider.ProviderChoice;

/** Defaults, the file over them, properties over the file; anything that would be ignored is refused instead. */
class SettingsFileTest {

    @TempDir
    private Path home;

    @Test
    void withoutAFileEverythingHasItsDefault() {
        final Settings settings = file().load();
        assertEquals(Settings.DEFAULTS, settings);
        assertEquals(Settings.of(SettingKey::defaultValue), settings, "the keys' defaults and those written out are the same");
        assertEquals(ProviderChoice.AUTO, settings.provider().choice());
        assertEquals(OptionalInt.of(30), settings.memory().idleMinutes());
        assertFalse(Files.exists(file().file()), "reading writes nothing");
    }

    @Test
    void whenAnIdleModelShrinksAndClosesReachesTheSessions() {
        final MemoryProbe memory = MemoryProbe.ofThisMachine();
        assertEquals(Duration.ofMinutes(5), file().load().memory().limits(memory).idleShrink());
        file().set("memory.shrink", "7");
        file().set("memory.idle", "90");
        final CacheLimits limits = file().load().memory().limits(memory);
        assertEquals(Duration.ofMinutes(7), limits.idleShrink());
        assertEquals(Duration.ofMinutes(90), limits.idleRelease());
        file().set("memory.shrink", "never");
        assertTrue(file().load().memory().limits(memory).idleShrink().compareTo(Duration.ofDays(365)) > 0);
    }

    @Test
    void aValueIsStoredReadAndTakenBack() throws IOException {
        file().set("cuda.memory", "6g");
        file().set("provider.vae", "cpu");
        file().set("memory.idle", "never");
        file().set("cpu.threads", "3");
        file().set("cpu.affinity", "1;2");
        final Settings settings = file().load();
        assertEquals(OptionalLong.of(6L << 30), settings.provider().options().cuda().memoryBytes());
        assertEquals(Optional.of(ProviderChoice.CPU), settings.provider().vae());
        assertEquals(OptionalInt.empty(), settings.memory().idleMinutes());
        assertEquals("1;2", settings.provider().options().cpu().affinity());
        final String json = Files.readString(file().file());
        assertTrue(json.contains("\"cuda.memory\": \"6G\"") && json.contains("\"cpu.threads\": 3"), json);
        file().reset("cuda.memory");
        assertEquals(OptionalLong.empty(), file().load().provider().options().cuda().memoryBytes());
        file().resetAll();
        assertEquals(Settings.DEFAULTS, file().load());
    }

    @Test
    void aPropertyWinsOverTheFile() {
        file().set("cuda.tf32", "true");
        withProperty("diffusionj.cuda.tf32", "false", () -> {
            assertFalse(file().load().provider().options().cuda().tf32());
            final SettingsFile.Entry entry = file().entries().stream().filter(e -> e.key() == SettingKeys.CUDA_TF32).findFirst().orElseThrow();
            assertEquals(SettingsFile.Origin.PROPERTY, entry.origin());
        });
        assertTrue(file().load().provider().options().cuda().tf32());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"cuda.tf23\": true}|no setting 'cuda.tf23'|cuda.tf32",
        "{\"Cuda.tf32\": true}|no setting 'Cuda.tf32'|settings list",
        "{\"cuda.tf32\": \"maybe\"}|cuda.tf32 should be true or false, but is 'maybe'|settings reset cuda.tf32",
        "{\"cuda\": {\"tf32\": true}}|cuda should be a text, a number, true or false|\"cuda.memory\"",
        "{\"cpu.threads\": -1}|cpu.threads should be a whole number from 0 to 1024, but is '-1'|reset",
        "{\"cpu.threads\": 1.5}|but is '1.5'|reset",
        "{\"cuda.memory\": \"99999999999999G\"}|should be auto, or a size such as 512M or 4G|reset",
        "{\"provider\": \"gpu\"}|one of auto, cpu, cuda|'gpu'",
        "{\"cache.results.size\": null}|should be a text, a number, true or false, but is null|cache.results.size",
        "{\"cuda.tf32\": tru|is not readable JSON|settings.json"
    })
    void whatCannotBeUsedIsRefusedWithFileKeyExpectedAndFound(final String json, final String expected, final String also) throws IOException {
        Files.writeString(file().file(), json);
        final String message = assertThrows(InvalidInputException.class, () -> file().load()).getMessage();
        assertTrue(message.contains(expected) && message.contains(also) && message.contains("settings"), message);
        assertTrue(message.contains(file().file().toString()), message);
        file().resetAll();
        assertEquals(Settings.DEFAULTS, file().load(), "reset gets out of any state");
    }

    @Test
    void aMisspeltPropertyIsRefused() {
        withProperty("diffusionj.cuda.tf23", "false",
            () -> assertTrue(assertThrows(InvalidInputException.class, () -> file().load()).getMessage().contains("system property diffusionj.cuda.tf23")));
        withProperty("diffusionj.cuda.tf32", "no",
            () -> assertTrue(assertThrows(InvalidInputException.class, () -> file().load()).getMessage().contains("system property diffusionj.cuda.tf32")));
    }

    @Test
    void refusesToStoreWhatItWouldNotRead() {
        assertThrows(InvalidInputException.class, () -> file().set("cuda.tf32", "yes"));
        assertThrows(InvalidInputException.class, () -> file().set("no.such", "1"));
        assertThrows(InvalidInputException.class, () -> file().reset("no.such"));
        assertFalse(Files.exists(file().file()));
    }

    @Test
    void aKeyOfAnotherVersionCanBeRemoved() throws IOException {
        Files.writeString(file().file(), "{\"old.key\": 1, \"cpu.threads\": 2}");
        file().reset("old.key");
        assertEquals(2, file().load().provider().options().cpu().threads());
    }

    @Test
    void affinityNeedsItsThreads() {
        file().set("cpu.affinity", "1;2");
        final String message = assertThrows(InvalidInputException.class, () -> file().load()).getMessage();
        assertTrue(message.contains("set cpu.threads to 3"), message);
    }

    @Test
    void changesOfManyThreadsAreAllKept() throws Exception {
        final List<SettingKey<?>> keys = SettingKeys.all();
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (final Future<?> done : keys.stream().map(key -> threads.submit(() -> file().set(key.name(), key.defaultText()))).toList()) done.get();
        }
        finally {
            threads.shutdown();
        }
        assertTrue(file().entries().stream().allMatch(entry -> entry.origin() == SettingsFile.Origin.FILE));
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of("settings.json", "settings.lock"), left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void everyKeyIsListedOnceAndReadsItsOwnDefault() {
        final long declared = Arrays.stream(SettingKeys.class.getDeclaredFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == SettingKey.class).count();
        assertEquals(declared, SettingKeys.all().size());
        assertEquals(declared, SettingKeys.all().stream().map(SettingKey::name).distinct().count());
        for (final SettingKey<?> key : SettingKeys.all()) {
            assertEquals(key.defaultValue(), key.parse(key.defaultText(), "a test"), key.name());
            assertTrue(key.name().matches("[a-z0-9]+(\\.[a-z0-9]+)*"), key.name());
        }
    }

    @Test
    void sizesReadAsTheyAreWritten() {
        final List<Long> sizes = List.of(0L, 1L, 1023L, 1L << 10, 3L << 20, 5L << 30, 2L << 40, (1L << 30) + 1);
        IntStream.range(0, sizes.size()).forEach(i -> {
            final ValueType<Long> type = ValueType.bytes();
            assertEquals(Optional.of(sizes.get(i)), type.parser().apply(type.formatter().apply(sizes.get(i))));
        });
        assertEquals(Optional.of(512L << 20), ValueType.bytes().parser().apply("512 MiB"));
    }

    private SettingsFile file() {
        return new SettingsFile(home);
    }

    private static void withProperty(final String name, final String value, final Runnable action) {
        System.setProperty(name, value);
        try {
            action.run();
        }
        finally {
            System.clearProperty(name);
        }
    }
}
