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

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the value of a setting is written and read. Immutable.
 *
 * @param <T> what Java code works with
 * @param expected what may be written, for messages: "a whole number from 0 to 63"
 * @param parser reads a text; empty where the text is not of this type
 * @param formatter the inverse of the parser
 */
record ValueType<T>(String expected, Function<String, Optional<T>> parser, Function<T, String> formatter) {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*([KMGT]?)(I?B)?");
    private static final String AUTO = "auto";

    static ValueType<Boolean> flag() {
        return new ValueType<>("true or false", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        }, String::valueOf);
    }

    static ValueType<Integer> integer(final int min, final int max) {
        return new ValueType<>("a whole number from " + min + " to " + max, text -> whole(text, min, max), String::valueOf);
    }

    private static Optional<Integer> whole(final String text, final int min, final int max) {
        if (!text.matches("-?\\d{1,9}")) return Optional.empty();
        return Optional.of(Integer.valueOf(text)).filter(value -> value >= min && value <= max);
    }

    static ValueType<Long> bytes() {
        return new ValueType<>("a size such as 512M or 4G", ValueType::size, ValueType::written);
    }

    static ValueType<OptionalLong> bytesOrAuto() {
        return new ValueType<>("auto, or a size such as 512M or 4G",
            text -> text.equalsIgnoreCase(AUTO) ? Optional.of(OptionalLong.empty()) : size(text).map(OptionalLong::of),
            value -> value.isPresent() ? written(value.getAsLong()) : AUTO);
    }

    private static Optional<Long> size(final String text) {
        final Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT).trim());
        if (!matcher.matches()) return Optional.empty();
        final int power = " KMGT".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
        final long count = Long.parseLong(matcher.group(1));
        return count > Long.MAX_VALUE >> 10 * power ? Optional.empty() : Optional.of(count << 10 * power);
    }

    private static String written(final long bytes) {
        for (int power = 4; power > 0; power--) {
            if (bytes > 0 && bytes % (1L << 10 * power) == 0) return (bytes >> 10 * power) + String.valueOf(" KMGT".charAt(power));
        }
        return Long.toString(bytes);
    }

    /** One constant of an enum, written in lower case with hyphens. */
    static <E extends Enum<E>> ValueType<E> choice(final Class<E> type) {
        return new ValueType<>("one of " + names(type), text -> find(type, text), ValueType::name);
    }

    /** One constant of an enum, or a word that stands for "none of them". */
    static <E extends Enum<E>> ValueType<Optional<E>> choiceOr(final Class<E> type, final String none) {
        return new ValueType<>("one of " + none + ", " + names(type),
            text -> text.equalsIgnoreCase(none) ? Optional.of(Optional.empty()) : find(type, text).map(Optional::of),
            value -> value.map(ValueType::name).orElse(none));
    }

    private static <E extends Enum<E>> Optional<E> find(final Class<E> type, final String text) {
        return Arrays.stream(type.getEnumConstants()).filter(constant -> name(constant).equals(text.toLowerCase(Locale.ROOT))).findFirst();
    }

    private static <E extends Enum<E>> String names(final Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(ValueType::name).collect(Collectors.joining(", "));
    }

    private static String name(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A text of a form that a pattern gives. */
    static ValueType<String> text(final String expected, final Pattern form) {
        return new ValueType<>(expected, text -> form.matcher(text).matches() ? Optional.of(text) : Optional.empty(), text -> text);
    }

    /** Files, separated as the system separates the entries of a path; empty for none. */
    static ValueType<List<Path>> files() {
        return new ValueType<>("files, separated by '" + File.pathSeparator + "'", text -> text.indexOf('\0') >= 0 ? Optional.empty()
            : Optional.of(Arrays.stream(text.split(Pattern.quote(File.pathSeparator))).filter(part -> !part.isBlank()).map(Path::of).toList()),
            list -> list.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }

    /** A file; empty for none. */
    static ValueType<Optional<Path>> file() {
        return new ValueType<>("the path of a file", text -> text.indexOf('\0') >= 0 ? Optional.empty()
            : Optional.of(text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text))), value -> value.map(Path::toString).orElse(""));
    }

    /** Where a server is, without a path; empty for none. */
    static ValueType<Optional<URI>> address() {
        return new ValueType<>("an address such as http://127.0.0.1:7860, or nothing", text -> text.isEmpty() ? Optional.of(Optional.empty())
            : ServerSettings.address(text).map(Optional::of), value -> value.map(URI::toString).orElse(""));
    }

    /** A number from 1, or "auto". */
    static ValueType<OptionalInt> countOrAuto(final int max) {
        return new ValueType<>("auto, or a whole number from 1 to " + max,
            text -> text.equalsIgnoreCase(AUTO) ? Optional.of(OptionalInt.empty()) : whole(text, 1, max).map(OptionalInt::of),
            value -> value.isPresent() ? Integer.toString(value.getAsInt()) : AUTO);
    }

    /** Minutes, or "never". */
    static ValueType<OptionalInt> minutesOrNever() {
        return new ValueType<>("never, or minutes from 1 to 10080",
            text -> text.equalsIgnoreCase("never") ? Optional.of(OptionalInt.empty()) : whole(text, 1, 10_080).map(OptionalInt::of),
            value -> value.isPresent() ? Integer.toString(value.getAsInt()) : "never");
    }
}
