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

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** Returns to the system memory that native code has freed: glibc keeps it otherwise. Does nothing where Java has no such command. */
public final class NativeHeap {

    private static final System.Logger LOG = System.getLogger(NativeHeap.class.getName());
    private static final String OPERATION = "systemTrimNativeHeap";

    private NativeHeap() {}

    /**
     * Trims once; takes some ten milliseconds.
     *
     * @return whether Java has the command here (Linux, Java 17.0.9 or later)
     */
    public static boolean trim() {
        try {
            final ObjectName name = new ObjectName("com.sun.management:type=DiagnosticCommand");
            final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            if (!server.isRegistered(name)) return false;
            for (final var operation : server.getMBeanInfo(name).getOperations()) {
                if (!operation.getName().equals(OPERATION)) continue;
                server.invoke(name, OPERATION, new Object[0], new String[0]);
                return true;
            }
            return false;
        }
        catch (final MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
        catch (final JMException e) {
            LOG.log(System.Logger.Level.DEBUG, "The native heap was not trimmed: {0}", e);
            return false;
        }
    }
}
