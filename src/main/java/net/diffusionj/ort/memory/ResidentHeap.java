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
package net.diffusionj.ort.memory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How much of Java's heap lies in RAM. That is less than what Java has taken of the system, until every page of it has been used once. Known on Linux, where the
 * virtual machine says which addresses its heap has. Stateless.
 */
final class ResidentHeap {

    private static final System.Logger LOG = System.getLogger(ResidentHeap.class.getName());
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final int HEXADECIMAL = 16;
    private static final long KIB = 1024;
    /** A generation of the heap: {@code [0x0000000708400000, 0x0000000800000000)}, with the end of its used part between them in some collectors. */
    private static final Pattern ADDRESSES = Pattern.compile("\\[0x(\\p{XDigit}+),(?: 0x\\p{XDigit}+,)? 0x(\\p{XDigit}+)\\)");
    /** The first line of a mapping: {@code 708400000-800000000 rw-p ...}. */
    private static final Pattern MAPPING = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) .*");
    private static final Pattern RESIDENT = Pattern.compile("Rss:\\s+(\\d+) kB");

    private ResidentHeap() {}

    /** From an address up to another. */
    private record Range(long from, long to) {

        static Range of(final MatchResult match) {
            return new Range(Long.parseUnsignedLong(match.group(1), HEXADECIMAL), Long.parseUnsignedLong(match.group(2), HEXADECIMAL));
        }

        boolean meets(final Range other) {
            return Long.compareUnsigned(from, other.to) < 0 && Long.compareUnsigned(other.from, to) < 0;
        }
    }

    /** @return bytes; empty where this cannot be told */
    static OptionalLong bytes() {
        if (!Files.isReadable(MAPPINGS)) return OptionalLong.empty();
        final List<Range> heap = heap();
        if (heap.isEmpty()) return OptionalLong.empty();
        try {
            return OptionalLong.of(resident(Files.readAllLines(MAPPINGS), heap));
        }
        catch (final IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} cannot be read: {1}", MAPPINGS, e);
            return OptionalLong.empty();
        }
    }

    /** As {@code jcmd PID GC.heap_info} tells it; empty where this virtual machine does not. */
    private static List<Range> heap() {
        try {
            final Object text = ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcHeapInfo",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
            return ADDRESSES.matcher(String.valueOf(text)).results().map(Range::of).toList();
        }
        catch (final JMException e) {
            LOG.log(System.Logger.Level.DEBUG, "the addresses of the heap are not told: {0}", e);
            return List.of();
        }
    }

    private static long resident(final List<String> lines, final List<Range> heap) {
        long kib = 0;
        boolean ofHeap = false;
        for (final String line : lines) {
            final Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                final Range range = Range.of(mapping);
                ofHeap = heap.stream().anyMatch(range::meets);
                continue;
            }
            final Matcher rss = RESIDENT.matcher(line);
            if (ofHeap && rss.matches()) kib += Long.parseLong(rss.group(1));
        }
        return kib * KIB;
    }
}
