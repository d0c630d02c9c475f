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
package net.diffusionj.server.http;

import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonObject;

/**
 * Why there is no answer: a status, a kind that programs tell apart, and a sentence for people, as JSON with the keys {@code error} and {@code detail}. Names no
 * file of the server.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonObject json = new JsonObject();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /**
     * @param status of HTTP
     * @param kind such as {@code input} or {@code queue-full}
     * @param detail a sentence for people
     */
    public Refusal(final int status, final String kind, final String detail) {
        super(detail);
        this.status = status;
        json.addProperty("error", kind);
        json.addProperty("detail", detail);
        // Clients of AUTOMATIC1111's API show these.
        json.addProperty("errors", detail);
        json.addProperty("body", "");
    }

    /**
     * @param status of HTTP
     * @param kind such as {@code input}
     * @param detail a sentence for people
     * @param cause what lies beneath, for the log
     */
    public Refusal(final int status, final String kind, final String detail, final Throwable cause) {
        this(status, kind, detail);
        initCause(cause);
    }

    /** @param detail a sentence for people
     *  @return what was sent cannot be used */
    public static Refusal input(final String detail) {
        return new Refusal(422, "input", detail);
    }

    /** @param seconds after which to ask again
     *  @return this */
    public Refusal retryAfter(final long seconds) {
        headers.put("Retry-After", Long.toString(seconds));
        return this;
    }

    /** @param key of the JSON
     *  @param value a number
     *  @return this */
    public Refusal with(final String key, final long value) {
        json.addProperty(key, value);
        return this;
    }

    /** @return the status of HTTP */
    public int status() {
        return status;
    }

    /** @return the JSON */
    public JsonObject json() {
        return json;
    }

    Answer answer() {
        return Answer.json(status, json).with(headers);
    }
}
