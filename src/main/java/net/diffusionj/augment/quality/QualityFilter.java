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
package net.diffusionj.augment.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import net.diffusionj.InvalidInputException;

/**
 * Conditions that an output's quality must meet, such as {@code ssim>0.5,psnr>=20,copy>0.1}; none is met by everything. A measure that was not taken
 * (NaN) refuses nothing. Immutable; {@link #toString()} gives a text that {@link #parse} reads back.
 *
 * @param conditions all of them must hold
 */
public record QualityFilter(List<Condition> conditions) {

    /** Lets everything through. */
    public static final QualityFilter NONE = new QualityFilter(List.of());

    private static final Pattern CONDITION = Pattern.compile("\\s*([a-z]+)\\s*(>=|<=|>|<)\\s*([-+.0-9eE]+)\\s*");

    /** Copies the list. */
    public QualityFilter {
        conditions = List.copyOf(conditions);
    }

    /** What can be asked for. */
    public enum Measure {
        /** {@link Quality#ssim()}. */
        SSIM(Quality::ssim),
        /** {@link Quality#psnrDb()}. */
        PSNR(Quality::psnrDb),
        /** {@link Quality#histogramDistance()}. */
        HISTOGRAM(Quality::histogramDistance),
        /** {@link Quality#sourceDistance()}. */
        COPY(Quality::sourceDistance),
        /** {@link Quality#nearestOutputDistance()}. */
        OUTPUTS(Quality::nearestOutputDistance),
        /** {@link Quality#kernelDistance()}. */
        KERNEL(Quality::kernelDistance);

        private final ToDoubleFunction<Quality> value;

        Measure(final ToDoubleFunction<Quality> value) {
            this.value = value;
        }

        /**
         * @param quality of an output
         * @return this measure of it
         */
        public double of(final Quality quality) {
            return value.applyAsDouble(quality);
        }

        /** @return the word that stands in a filter */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One condition.
     *
     * @param measure what must be so
     * @param comparison {@code >}, {@code >=}, {@code <} or {@code <=}
     * @param limit compared with
     */
    public record Condition(Measure measure, String comparison, double limit) {

        private boolean holds(final double value) {
            return Double.isNaN(value) || switch (comparison) {
                case ">" -> value > limit;
                case ">=" -> value >= limit;
                case "<" -> value < limit;
                default -> value <= limit;
            };
        }

        @Override
        public String toString() {
            return measure.id() + comparison + limit;
        }
    }

    /**
     * @param text conditions between commas; empty for none
     * @return the filter
     * @throws InvalidInputException if a condition cannot be read, saying which and what may be asked for
     */
    public static QualityFilter parse(final String text) {
        if (text.isBlank()) return NONE;
        final List<Condition> conditions = new ArrayList<>();
        for (final String part : text.split(",", -1)) conditions.add(condition(part));
        return new QualityFilter(conditions);
    }

    private static Condition condition(final String part) {
        final Matcher matcher = CONDITION.matcher(part);
        if (matcher.matches()) {
            final Optional<Measure> measure = Arrays.stream(Measure.values()).filter(m -> m.id().equals(matcher.group(1))).findFirst();
            try {
                if (measure.isPresent()) return new Condition(measure.get(), matcher.group(2), Double.parseDouble(matcher.group(3)));
            }
            catch (final NumberFormatException e) {
                throw unreadable(part, e);
            }
        }
        throw unreadable(part, null);
    }

    private static InvalidInputException unreadable(final String part, final NumberFormatException cause) {
        return new InvalidInputException("The quality condition '" + part.strip() + "' cannot be read. Write a measure ("
            + Arrays.stream(Measure.values()).map(Measure::id).collect(Collectors.joining(", "))
            + "), then >, >=, < or <=, then a number; several between commas, such as ssim>0.5,psnr>20.", cause);
    }

    /** @param measure any
     *  @return whether a condition is on it */
    public boolean asks(final Measure measure) {
        return conditions.stream().anyMatch(condition -> condition.measure == measure);
    }

    /**
     * @param quality of an output
     * @return why it is refused, such as {@code ssim is 0.31, not >0.5}; empty if it is kept
     */
    public Optional<String> refusal(final Quality quality) {
        return conditions.stream().filter(condition -> !condition.holds(condition.measure.of(quality))).findFirst()
            .map(condition -> String.format(Locale.ROOT, "%s is %.4g, not %s%s", condition.measure.id(), condition.measure.of(quality), condition.comparison,
                condition.limit));
    }

    @Override
    public String toString() {
        return conditions.stream().map(Condition::toString).collect(Collectors.joining(","));
    }
}
