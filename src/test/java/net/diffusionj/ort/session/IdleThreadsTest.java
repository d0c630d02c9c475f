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
package net.diffusionj.ort.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import net.diffusionj.CancelToken;
import net.diffusionj.ort.provider.ExecutionProviders;
import net.diffusionj.ort.provider.ProviderOptions;
import net.diffusionj.ort.runtime.OnnxEnvironment;
import net.diffusionj.testing.OrtFixtures;

/** Between two runs a session's threads leave the processors to the next part and to Java. */
class IdleThreadsTest {

    private static final int SIDE = 16;
    private static final int TRIES = 10;
    private static final int WAIT_MILLIS = 20;
    private static final double MOST_BUSY_MILLIS = 5;

    /** The quietest of several tries counts, since the compiler and the collector work now and then. */
    @Test
    void restAfterARun() throws InterruptedException {
        Assumptions.assumeTrue(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean bean && bean.getProcessCpuTime() >= 0,
            "the system does not tell processor time");
        final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final OnnxEnvironment onnx = OnnxEnvironment.load(OrtFixtures.HOME);
        final ProviderOptions all = ProviderOptions.DEFAULTS;
        // Three threads, so that there are some to rest on a machine of one processor too.
        final ProviderOptions three = new ProviderOptions(new ProviderOptions.Cpu(3, "", true), all.cuda(), all.tensorRt(), all.openVino(), all.directMl(),
            all.coreMl(), all.plugIns(), all.half(), all.placement());
        double quietest = Double.MAX_VALUE;
        try (SessionCache cache = new SessionCache(onnx, new ExecutionProviders(onnx, three)); SessionLease lease = OrtFixtures.lease(cache, "greedy");
            ModelCall call = lease.newCall()) {
            call.input(OrtFixtures.input(lease, "latent_sample"), 1, 4, SIDE, SIDE).fill(0.5);
            call.output(OrtFixtures.output(lease, "sample"), 1, 3, 8 * SIDE, 8 * SIDE);
            for (int i = 0; i < TRIES; i++) {
                call.run(new CancelToken());
                final long before = system.getProcessCpuTime();
                Thread.sleep(WAIT_MILLIS);
                quietest = Math.min(quietest, (system.getProcessCpuTime() - before) / 1e6);
            }
        }
        final double busy = quietest;
        assertTrue(busy < MOST_BUSY_MILLIS, () -> "threads computed for " + busy + " ms in " + WAIT_MILLIS + " ms after every run");
    }
}
