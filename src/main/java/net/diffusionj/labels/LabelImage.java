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
package net.diffusionj.labels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.diffusionj.InvalidInputException;
import net.imglib2.RandomAccessibleInterval;

/**
 * Which object every pixel of a picture belongs to: 0 is background, every other number one object. Reads nothing but numbers; what the picture shows is
 * not its concern. Immutable and thread-safe.
 */
public final class LabelImage {

    private final int widthPx;
    private final int heightPx;
    /** [heightPx, widthPx] row-major; never written after construction. */
    private final int[] pixels;
    /** In the order of their numbers. */
    private final List<LabelledObject> objects;
    private final List<Integer> ids;
    private final Map<Integer, Integer> indices;

    private LabelImage(final int[] pixels, final int widthPx) {
        this.pixels = pixels;
        this.widthPx = widthPx;
        heightPx = pixels.length / widthPx;
        ids = Arrays.stream(pixels).filter(id -> id != 0).distinct().sorted().boxed().toList();
        indices = new HashMap<>();
        for (final int id : ids) indices.put(id, indices.size());
        objects = measured();
    }

    /**
     * Reads a label image or a mask.
     * <p>
     * An image with one value beside 0 is a mask, whatever the value: every connected piece of it (corners connect) becomes an object, numbered in reading
     * order. In every other image a value is an object's number, and the object may have several pieces.
     * </p>
     *
     * @param image x and y, further axes of length 1; boolean, integer or real pixels, all of them whole numbers from 0 to 2^31 − 1
     * @return its labels
     * @throws InvalidInputException if it is a stack, has colours, or a pixel is no such number
     */
    public static LabelImage of(final RandomAccessibleInterval<?> image) {
        final int widthPx = LabelPixels.widthPx(image);
        final int[] pixels = LabelPixels.read(image);
        final int[] found = Arrays.stream(pixels).filter(id -> id != 0).distinct().limit(2).toArray();
        return found.length == 1 ? ConnectedComponents.of(pixels, widthPx) : new LabelImage(pixels, widthPx);
    }

    /**
     * @param ids [heightPx, widthPx] row-major, 0 or more; copied
     * @param widthPx at least 1
     * @return these numbers as they are; a single one is not taken for a mask
     * @throws InvalidInputException if the array is no rectangle of that width, or a number is negative
     */
    public static LabelImage ofIds(final int[] ids, final int widthPx) {
        if (widthPx < 1 || ids.length == 0 || ids.length % widthPx != 0) {
            throw new InvalidInputException(ids.length + " labels are no rectangle of " + widthPx + " pixels in width.");
        }
        final int smallest = Arrays.stream(ids).min().orElse(0);
        if (smallest < 0) throw new InvalidInputException("Labels are 0 (background) or larger, and one is " + smallest + ".");
        return new LabelImage(ids.clone(), widthPx);
    }

    /** @return columns */
    public int widthPx() {
        return widthPx;
    }

    /** @return rows */
    public int heightPx() {
        return heightPx;
    }

    /**
     * @param x 0 to {@link #widthPx()} − 1
     * @param y 0 to {@link #heightPx()} − 1
     * @return the number of the object there, 0 for background
     */
    public int id(final int x, final int y) {
        return pixels[y * widthPx + x];
    }

    /** @return the numbers of all objects, ascending, without 0 */
    public List<Integer> ids() {
        return ids;
    }

    /** @return where the objects are and how large, ascending by number */
    public List<LabelledObject> objects() {
        return objects;
    }

    /**
     * @param id the number of an object
     * @return its place in {@link #ids()} and {@link #objects()}, or −1 for background and unknown numbers
     */
    public int indexOf(final int id) {
        return indices.getOrDefault(id, -1);
    }

    /** @return whether no pixel belongs to an object */
    public boolean isEmpty() {
        return ids.isEmpty();
    }

    /** @return [heightPx, widthPx] row-major; a copy */
    public int[] toArray() {
        return pixels.clone();
    }

    /** @return the same objects numbered 1, 2, 3 ... in the order of their numbers, as 16-bit formats need them */
    public LabelImage renumbered() {
        return new LabelImage(Arrays.stream(pixels).map(id -> indexOf(id) + 1).toArray(), widthPx);
    }

    /**
     * @param widthPx of a picture
     * @param heightPx of a picture
     * @throws InvalidInputException if these labels have another size
     */
    public void checkSize(final int widthPx, final int heightPx) {
        if (this.widthPx != widthPx || this.heightPx != heightPx) {
            throw new InvalidInputException("The labels have " + this.widthPx + " x " + this.heightPx + " pixels and the image " + widthPx + " x " + heightPx
                + ". Labels must have the size of their image.");
        }
    }

    private List<LabelledObject> measured() {
        final ObjectSums[] sums = new ObjectSums[ids.size()];
        for (int i = 0; i < pixels.length; i++) {
            if (pixels[i] == 0) continue;
            final int index = indices.get(pixels[i]);
            if (sums[index] == null) sums[index] = new ObjectSums();
            sums[index].add(i % widthPx, i / widthPx);
        }
        final List<LabelledObject> measured = new ArrayList<>();
        for (int index = 0; index < sums.length; index++) measured.add(sums[index].object(ids.get(index), widthPx, heightPx));
        return List.copyOf(measured);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof LabelImage labels && labels.widthPx == widthPx && Arrays.equals(labels.pixels, pixels);
    }

    @Override
    public int hashCode() {
        return 31 * widthPx + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "labels of " + ids.size() + (ids.size() == 1 ? " object in " : " objects in ") + widthPx + " x " + heightPx + " pixels";
    }
}
