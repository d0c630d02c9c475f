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
package net.diffusionj.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What a program may leave behind: objects that live on after a collection, and what it has in RAM beside Java's heap, such as models, arenas and threads.
 * <p>
 * How much of the heap lies in RAM is left out, since that says nothing of a program: Java takes more heap as long as there is room, and keeps what it has
 * taken although nothing alive is in it. So a program whose live objects and whose memory beside the heap stay where they are is bounded, whatever its resident
 * size does.
 * </p>
 *
 * @param liveMegabytes objects on the heap after a collection, in 1024 × 1024 bytes
 * @param besideHeapMegabytes what lies in RAM beside the heap; empty where it cannot be told: known on Linux, where the virtual machine says which addresses its
 *            heap has
 */
record LastingMemory(double liveMegabytes, OptionalDouble besideHeapMegabytes) {

    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double KIB_PER_MIB = 1024;
    private static final int HEXADECIMAL = 16;
    /** A generation of the heap: {@code [0x0000000708400000, 0x0000000800000000)}, with the end of its used part between them in some collectors. */
    private static final Pattern ADDRESSES = Pattern.compile("\\[0x(\\p{XDigit}+),(?: 0x\\p{XDigit}+,)? 0x(\\p{XDigit}+)\\)");
    /** The first line of a mapping: {@code 708400000-800000000 rw-p ...}. */
    private static final Pattern MAPPING = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) .*");
    private static final Pattern RESIDENT = Pattern.compile("Rss:\\s+(\\d+) kB");

    /** From an address up to another. */
    private record Range(long from, long to) {

        static Range of(final MatchResult match) {
            return new Range(Long.parseUnsignedLong(match.group(1), HEXADECIMAL), Long.parseUnsignedLong(match.group(2), HEXADECIMAL));
        }

        boolean meets(final Range other) {
            return Long.compareUnsigned(from, other.to) < 0 && Long.compareUnsigned(other.from, to) < 0;
        }
    }

    /** Collects garbage and looks.
     *  @return what this process has now */
    static LastingMemory now() {
        System.gc();
        final double live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MIB;
        return new LastingMemory(live, besideHeap());
    }

    private static OptionalDouble besideHeap() {
        final OptionalDouble resident = ResidentMemory.megabytes();
        final List<Range> heap = heap();
        if (resident.isEmpty() || heap.isEmpty()) return OptionalDouble.empty();
        try {
            return OptionalDouble.of(resident.getAsDouble() - resident(Files.readAllLines(MAPPINGS), heap));
        }
        catch (final IOException e) {
            return OptionalDouble.empty();
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
            return List.of();
        }
    }

    private static double resident(final List<String> lines, final List<Range> heap) {
        double kib = 0;
        boolean ofHeap = false;
        for (final String line : lines) {
            final Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                final Range range = Range.of(mapping);
                ofHeap = heap.stream().anyMatch(range::meets);
                continue;
            }
            final Matcher rss = RESIDENT.matcher(line);
            if (ofHeap && rss.matches()) kib += Double.parseDouble(rss.group(1));
        }
        return kib / KIB_PER_MIB;
    }

    /**
     * @param before an earlier look
     * @param liveAllowed megabytes that live objects may have grown by
     * @param besideAllowed megabytes that the rest may have grown by
     * @return what grew by more, in a sentence
     */
    Optional<String> growth(final LastingMemory before, final double liveAllowed, final double besideAllowed) {
        if (liveMegabytes > before.liveMegabytes + liveAllowed) {
            return Optional.of("Objects that stay alive grew from " + Math.round(before.liveMegabytes) + " MB to " + Math.round(liveMegabytes) + " MB.");
        }
        if (besideHeapMegabytes.isEmpty() || before.besideHeapMegabytes.isEmpty()) return Optional.empty();
        final double was = before.besideHeapMegabytes.getAsDouble();
        final double is = besideHeapMegabytes.getAsDouble();
        return is > was + besideAllowed ? Optional.of("Memory beside Java's heap grew from " + Math.round(was) + " MB to " + Math.round(is) + " MB.")
            : Optional.empty();
    }
}
