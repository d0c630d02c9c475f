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
package net.diffusionj.io;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the pixels of a TIFF file are: from OME-XML in its description, from ImageJ's description, or from the resolution tags, in this order.
 * Stateless and thread-safe.
 */
final class TiffScale {

    private static final int DESCRIPTION = 270;
    private static final int X_RESOLUTION = 282;
    private static final int Y_RESOLUTION = 283;
    private static final int RESOLUTION_UNIT = 296;
    private static final int INCH = 2;
    private static final int CENTIMETRE = 3;
    private static final double UM_IN_CM = 10_000;
    /** What printers and old programs write when they know nothing. */
    private static final double SCREEN_DPI = 72;

    private static final Pattern OME_PIXELS = Pattern.compile("<(?:\\w+:)?Pixels\\b([^<>]{0,65536})>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(PhysicalSize[XYZ](?:Unit)?)\\s*=\\s*(?:\"([^\"]{0,64})\"|'([^']{0,64})')");
    private static final Pattern CHARACTER = Pattern.compile("&#(x?)([0-9a-fA-F]{1,5});");
    /** Powers of ten of a metre. */
    private static final Map<String, Integer> POWERS =
        Map.of("m", 0, "dm", -1, "cm", -2, "mm", -3, "µm", -6, "\u03bcm", -6, "um", -6, "nm", -9, "pm", -12, "Å", -10);
    /** ImageJ shows pixels of so few centimetres in micrometres. */
    private static final double SMALL_CM = 0.001;

    private TiffScale() {}

    /**
     * @param tags of the page that is read
     * @param imageJ what ImageJ says
     * @return uncalibrated where nothing says
     * @throws IOException if the tags are damaged
     */
    static PixelSize of(final TiffTags tags, final ImageJTags imageJ) throws IOException {
        final Optional<PixelSize> ome = imageJ.isImageJ() ? Optional.empty() : ome(tags.text(DESCRIPTION));
        if (ome.isPresent()) {
            return ome.get();
        }
        final double[] across = tags.fractions(X_RESOLUTION);
        final double[] down = tags.fractions(Y_RESOLUTION);
        if (across.length == 0 || down.length == 0 || !usable(1 / across[0]) || !usable(1 / down[0])) {
            return PixelSize.UNCALIBRATED;
        }
        final int resolutionUnit = (int) tags.number(RESOLUTION_UNIT, INCH);
        final boolean unknown = resolutionUnit == INCH && (across[0] == SCREEN_DPI || !tags.has(RESOLUTION_UNIT));
        final String fromTags = resolutionUnit == CENTIMETRE ? "cm" : resolutionUnit == INCH && !unknown ? "inch" : "";
        final String unit = imageJ.unit().isBlank() ? fromTags : imageJ.unit();
        if (unit.isBlank()) {
            return PixelSize.UNCALIBRATED;
        }
        final double depth = Math.abs(imageJ.number("spacing", 1));
        final double knownDepth = usable(depth) ? depth : 1;
        // As ImageJ reads what other programs write: micrometres beside a resolution for centimetres.
        if (resolutionUnit == CENTIMETRE && unit.equals("um")) {
            return new PixelSize(UM_IN_CM / across[0], UM_IN_CM / down[0], knownDepth, unit);
        }
        if (unit.equals("cm") && 1 / across[0] <= SMALL_CM) {
            return new PixelSize(UM_IN_CM / across[0], UM_IN_CM / down[0], knownDepth == 1 ? 1 : knownDepth * UM_IN_CM, "µm");
        }
        return new PixelSize(1 / across[0], 1 / down[0], knownDepth, unit);
    }

    /** Looks at the first image alone, as the pixels do. */
    private static Optional<PixelSize> ome(final String description) {
        final Matcher pixels = OME_PIXELS.matcher(description);
        if (!description.contains("OME") || !pixels.find()) {
            return Optional.empty();
        }
        final Matcher attributes = ATTRIBUTE.matcher(pixels.group(1));
        final double[] sizes = new double[3];
        final String[] units = {"µm", "µm", "µm"};
        while (attributes.find()) {
            final String name = attributes.group(1);
            final int axis = name.charAt("PhysicalSize".length()) - 'X';
            final String value = attributes.group(2) == null ? attributes.group(3) : attributes.group(2);
            if (name.endsWith("Unit")) {
                units[axis] = unescape(value);
            }
            else {
                sizes[axis] = number(value);
            }
        }
        if (!usable(sizes[0]) && !usable(sizes[1])) {
            return Optional.empty();
        }
        // One of the two stands for both, as in ImageJ, whose axes share their unit.
        final int known = usable(sizes[0]) ? 0 : 1;
        final double width = sizes[known];
        final double height = usable(sizes[1]) ? inUnit(sizes[1], units[1], units[known]) : width;
        final double depth = usable(sizes[2]) ? inUnit(sizes[2], units[2], units[known]) : 1;
        if (units[known].isBlank() || !usable(height)) {
            return Optional.empty();
        }
        return Optional.of(new PixelSize(width, height, usable(depth) ? depth : 1, units[known].replace('\u03bc', 'µ')));
    }

    /** NaN where the units are not both lengths. */
    private static double inUnit(final double size, final String from, final String to) {
        if (from.equals(to)) {
            return size;
        }
        if (!POWERS.containsKey(from) || !POWERS.containsKey(to)) {
            return Double.NaN;
        }
        final int power = POWERS.get(from) - POWERS.get(to);
        return power < 0 ? size / Math.pow(10, -power) : size * Math.pow(10, power);
    }

    private static double number(final String text) {
        try {
            return Double.parseDouble(text);
        }
        catch (final NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String unescape(final String text) {
        return CHARACTER.matcher(text).replaceAll(found -> {
            final int code = Integer.parseInt(found.group(2), found.group(1).isEmpty() ? 10 : 16);
            return Matcher.quoteReplacement(Character.isValidCodePoint(code) ? Character.toString(code) : "");
        });
    }

    private static boolean usable(final double size) {
        return size > 0 && Double.isFinite(size);
    }
}
