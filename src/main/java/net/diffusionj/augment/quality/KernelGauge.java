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

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel distance of one picture to the sources other than its own, as a multiple of the median that a source itself has to the other sources: about 1
 * for one more image of their kind. Immutable and thread-safe.
 */
public final class KernelGauge {

    /** With fewer sources nothing tells how far apart they are. */
    public static final int FEWEST_SOURCES = 3;

    private final double[][] scale;
    private final Map<String, List<float[]>> sources;
    private final double unit;

    /**
     * @param sources features of the parts of each source, by its name; at least {@link #FEWEST_SOURCES}
     */
    public KernelGauge(final Map<String, List<float[]>> sources) {
        if (sources.size() < FEWEST_SOURCES) throw new IllegalArgumentException(sources.size() + " sources");
        this.sources = new LinkedHashMap<>(sources);
        this.scale = KernelDistance.scale(sources.values().stream().flatMap(Collection::stream).toList());
        final double[] own = sources.entrySet().stream().mapToDouble(source -> raw(source.getKey(), source.getValue())).sorted().toArray();
        final int middle = own.length / 2;
        this.unit = Math.max(Double.MIN_NORMAL, own.length % 2 == 1 ? own[middle] : (own[middle - 1] + own[middle]) / 2);
    }

    /**
     * @param source name of what the picture was made from; it is left out of the sources that the picture is compared with
     * @param parts features of the picture's parts, at least one
     * @return the distance
     */
    public double of(final String source, final List<float[]> parts) {
        return raw(source, parts) / unit;
    }

    private double raw(final String source, final List<float[]> parts) {
        final List<float[]> others = sources.entrySet().stream().filter(other -> !other.getKey().equals(source)).flatMap(other -> other.getValue().stream())
            .toList();
        final double[][] a = KernelDistance.scaled(parts, scale);
        final double[][] b = KernelDistance.scaled(others, scale);
        // Of one picture each part counts beside itself, too: its parts are few, and alike.
        return KernelDistance.across(a, a) + KernelDistance.within(b) - 2 * KernelDistance.across(a, b);
    }
}
