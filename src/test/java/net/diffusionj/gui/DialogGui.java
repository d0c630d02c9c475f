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
package net.diffusionj.gui;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.EventQueue;
import java.awt.MenuItem;
import java.awt.TextArea;
import java.awt.event.ActionEvent;
import java.util.List;
import java.util.Optional;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Menu, dialogs, recording and replay. */
@Timeout(120)
class DialogGui {

    @BeforeEach
    void start() {
        RealImageJ.start();
        RealImageJ.tidy();
    }

    @Test
    void theMenuHasEveryCommandInOrder() {
        assertEquals(
            List.of("Text to Image...", "Image to Image...", "Augment Images...", "Tune on My Images...", "Quality Report...", "About This Image",
                "Release Memory",
                "Memory Use", "Session Monitor", "Installed Models...", "Execution Providers...", "Settings..."),
            RealImageJ.entries().stream().map(MenuItem::getLabel).toList());
    }

    @Test
    void everyDialogOpensThroughTheMenu() {
        IJ.createImage("source", "8-bit ramp", 64, 64, 1).show();
        for (final MenuItem entry : RealImageJ.entries()) {
            if (!entry.getLabel().endsWith("...")) continue;
            RealImageJ.choose(entry.getLabel());
            final GenericDialog dialog = RealImageJ.dialog(entry.getLabel().replace("...", ""));
            assertFalse(RealImageJ.areas(dialog).isEmpty());
            dialog.dispose();
            IJ.wait(200);
        }
        assertEquals(1, WindowManager.getImageCount());
    }

    @Test
    void theDialogSaysWhatIsWrongAsOneTypes() {
        RealImageJ.choose("Text to Image...");
        final GenericDialog dialog = RealImageJ.dialog("Text to Image");
        final TextArea message = RealImageJ.areas(dialog).get(RealImageJ.areas(dialog).size() - 1);
        RealImageJ.type(dialog, "Model", RealImageJ.MODEL);
        RealImageJ.type(dialog, "Width", "65");
        RealImageJ.waitFor("a word about the width", () -> Optional.of(message.getText()).filter(text -> text.contains("multiple of")));
        assertFalse(dialog.getButtons()[0].isEnabled());
        RealImageJ.type(dialog, "Width", "64");
        RealImageJ.type(dialog, "Steps", "few");
        RealImageJ.waitFor("a word about the steps", () -> Optional.of(message.getText()).filter(text -> text.contains("whole number")));
        RealImageJ.type(dialog, "Steps", "2");
        RealImageJ.waitFor("OK", () -> Optional.of(dialog).filter(d -> d.getButtons()[0].isEnabled()));
        dialog.dispose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sparse bright nuclei", "\"quoted\" and 'single'", "balanced [brackets] here", "unbalanced ] bracket", "a=b steps=9 seed=2",
        "two\nlines", "naïve café", "明るい 細胞 核", "back\\slash", "&name; &#93; 100%"})
    void whatTheRecorderWritesMakesTheSamePixels(final String prompt) {
        new Recorder();
        RealImageJ.choose("Text to Image...");
        final GenericDialog dialog = RealImageJ.dialog("Text to Image");
        RealImageJ.setPrompt(dialog, prompt);
        RealImageJ.type(dialog, "Model", RealImageJ.MODEL);
        RealImageJ.type(dialog, "Steps", "2");
        RealImageJ.type(dialog, "Seed", "12345678901234567");
        RealImageJ.ok(dialog);
        final ImagePlus first = RealImageJ.image(1);
        final String macro = RealImageJ.waitFor("the recorded command", () -> Optional.of(Recorder.getInstance().getText())
            .filter(text -> text.contains("run(\"Text to Image...\"")));
        assertTrue(macro.chars().allMatch(c -> c < 0x7f), macro);
        Recorder.getInstance().close();
        RealImageJ.runToTheEnd(() -> IJ.runMacro(macro));
        final ImagePlus second = RealImageJ.image(2);
        assertEquals(settings(first), settings(second));
        assertArrayEquals((int[]) first.getProcessor().getPixels(), (int[]) second.getProcessor().getPixels());
        assertTrue(second.getTitle().startsWith(first.getTitle()), second.getTitle());
    }

    @Test
    void aDialogAskedTwiceAnswersFromTheResultCacheAndSaysSoWhereAMacroDoesNot() {
        final String prompt = "nuclei " + System.nanoTime();
        for (int times = 1; times <= 2; times++) {
            RealImageJ.choose("Text to Image...");
            final GenericDialog dialog = RealImageJ.dialog("Text to Image");
            RealImageJ.setPrompt(dialog, prompt);
            RealImageJ.type(dialog, "Model", RealImageJ.MODEL);
            RealImageJ.type(dialog, "Steps", "2");
            RealImageJ.type(dialog, "Seed", "8");
            RealImageJ.ok(dialog);
            assertEquals(times == 2, info(RealImageJ.image(times)).contains("cache: "), info(WindowManager.getCurrentImage()));
        }
        RealImageJ.run("Text to Image...", "prompt=[" + prompt + "] steps=2 seed=8 model=[" + RealImageJ.MODEL + "]");
        assertFalse(info(RealImageJ.image(3)).contains("cache: "), info(WindowManager.getCurrentImage()));
    }

    private static String info(final ImagePlus image) {
        return (String) image.getProperty("Info");
    }

    /** A dialog's result may come from the cache, which it says; a macro's never does. */
    private static String settings(final ImagePlus image) {
        return info(image).replaceAll("(?m)^cache: .*\\R", "");
    }

    @Test
    void cancelledDialogsAreNotRecorded() {
        new Recorder();
        RealImageJ.choose("Text to Image...");
        final GenericDialog dialog = RealImageJ.dialog("Text to Image");
        EventQueue.invokeLater(() -> dialog.actionPerformed(new ActionEvent(dialog.getButtons()[1], 0, "Cancel")));
        IJ.wait(500);
        assertFalse(Recorder.getInstance().getText().contains("Text to Image"), Recorder.getInstance().getText());
        assertEquals(0, WindowManager.getImageCount());
    }
}
