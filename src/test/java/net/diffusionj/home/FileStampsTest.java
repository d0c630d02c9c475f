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
package net.diffusionj.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import net.diffusionj.InvalidInputException;
import net.diffusionj.testing.LinkedModel;

class FileStampsTest {

    @TempDir
    private Path folder;

    private Path model;
    private Path one;
    private Path other;

    @BeforeEach
    void fill() throws IOException {
        model = Files.createDirectories(folder.resolve("model"));
        one = part("one", "abc");
        other = part("other", "abc");
    }

    private Path part(final String name, final String content) throws IOException {
        final Path part = Files.createDirectories(folder.resolve(name));
        Files.writeString(part.resolve("model.onnx"), content);
        Files.setLastModifiedTime(part.resolve("model.onnx"), FileTime.fromMillis(1_700_000_000_000L));
        return part;
    }

    @Test
    void aLinkToAFolderIsFollowed() throws IOException {
        LinkedModel.link(model.resolve("unet"), one);
        final FileStamps before = FileStamps.of(model);
        assertEquals(List.of(model.resolve("unet/model.onnx")), before.files().stream().map(FileStamps.Stamp::path).toList());
        assertEquals(before, FileStamps.of(model));
        assertEquals(1, FileStamps.of(model.resolve("unet")).files().size());
        assertEquals(before.files(), before.under(model.resolve("unet")).files());
        Files.writeString(model.resolve("unet/model.onnx"), "abcd");
        assertNotEquals(before, FileStamps.of(model));
        assertNotEquals(before, FileStamps.of(model.resolve("unet")));
    }

    /** The file that it led to had the same size and time. Where links cannot be made, other files lie there. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aLinkThatLeadsElsewhereIsNoticed() throws IOException {
        LinkedModel.link(model.resolve("unet"), one);
        final FileStamps before = FileStamps.of(model);
        LinkedModel.link(model.resolve("unet"), other);
        assertNotEquals(before, FileStamps.of(model));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void linksToNothingAndInCirclesHoldNothing() throws IOException {
        LinkedModel.link(model.resolve("unet"), one);
        final FileStamps before = FileStamps.of(model);
        LinkedModel.link(model.resolve("circle"), model);
        Files.createDirectory(folder.resolve("gone"));
        LinkedModel.link(model.resolve("nothing"), folder.resolve("gone"));
        Files.delete(folder.resolve("gone"));
        assertEquals(before, FileStamps.of(model));
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        final String message = assertThrows(InvalidInputException.class, () -> FileStamps.of(folder.resolve("nowhere"))).getMessage();
        assertTrue(message.contains("nowhere"), message);
    }
}
