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
package net.diffusionj.augment.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import net.diffusionj.InvalidInputException;

/**
 * Which transforms are drawn by chance. Immutable.
 *
 * @param flip whether half of the outputs are mirrored
 * @param turn whether outputs are turned by 0 to 3 quarters
 * @param degrees the largest rotation either way; 0 for none
 * @param elasticPx standard deviation of the displacements, in pixels; 0 for none
 * @param intensity the largest change of contrast and brightness either way, as a share; 0 for none
 */
public record TransformChoices(boolean flip, boolean turn, double degrees, double elasticPx, double intensity) {

    /** Changes nothing. */
    public static final TransformChoices NONE = new TransformChoices(false, false, 0, 0, 0);

    private static final double USUAL_DEGREES = 15;
    private static final double USUAL_ELASTIC_PX = 2;
    private static final double USUAL_INTENSITY = 0.1;
    private static final double MOST_ELASTIC_PX = 8;

    /** Checks the numbers. */
    public TransformChoices {
        if (!(degrees >= 0 && degrees <= 180)) throw new InvalidInputException("A rotation is 0 to 180 degrees, not " + degrees + ".");
        if (!(elasticPx >= 0 && elasticPx <= MOST_ELASTIC_PX)) {
            throw new InvalidInputException("An elastic change is 0 to " + MOST_ELASTIC_PX + " pixels, not " + elasticPx + ": more would fold the image.");
        }
        if (!(intensity >= 0 && intensity < 1)) throw new InvalidInputException("An intensity change is a share of 0 to below 1, not " + intensity + ".");
    }

    /**
     * @param text names separated by commas, some with a number: {@code flip,turn,rotate=15,elastic=2,intensity=0.1}; empty or {@code off} for none
     * @return the choices
     * @throws InvalidInputException if it has another form
     */
    public static TransformChoices parse(final String text) {
        boolean flip = false;
        boolean turn = false;
        double degrees = 0;
        double elastic = 0;
        double intensity = 0;
        if (text.isBlank() || text.strip().equals("off")) return NONE;
        for (final String part : text.split(",", -1)) {
            final String[] words = part.strip().split("=", 2);
            switch (words[0].strip()) {
                case "flip" -> flip = true;
                case "turn" -> turn = true;
                case "rotate" -> degrees = number(words, USUAL_DEGREES, text);
                case "elastic" -> elastic = number(words, USUAL_ELASTIC_PX, text);
                case "intensity" -> intensity = number(words, USUAL_INTENSITY, text);
                default -> throw unreadable(text, null);
            }
        }
        return new TransformChoices(flip, turn, degrees, elastic, intensity);
    }

    private static double number(final String[] words, final double usual, final String text) {
        try {
            return words.length == 1 ? usual : Double.parseDouble(words[1].strip());
        }
        catch (final NumberFormatException e) {
            throw unreadable(text, e);
        }
    }

    private static InvalidInputException unreadable(final String text, final Exception cause) {
        return new InvalidInputException("Transforms are flip, turn, rotate=DEGREES, elastic=PIXELS and intensity=SHARE, separated by commas, not \"" + text
            + "\".", cause);
    }

    /**
     * Draws a transform.
     *
     * @param seed the same seed gives the same transform
     * @return what to do
     */
    public Transform draw(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        // Every number is drawn, whatever is chosen, so that one choice does not change another.
        final boolean flipped = random.nextBoolean();
        final int turns = random.nextInt(4);
        final double angle = either(random);
        final long elasticSeed = random.nextInt(Integer.MAX_VALUE);
        final double contrast = either(random);
        final double brightness = either(random);
        return new Transform(flip && flipped, turn ? turns : 0, rounded(degrees * angle), elasticPx, elasticPx == 0 ? 0 : elasticSeed,
            rounded(1 + intensity * contrast), rounded(intensity * brightness));
    }

    private static double either(final SplittableRandom random) {
        return 2 * random.nextDouble() - 1;
    }

    /** Short enough to read in a manifest; a zero without a sign. */
    private static double rounded(final double value) {
        return Math.rint(value * 1e4) / 1e4 + 0.0;
    }

    /** @return in the form that {@link #parse} reads */
    public String toText() {
        final List<String> parts = new ArrayList<>();
        if (flip) parts.add("flip");
        if (turn) parts.add("turn");
        if (degrees != 0) parts.add("rotate=" + degrees);
        if (elasticPx != 0) parts.add("elastic=" + elasticPx);
        if (intensity != 0) parts.add("intensity=" + intensity);
        return parts.isEmpty() ? "off" : String.join(",", parts);
    }
}
