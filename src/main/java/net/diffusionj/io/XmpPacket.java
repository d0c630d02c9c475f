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
package net.diffusionj.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

import com.adobe.internal.xmp.XMPConst;
import com.adobe.internal.xmp.XMPException;
import com.adobe.internal.xmp.XMPMeta;
import com.adobe.internal.xmp.XMPMetaFactory;
import com.adobe.internal.xmp.options.SerializeOptions;

import net.diffusionj.DiffusionJException;

/**
 * A {@link GeneratedMark} as an XMP packet (ISO 16684-1), and back: IPTC's {@code DigitalSourceType} and, of its properties for images of models,
 * {@code AISystemUsed}, {@code AISystemVersionUsed} and {@code AIPromptInformation}; {@code xmp:CreatorTool}; and in a namespace of our own the model, the seed,
 * the source's pixels and all settings. No date, so that equal images make equal files. Stateless and thread-safe.
 */
final class XmpPacket {

    /** Keyword of the PNG chunk that holds a packet (XMP specification, part 3). */
    static final String PNG_KEYWORD = "XML:com.adobe.xmp";
    /** The TIFF tag that holds a packet. */
    static final int TIFF_TAG = 700;
    /** Longer ones are not ours. */
    static final int LONGEST_BYTES = 1 << 20;

    private static final String OURS = "https://github.com/diffusionj/diffusionj/xmp/1.0/";
    private static final String IPTC = XMPConst.NS_IPTCEXT;
    private static final String SOURCE_TYPE = "DigitalSourceType";

    private XmpPacket() {}

    /** @param mark what to say
     *  @return the packet, UTF-8; equal for equal marks */
    static byte[] write(final GeneratedMark mark) {
        try {
            XMPMetaFactory.getSchemaRegistry().registerNamespace(OURS, "diffusionj");
            final XMPMeta packet = XMPMetaFactory.create();
            packet.setProperty(IPTC, SOURCE_TYPE, mark.sourceType());
            packet.setProperty(IPTC, "AISystemUsed", legal("Stable Diffusion model " + mark.model()));
            packet.setProperty(IPTC, "AISystemVersionUsed", legal(mark.tool()));
            if (mark.setting("prompt").isPresent()) packet.setProperty(IPTC, "AIPromptInformation", legal(mark.setting("prompt").get()));
            packet.setProperty(XMPConst.NS_XMP, "CreatorTool", legal(mark.tool()));
            packet.setProperty(OURS, "Model", legal(mark.model()));
            if (mark.setting("seed").isPresent()) packet.setProperty(OURS, "Seed", legal(mark.setting("seed").get()));
            if (!mark.sourceSha256().isEmpty()) packet.setProperty(OURS, "SourcePixelsSHA256", mark.sourceSha256());
            packet.setProperty(OURS, "Settings", legal(SettingsText.format(mark.settings())));
            return XMPMetaFactory.serializeToBuffer(packet, new SerializeOptions().setSort(true).setPadding(0).setReadOnlyPacket(true));
        }
        catch (final XMPException e) {
            throw new DiffusionJException("The mark of a generated image could not be written as XMP: " + e.getMessage() + '.', e);
        }
    }

    /** XML 1.0 has no control characters and no halves of surrogate pairs; {@link SettingsText} has escaped them in the settings, which are read back. */
    private static String legal(final String text) {
        return text.codePoints().map(c -> c == '\t' || c == '\n' || c >= 0x20 && c < 0xd800 || c >= 0xe000 && c < 0xfffe || c > 0xffff ? c : ' ')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    /**
     * @param bytes a packet of any program
     * @return what it says of a digital source; empty where it says nothing of it
     * @throws IOException if it is not XMP
     */
    static Optional<GeneratedMark> read(final byte[] bytes) throws IOException {
        if (bytes.length == 0) return Optional.empty();
        // A packet has no document type; one would let a file name others to read.
        if (bytes.length > LONGEST_BYTES || new String(bytes, StandardCharsets.UTF_8).contains("<!DOCTYPE")) {
            throw new IOException("its XMP packet is longer than a mark can be, or has a document type");
        }
        try {
            final XMPMeta packet = XMPMetaFactory.parseFromBuffer(bytes);
            final String sourceType = text(packet, IPTC, SOURCE_TYPE);
            if (sourceType.isEmpty()) return Optional.empty();
            final Map<String, String> settings = SettingsText.parse(text(packet, OURS, "Settings"));
            final String model = text(packet, OURS, "Model");
            return Optional.of(new GeneratedMark(sourceType, text(packet, XMPConst.NS_XMP, "CreatorTool"),
                model.isEmpty() ? text(packet, IPTC, "AISystemUsed") : model, text(packet, OURS, "SourcePixelsSHA256"), settings));
        }
        catch (final XMPException e) {
            throw new IOException("its XMP packet is damaged: " + e.getMessage(), e);
        }
    }

    private static String text(final XMPMeta packet, final String namespace, final String name) throws XMPException {
        final String value = packet.getPropertyString(namespace, name);
        return value == null ? "" : value;
    }
}
