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
package net.diffusionj.scheduler.noise;

/**
 * Draws the numbers that {@code torch.randn} draws from a CPU generator of the same seed, so that a seed means here what it means in
 * diffusers. The state carries over from draw to draw as torch's does: a draw of 5 and a draw of 3 are not a draw of 8.
 * <p>
 * Uniform numbers come from the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), normal ones from Box and Muller's transform, in
 * the two forms of torch's {@code normal_kernel}: fewer than 16 values one at a time in double precision, 16 and more in float32 by
 * blocks. Not thread-safe.
 * </p>
 */
public final class TorchRandom implements NoiseSource {

    private static final int STATE_SIZE = 624;
    private static final int SHIFT = 397;
    private static final int BLOCK = 16;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private final int[] state;
    private int next = STATE_SIZE;
    private double spare;
    private boolean hasSpare;

    /** @param seed as {@code torch.Generator.manual_seed} takes it, negative ones too; as in torch, its low 32 bits decide */
    public TorchRandom(final long seed) {
        state = new int[STATE_SIZE];
        state[0] = (int) seed;
        for (int i = 1; i < STATE_SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    private TorchRandom(final TorchRandom other) {
        state = other.state.clone();
        next = other.next;
        spare = other.spare;
        hasSpare = other.hasSpare;
    }

    /** @return a generator that draws from now on what this one draws, independently of it */
    public TorchRandom copy() {
        return new TorchRandom(this);
    }

    /**
     * Draws what {@code torch.randn(count)} draws.
     *
     * @param count how many values, 0 or more
     * @return a new array
     */
    public float[] normals(final int count) {
        if (count < 0) {
            throw new IllegalArgumentException("The number of values to draw must be 0 or more, but is " + count + ".");
        }
        final float[] values = new float[count];
        fill(values);
        return values;
    }

    /** @return what {@code torch.rand(1)} draws: 0 or more, below 1 */
    public float uniform() {
        return (nextInt() & 0xffffff) * 0x1p-24f;
    }

    @Override
    public void fill(final float[] destination) {
        final int size = destination.length;
        if (size < BLOCK) {
            for (int i = 0; i < size; i++) {
                destination[i] = (float) nextNormal();
            }
            return;
        }
        fillUniform(destination, 0, size);
        for (int i = 0; i <= size - BLOCK; i += BLOCK) {
            transformBlockInPlace(destination, i);
        }
        if (size % BLOCK != 0) {
            // torch draws the last block anew, over values that are already normal.
            fillUniform(destination, size - BLOCK, size);
            transformBlockInPlace(destination, size - BLOCK);
        }
    }

    private void fillUniform(final float[] destination, final int from, final int to) {
        for (int i = from; i < to; i++) {
            destination[i] = uniform();
        }
    }

    /** Turns 8 radii and 8 angles, both uniform, into 8 cosines and 8 sines. The angle is rounded to float32 as torch rounds it. */
    private static void transformBlockInPlace(final float[] values, final int from) {
        for (int i = from; i < from + BLOCK / 2; i++) {
            final float u1 = 1 - values[i];
            final float radius = (float) Math.sqrt(-2f * (float) Math.log(u1));
            final float angle = TWO_PI * values[i + BLOCK / 2];
            values[i] = radius * (float) Math.cos(angle);
            values[i + BLOCK / 2] = radius * (float) Math.sin(angle);
        }
    }

    private double nextNormal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        final double u1 = nextDouble();
        final double u2 = nextDouble();
        final double radius = Math.sqrt(-2 * Math.log1p(-u2));
        final double angle = 2 * Math.PI * u1;
        spare = radius * Math.sin(angle);
        hasSpare = true;
        return radius * Math.cos(angle);
    }

    private double nextDouble() {
        final long high = nextInt() & 0xffffffffL;
        final long low = nextInt() & 0xffffffffL;
        return ((high << 32 | low) & ((1L << 53) - 1)) * 0x1p-53;
    }

    private int nextInt() {
        if (next == STATE_SIZE) {
            regenerate();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void regenerate() {
        for (int i = 0; i < STATE_SIZE; i++) {
            final int y = state[i] & 0x80000000 | state[(i + 1) % STATE_SIZE] & 0x7fffffff;
            state[i] = state[(i + SHIFT) % STATE_SIZE] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }
}
