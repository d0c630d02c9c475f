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
package net.diffusionj.service.steps;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was measured of one model on this machine: for schedulers and numbers of steps, how long a picture takes and how like it is to that of many steps.
 *
 * @param model its name
 * @param modelHash SHA-256 over its files
 * @param widthPx width of the pictures
 * @param heightPx their height
 * @param guidance guidance scale
 * @param provider what was asked to run it
 * @param pictures how many each row is measured on, at least 1
 * @param reference id of the scheduler that made the pictures of many steps
 * @param referenceSteps how many steps those have
 * @param day when, as year, month and day
 * @param rows at least one
 */
public record StepsTable(String model, String modelHash, int widthPx, int heightPx, double guidance, String provider, int pictures, String reference,
    int referenceSteps, String day, List<StepsRow> rows) {

    /** From here on, pictures are told apart only side by side. */
    public static final double SIMILAR = 0.95;

    /** Copies the list. */
    public StepsTable {
        rows = List.copyOf(rows);
        if (rows.isEmpty()) throw new IllegalArgumentException("no rows");
    }

    /** The rule of {@link #recommended()}, in a sentence. */
    public static String rule() {
        return String.format(Locale.ROOT,
            "The quickest whose similarity, less its standard error, is at least %s, of the schedulers that draw no noise on the way;"
                + " where none is, the most similar.",
            SIMILAR);
    }

    /** @return what {@link #rule()} chooses; empty if every row draws noise on the way */
    public Optional<StepsRow> recommended() {
        final List<StepsRow> settling = rows.stream().filter(StepsRow::settles).toList();
        final Optional<StepsRow> quickest = settling.stream().filter(row -> row.similarity() - row.error() >= SIMILAR)
            .min(Comparator.comparingDouble(StepsRow::seconds));
        return quickest.isPresent() ? quickest : settling.stream().max(Comparator.comparingDouble(StepsRow::similarity));
    }

    /** @return the recommendation, for a dialog */
    public Optional<String> inWords() {
        return recommended().map(row -> String.format(Locale.ROOT, "Measured here: %d steps of %s take %.2f s and come to a similarity of %.2f with %d steps.",
            row.steps(), row.scheduler(), row.seconds(), row.similarity(), referenceSteps));
    }
}
