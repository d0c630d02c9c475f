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
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import javax.management.JMException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

import net.diffusionj.ort.provider.ExecutionProvider;

/**
 * Memory as the operating system reports it: {@code /proc} and the control group on Linux, Java's bean elsewhere. macOS counts memory that it would
 * give at once as used, so there the available memory is left open. Of GPUs, NVIDIA's tell.
 */
final class SystemMemory implements MemoryProbe {

    private static final System.Logger LOG = System.getLogger(SystemMemory.class.getName());
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path GROUP = Path.of("/sys/fs/cgroup");
    private static final long KIB = 1024;

    @Override
    public OptionalLong residentBytes() {
        return field(STATUS, "VmRSS:", KIB);
    }

    @Override
    public OptionalLong mostResidentBytes() {
        return field(STATUS, "VmHWM:", KIB);
    }

    @Override
    public OptionalLong residentHeapBytes() {
        return ResidentHeap.bytes();
    }

    @Override
    public List<GpuState> gpus() {
        return NvidiaSmi.ofThisMachine().map(NvidiaSmi::states).orElse(List.of());
    }

    @Override
    public OptionalLong availableBytes() {
        final OptionalLong machine = field(MEMINFO, "MemAvailable:", KIB);
        if (machine.isEmpty()) return isMac() ? OptionalLong.empty() : bean("FreeMemorySize");
        final OptionalLong limit = number(GROUP.resolve("memory.max"));
        final OptionalLong used = number(GROUP.resolve("memory.current"));
        if (limit.isEmpty() || used.isEmpty()) return machine;
        final long reclaimable = field(GROUP.resolve("memory.stat"), "inactive_file", 1).orElse(0);
        return OptionalLong.of(Math.max(0, Math.min(machine.getAsLong(), limit.getAsLong() - used.getAsLong() + reclaimable)));
    }

    @Override
    public OptionalLong totalBytes() {
        final OptionalLong machine = field(MEMINFO, "MemTotal:", KIB);
        if (machine.isEmpty()) return bean("TotalMemorySize");
        final OptionalLong limit = number(GROUP.resolve("memory.max"));
        return OptionalLong.of(Math.min(machine.getAsLong(), limit.orElse(Long.MAX_VALUE)));
    }

    @Override
    public Optional<GpuMemory> gpu(final GpuDevice device) {
        return device.provider() == ExecutionProvider.CUDA ? NvidiaSmi.ofThisMachine().flatMap(program -> program.memory(device.index()))
            : Optional.empty();
    }

    /** By its name, since its class is not part of every Java. */
    private static OptionalLong bean(final String attribute) {
        try {
            final ObjectName name = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
            return ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute) instanceof final Long bytes ? OptionalLong.of(bytes)
                : OptionalLong.empty();
        }
        catch (final MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
        catch (final JMException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} is not told: {1}", attribute, e);
            return OptionalLong.empty();
        }
    }

    private static boolean isMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    }

    private static OptionalLong field(final Path file, final String name, final long unit) {
        return text(file).lines().filter(line -> line.startsWith(name)).map(line -> line.substring(name.length()).replaceAll("\\D", ""))
            .filter(digits -> !digits.isEmpty()).mapToLong(digits -> Long.parseLong(digits) * unit).findFirst();
    }

    /** "max" means no limit. */
    private static OptionalLong number(final Path file) {
        final String digits = text(file).trim();
        return digits.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    private static String text(final Path file) {
        if (!Files.isReadable(file)) return "";
        try {
            return Files.readString(file);
        }
        catch (final IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} cannot be read: {1}", file, e);
            return "";
        }
    }
}
