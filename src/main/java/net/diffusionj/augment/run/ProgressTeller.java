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
package net.diffusionj.augment.run;

import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;

import net.diffusionj.service.DiffusionListener;

/** Counts outputs and steps, and tells a listener how long the rest will take, by what this run has taken so far. Thread-safe. */
final class ProgressTeller {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AugmentListener listener;
    private int doneBefore;
    private final long start = System.nanoTime();
    private final Set<Draw> draws = new LinkedHashSet<>();
    private int planned;
    private int done;
    private String what = "";

    /** The outputs of one batch, from their first drawing until all are made or rejected. */
    final class Draw implements DiffusionListener {

        private final String name;
        private int images;
        private double share;

        private Draw(final String name, final int images) {
            this.name = name;
            this.images = images;
        }

        @Override
        public void step(final int step, final int steps, final int imageIndex) {
            synchronized (ProgressTeller.this) {
                // The images before this group are drawn; within it all advance together.
                final double reached = (imageIndex + (double) step / steps) / Math.max(1, images);
                share = Math.max(share, Math.min(1, reached));
                what = name;
                tell();
            }
        }

        @Override
        public void warning(final String message) {
            ProgressTeller.this.warning(name + ": " + message);
        }

        /** One more output of these is made, rejected or skipped. */
        void count() {
            synchronized (ProgressTeller.this) {
                done++;
                images = Math.max(0, images - 1);
                tell();
            }
        }

        /** Those that are left are drawn anew. */
        void again() {
            synchronized (ProgressTeller.this) {
                share = 0;
            }
        }

        /** No more is to come. */
        void end() {
            synchronized (ProgressTeller.this) {
                draws.remove(this);
            }
        }
    }

    /**
     * @param listener is told
     * @param planned outputs in all
     * @param doneBefore those that another run has left
     */
    ProgressTeller(final AugmentListener listener, final int planned, final int doneBefore) {
        this.listener = listener;
        this.planned = planned;
        this.doneBefore = doneBefore;
        this.done = doneBefore;
    }

    /** @param more outputs that are wanted beside those that were planned
     *  @param there of them, those that another run has left */
    synchronized void more(final int more, final int there) {
        planned += more;
        done += there;
        doneBefore += there;
    }

    /** @param name of what is drawn now
     *  @param images of it that are still to come
     *  @return to be told of it, and to be ended */
    synchronized Draw begin(final String name, final int images) {
        final Draw draw = new Draw(name, images);
        draws.add(draw);
        if (what.isEmpty()) what = name;
        tell();
        return draw;
    }

    /** @param message for the listener */
    synchronized void warning(final String message) {
        listener.warning(message);
    }

    private void tell() {
        final double reached = Math.min(planned, done + draws.stream().mapToDouble(draw -> draw.share * draw.images).sum());
        final double here = reached - doneBefore;
        final long elapsed = (System.nanoTime() - start) / NANOS_PER_MILLI;
        final OptionalLong left = here > 0 ? OptionalLong.of((long) (elapsed / here * (planned - reached))) : OptionalLong.empty();
        listener.progress(new AugmentProgress(done, planned, planned == 0 ? 1 : reached / planned, left, what));
    }
}
