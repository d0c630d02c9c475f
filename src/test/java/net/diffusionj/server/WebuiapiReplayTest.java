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
package net.diffusionj.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import net.diffusionj.io.ImageBytes;
import net.diffusionj.testing.Folders;
import net.diffusionj.testing.HttpCall;

/** The calls of webuiapi 0.9.17, as {@code python -m scripts.sdapi.client --record} wrote them down, get the answers that it got. */
@Timeout(60)
class WebuiapiReplayTest {

    @Test
    void everyCallIsAnsweredAsTheClientWasAnswered() throws IOException {
        final JsonArray calls = JsonParser.parseString(Files.readString(Folders.RESOURCES.resolve("server").resolve("webuiapi.json"))).getAsJsonArray();
        int pictures = 0;
        try (TestServer server = new TestServer()) {
            for (final JsonElement element : calls) {
                final JsonObject call = element.getAsJsonObject();
                final String url = server.url(call.get("path").getAsString());
                final HttpCall answer = call.get("method").getAsString().equals("GET") ? HttpCall.get(url)
                    : HttpCall.post(url, call.has("body") ? call.get("body").toString() : "");
                assertEquals(call.get("status").getAsInt(), answer.status(), url + answer.body());
                if (call.has("keys")) assertEquals(new TreeSet<>(call.getAsJsonArray("keys").asList().stream().map(JsonElement::getAsString).toList()),
                    new TreeSet<>(answer.object().keySet()), url);
                if (answer.json().isJsonObject() && answer.object().has("images")) pictures += checkPictures(call.getAsJsonObject("body"), answer.object());
            }
        }
        assertTrue(calls.size() > 15 && pictures >= 4, calls.size() + " calls, " + pictures + " pictures");
    }

    private static int checkPictures(final JsonObject body, final JsonObject answer) {
        final JsonObject info = JsonParser.parseString(answer.get("info").getAsString()).getAsJsonObject();
        if (body.get("seed").getAsLong() >= 0) assertEquals(body.get("seed").getAsLong(), info.get("seed").getAsLong());
        assertEquals(body.get("sampler_name").getAsString(), info.get("sampler_name").getAsString());
        for (final JsonElement image : answer.getAsJsonArray("images")) {
            final var picture = ImageBytes.read(Base64.getDecoder().decode(image.getAsString()), ServerOptions.PIXELS, "The picture");
            assertEquals(info.get("width").getAsLong(), picture.image().dimension(0));
            assertEquals(body.get("prompt").getAsString(), picture.metadata().settings().get("prompt"));
        }
        return answer.getAsJsonArray("images").size();
    }
}
