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
package net.diffusionj.service.remote;

/** What both sides of the network agree on. A server names its version in every answer, so a client can say what does not fit. */
public final class Protocol {

    /** Changes when a message changes. */
    public static final int VERSION = 1;
    /** The header of every request and answer that says which version it is. */
    public static final String VERSION_HEADER = "DiffusionJ-Protocol";
    /** The header that says which DiffusionJ speaks. */
    public static final String PROGRAM_HEADER = "DiffusionJ-Version";
    /** What a server of this version answers under. */
    public static final String ROOT = "/diffusionj/v" + VERSION;
    /** A {@link RequestMessage} in, {@link Frame}s out. */
    public static final String GENERATE = ROOT + "/generate";
    /** The defaults of the model that {@code ?model=} names. */
    public static final String DEFAULTS = ROOT + "/defaults";
    /** The hash of the model that {@code ?model=} names. */
    public static final String HASH = ROOT + "/hash";
    /** Queue, records, GPUs and warnings. */
    public static final String STATE = ROOT + "/state";
    /** The media type of requests and of streams of frames. */
    public static final String CONTENT_TYPE = "application/vnd.diffusionj";
    /** A server says at least so often that it is still there. */
    public static final int HEARTBEAT_SECONDS = 2;

    private Protocol() {}

    /** @return this DiffusionJ's version */
    public static String program() {
        final String version = Protocol.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
