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

import net.diffusionj.InvalidInputException;

/**
 * One change of an image and its labels, with every number that repeats it. Done in the order of the components. Immutable.
 *
 * @param flip whether x is mirrored
 * @param quarterTurns 0 to 3, each by 90 degrees from x towards y: clockwise on the screen
 * @param degrees of a rotation about the middle, clockwise on the screen
 * @param elasticPx standard deviation of the displacements of an elastic change, in pixels; 0 for none
 * @param elasticSeed of these displacements
 * @param contrast factor of the distance from the image's mean; 1 for none
 * @param brightness share of the image's range of values that is added; 0 for none
 */
public record Transform(boolean flip, int quarterTurns, double degrees, double elasticPx, long elasticSeed, double contrast, double brightness) {

    /** Changes nothing. */
    public static final Transform NONE = new Transform(false, 0, 0, 0, 0, 1, 0);

    private static final String FLIP = "flip";
    private static final String TURN = "turn=";
    private static final String ROTATE = "rotate=";
    private static final String ELASTIC = "elastic=";
    private static final String CONTRAST = "contrast=";
    private static final String BRIGHTNESS = "brightness=";

    /** Checks the numbers. */
    public Transform {
        if (quarterTurns < 0 || quarterTurns > 3 || !(elasticPx >= 0) || !(contrast > 0) || !Double.isFinite(degrees + elasticPx + contrast + brightness)) {
            throw new InvalidInputException("A transform has 0 to 3 quarter turns, an elastic change of 0 or more, a contrast above 0, and finite numbers.");
        }
    }

    /** @return whether pixels move to places between pixels, so that they are interpolated */
    boolean warps() {
        return degrees != 0 || elasticPx != 0;
    }

    /** @return for the manifest, such as {@code flip turn=1 rotate=-3.5}; empty where nothing changes; {@link #parse} gives an equal transform */
    public String toText() {
        final List<String> parts = new ArrayList<>();
        if (flip) parts.add(FLIP);
        if (quarterTurns != 0) parts.add(TURN + quarterTurns);
        if (degrees != 0) parts.add(ROTATE + degrees);
        if (elasticPx != 0) parts.add(ELASTIC + elasticPx + '@' + elasticSeed);
        if (contrast != 1) parts.add(CONTRAST + contrast);
        if (brightness != 0) parts.add(BRIGHTNESS + brightness);
        return String.join(" ", parts);
    }

    /**
     * @param text what {@link #toText} gave
     * @return the transform
     * @throws InvalidInputException if the text has another form
     */
    public static Transform parse(final String text) {
        boolean flip = false;
        int turns = 0;
        double degrees = 0;
        double elastic = 0;
        long seed = 0;
        double contrast = 1;
        double brightness = 0;
        try {
            for (final String part : text.isBlank() ? new String[0] : text.strip().split("\\s+")) {
                if (part.equals(FLIP)) flip = true;
                else if (part.startsWith(TURN)) turns = Integer.parseInt(part.substring(TURN.length()));
                else if (part.startsWith(ROTATE)) degrees = Double.parseDouble(part.substring(ROTATE.length()));
                else if (part.startsWith(CONTRAST)) contrast = Double.parseDouble(part.substring(CONTRAST.length()));
                else if (part.startsWith(BRIGHTNESS)) brightness = Double.parseDouble(part.substring(BRIGHTNESS.length()));
                else if (part.startsWith(ELASTIC)) {
                    final String[] numbers = part.substring(ELASTIC.length()).split("@", 2);
                    elastic = Double.parseDouble(numbers[0]);
                    seed = numbers.length > 1 ? Long.parseLong(numbers[1]) : 0;
                }
                else throw unreadable(text, null);
            }
        }
        catch (final NumberFormatException e) {
            throw unreadable(text, e);
        }
        return new Transform(flip, turns, degrees, elastic, seed, contrast, brightness);
    }

    private static InvalidInputException unreadable(final String text, final Exception cause) {
        return new InvalidInputException("Expected a transform such as \"flip turn=1 rotate=-3.5 elastic=2.0@7 contrast=1.1 brightness=0.05\", not \"" + text
            + "\".", cause);
    }
}
