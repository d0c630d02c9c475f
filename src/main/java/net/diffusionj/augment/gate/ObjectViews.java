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
package net.diffusionj.augment.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import net.diffusionj.augment.planes.Plane;
import net.diffusionj.labels.LabelImage;
import net.diffusionj.labels.LabelledObject;

/**
 * Looks for every labelled object in a plane of scores: inside its label and around it, as far as most of its radius, on the ground that is nearer to it than
 * to any other object. Immutable and thread-safe.
 */
final class ObjectViews {

    /** How far around an object is looked, as a share of the radius of a disc of its area; at least so many pixels. */
    private static final double AROUND = 0.8;
    private static final double AROUND_PX = 5;
    /** The pixels next to an outline belong to neither side for certain. */
    private static final double RIM_PX = 1.5;
    private static final int FEWEST_AROUND = 8;

    private final LabelImage labels;
    private final Territories territories;
    private final int[] ids;

    ObjectViews(final LabelImage labels, final Territories territories) {
        this.labels = labels;
        this.territories = territories;
        ids = labels.toArray();
    }

    /** @return by place in the labels' list */
    List<SeenObject> of(final Plane scores) {
        final double background = background(scores);
        final int[] pieces = new int[ids.length];
        final List<SeenObject> seen = new ArrayList<>();
        for (int index = 0; index < labels.ids().size(); index++) seen.add(seen(scores, index, pieces, background));
        return seen;
    }

    /** Median of what no label has; −1, which is what scores are there, where labels are everywhere. */
    double background(final Plane scores) {
        final double[] values = new double[ids.length];
        int count = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == 0) values[count++] = scores.values()[i];
        }
        Arrays.sort(values, 0, count);
        return count == 0 ? -1 : values[count / 2];
    }

    private SeenObject seen(final Plane scores, final int index, final int[] pieces, final double background) {
        final LabelledObject object = labels.objects().get(index);
        final double reach = Math.max(AROUND_PX, AROUND * Math.sqrt(object.areaPx() / Math.PI));
        final int left = Math.max(0, object.leftPx() - (int) reach - 1);
        final int right = Math.min(labels.widthPx() - 1, object.rightPx() + (int) reach + 1);
        final int top = Math.max(0, object.topPx() - (int) reach - 1);
        final int bottom = Math.min(labels.heightPx() - 1, object.bottomPx() + (int) reach + 1);
        double inside = 0;
        double outside = 0;
        int around = 0;
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                final int pixel = y * labels.widthPx() + x;
                pieces[pixel] = 0;
                if (ids[pixel] == object.id()) {
                    inside += scores.values()[pixel];
                }
                else if (inZone(pixel, index, reach) && territories.distancePx(pixel) > RIM_PX) {
                    outside += scores.values()[pixel];
                    around++;
                }
            }
        }
        final Window window = new Window(left, top, right, bottom, index, reach);
        final double ground = around < FEWEST_AROUND ? background : Math.min(outside / around, background);
        return new SeenObject(window.bestIou(scores, pieces, object), inside / object.areaPx() - ground);
    }

    private boolean inZone(final int pixel, final int index, final double reach) {
        return territories.owner(pixel) == index && territories.distancePx(pixel) <= reach;
    }

    /** Where one object is looked for, both ends included. */
    private final class Window {
        private final int left;
        private final int top;
        private final int right;
        private final int bottom;
        private final int index;
        private final double reach;

        private Window(final int left, final int top, final int right, final int bottom, final int index, final double reach) {
            this.left = left;
            this.top = top;
            this.right = right;
            this.bottom = bottom;
            this.index = index;
            this.reach = reach;
        }

        /** Of the connected pieces of foreground, that with the most pixels of the label. */
        private double bestIou(final Plane scores, final int[] pieces, final LabelledObject object) {
            final int[] waiting = new int[(right - left + 1) * (bottom - top + 1)];
            int piece = 0;
            int bestCommon = 0;
            int bestArea = 0;
            for (int y = top; y <= bottom; y++) {
                for (int x = left; x <= right; x++) {
                    final int start = y * labels.widthPx() + x;
                    if (pieces[start] != 0 || !foreground(scores, start)) continue;
                    pieces[start] = ++piece;
                    waiting[0] = start;
                    int count = 1;
                    int area = 0;
                    int common = 0;
                    while (count > 0) {
                        final int pixel = waiting[--count];
                        area++;
                        if (ids[pixel] == object.id()) common++;
                        count = spread(scores, pieces, waiting, count, pixel, piece);
                    }
                    if (common > bestCommon) {
                        bestCommon = common;
                        bestArea = area;
                    }
                }
            }
            return bestCommon == 0 ? 0 : (double) bestCommon / (object.areaPx() + bestArea - bestCommon);
        }

        private int spread(final Plane scores, final int[] pieces, final int[] waiting, final int waitingCount, final int pixel, final int piece) {
            int count = waitingCount;
            final int x = pixel % labels.widthPx();
            final int y = pixel / labels.widthPx();
            for (int ny = Math.max(top, y - 1); ny <= Math.min(bottom, y + 1); ny++) {
                for (int nx = Math.max(left, x - 1); nx <= Math.min(right, x + 1); nx++) {
                    final int next = ny * labels.widthPx() + nx;
                    if (pieces[next] != 0 || !foreground(scores, next)) continue;
                    pieces[next] = piece;
                    waiting[count++] = next;
                }
            }
            return count;
        }

        private boolean foreground(final Plane scores, final int pixel) {
            return scores.values()[pixel] > 0 && inZone(pixel, index, reach);
        }
    }
}
