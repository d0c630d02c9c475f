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
package net.diffusionj.image;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import net.diffusionj.InvalidInputException;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;

/**
 * The noise of a camera: shot noise of the light, read noise of the electronics, and where values end. The autoencoder of a model draws none, so a
 * network that is trained on generated images alone would learn pictures without noise. Immutable.
 * <p>
 * A pixel of {@code mean} grey values has the variance {@code gain · (mean − offset) + readNoise²}: the photon transfer line (Janesick, Photon
 * Transfer, 2007). {@link CameraEstimate} finds it in images.
 * </p>
 *
 * @param gain grey values that one photoelectron makes; 0 for no shot noise
 * @param readNoise standard deviation without light, in grey values
 * @param offset grey value without light
 * @param saturationBits 8, 12 or 16: values end at 255, 4095 or 65535; 0: where the image's type ends
 * @param blurPx standard deviation, in pixels, of the Gaussian that smoothed the noise after the camera, such as resampling or compression do; 0 for
 *        noise that differs from pixel to pixel
 */
public record CameraModel(double gain, double readNoise, double offset, int saturationBits, double blurPx) {

    private static final Set<String> KEYS = Set.of("gain", "read", "offset", "bits", "blur");
    private static final String FORM = "gain=..,read=..,offset=.., and if wanted bits=8|12|16 and blur=..";
    private static final double WIDEST_BLUR_PX = 5;
    private static final int LONGEST_FILE_BYTES = 1 << 16;

    /** Checks that all values can be a camera's. */
    public CameraModel {
        require(gain >= 0 && Double.isFinite(gain), "The gain must be 0 or more grey values for each photoelectron, not " + gain + '.');
        require(readNoise >= 0 && Double.isFinite(readNoise), "The read noise must be 0 or more grey values, not " + readNoise + '.');
        require(Double.isFinite(offset), "The offset must be a number of grey values, not " + offset + '.');
        require(Set.of(0, 8, 12, 16).contains(saturationBits), "The bits of a camera must be 8, 12 or 16, not " + saturationBits + '.');
        require(blurPx >= 0 && blurPx <= WIDEST_BLUR_PX, "The blur of a camera's noise must be 0 to " + WIDEST_BLUR_PX + " pixels, not " + blurPx + '.');
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) throw new InvalidInputException(otherwise);
    }

    /**
     * @param fileOrValues path of a file that {@link #load} reads, or values that {@link #parse} reads: what has an equals sign is values
     * @return the camera
     * @throws InvalidInputException if it is neither
     */
    public static CameraModel of(final String fileOrValues) {
        return fileOrValues.contains("=") ? parse(fileOrValues) : load(Path.of(fileOrValues));
    }

    /**
     * @param text {@code gain=0.5,read=3,offset=100}, with {@code bits=12} and {@code blur=0.4} if wanted, in any order; a line's end is as good as a
     *        comma, and what follows a {@code #} is a remark
     * @return the camera
     * @throws InvalidInputException if a value is missing, unknown, there twice or not a number
     */
    public static CameraModel parse(final String text) {
        final Map<String, Double> values = new LinkedHashMap<>();
        for (final String part : text.replaceAll("#[^\\n\\r]*", "").split("[,\\n\\r]")) {
            if (part.isBlank()) continue;
            final int equals = part.indexOf('=');
            final String key = part.substring(0, Math.max(equals, 0)).strip();
            if (!KEYS.contains(key)) throw unreadable(text, "'" + part.strip() + "' is not one of its values");
            if (values.put(key, number(text, part.substring(equals + 1).strip())) != null) throw unreadable(text, key + " is there twice");
        }
        for (final String key : new String[] {"gain", "read", "offset"}) {
            if (!values.containsKey(key)) throw unreadable(text, key + " is missing");
        }
        final double bits = values.getOrDefault("bits", 0.0);
        if (bits != Math.rint(bits)) throw unreadable(text, "bits is not a whole number");
        return new CameraModel(values.get("gain"), values.get("read"), values.get("offset"), (int) bits, values.getOrDefault("blur", 0.0));
    }

    private static double number(final String text, final String value) {
        try {
            return Double.parseDouble(value);
        }
        catch (final NumberFormatException e) {
            throw new InvalidInputException(unreadable(text, "'" + value + "' is not a number").getMessage(), e);
        }
    }

    private static InvalidInputException unreadable(final String text, final String why) {
        final String shown = text.strip().replaceAll("\\s+", " ");
        return new InvalidInputException("The camera '" + (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown) + "' cannot be read: " + why
            + ". Write " + FORM + ", in grey values and pixels.");
    }

    /**
     * @param file text in UTF-8 that {@link #parse} reads
     * @return the camera
     * @throws InvalidInputException if the file is missing or is not a camera's
     */
    public static CameraModel load(final Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InvalidInputException("There is no camera file " + file + ". Name one, or write " + FORM + '.');
            }
            if (Files.size(file) > LONGEST_FILE_BYTES)
                throw new InvalidInputException("The file " + file + " is too long for a camera. Its text is " + FORM + '.');
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        }
        catch (final MalformedInputException e) {
            throw new InvalidInputException("The camera file " + file + " is not text. Its text is " + FORM + '.', e);
        }
        catch (final IOException e) {
            throw new InvalidInputException("The camera file " + file + " cannot be read: " + e.getMessage() + '.', e);
        }
    }

    /** @return the values as {@link #parse} reads them; what is 0 and may be left out is left out */
    @Override
    public String toString() {
        return "gain=" + gain + ",read=" + readNoise + ",offset=" + offset + (saturationBits == 0 ? "" : ",bits=" + saturationBits)
            + (blurPx == 0 ? "" : ",blur=" + blurPx);
    }

    /**
     * @param mean grey value of a pixel
     * @return the variance of its noise, in grey values squared
     */
    public double variance(final double mean) {
        return gain * Math.max(mean - offset, 0) + readNoise * readNoise;
    }

    /**
     * Puts this camera's noise on a whole image.
     *
     * @param image x, y [, channel] [, image], of a real type; changed
     * @param seed decides the noise; image k of several gets what it would get alone with {@code seed + k}
     * @throws InvalidInputException if its pixels have another type
     */
    public void applyInPlace(final Img<?> image, final long seed) {
        CameraNoise.into(image, this, Optional.empty(), seed);
    }

    /**
     * Puts this camera's noise on the pixels that were generated; the others stay as they are, bit for bit.
     *
     * @param image x, y [, channel] [, image], of a real type; changed
     * @param changed x, y, of the image's size: where it is 0 the pixel is kept
     * @param seed decides the noise
     * @throws InvalidInputException if the sizes differ or pixels have another type
     */
    public void applyInPlace(final Img<?> image, final RandomAccessibleInterval<?> changed, final long seed) {
        CameraNoise.into(image, this, Optional.of(changed), seed);
    }
}
