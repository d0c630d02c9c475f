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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.AWTException;
import java.awt.Component;
import java.awt.Container;
import java.awt.Frame;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import javax.swing.AbstractButton;
import javax.swing.JFrame;
import javax.swing.JTable;
import javax.swing.JTextArea;

import ij.IJ;
import ij.WindowManager;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The session monitor in a real ImageJ: one window, live, with buttons that do what they say. */
@Timeout(120)
class MonitorGui {

    private static final String TITLE = "DiffusionJ Session Monitor";
    private static final String QUICK = " steps=3 model=[" + RealImageJ.MODEL + "]";
    private static final String STAND_IN = "diffusionj.internal.nvidiasmi";

    @BeforeEach
    void start() throws IOException {
        RealImageJ.start();
        RealImageJ.tidy();
        // The first command makes the context, which takes its time.
        RealImageJ.run("Release Memory", "");
        final Path program = Files.writeString(RealImageJ.scratch("nvidia-smi"), "#!/bin/sh\n"
            + "echo '0, NVIDIA Test, 535.183.01, 97, 24564, 12000, 92, 1200, 1980, 0x0000000000000040'\n");
        assertTrue(program.toFile().setExecutable(true));
        System.setProperty(STAND_IN, program.toString());
    }

    @AfterEach
    void close() {
        System.clearProperty(STAND_IN);
        for (final JFrame monitor : monitors()) RealImageJ.onEventThread(() -> {
            monitor.dispose();
            return true;
        });
    }

    private static List<JFrame> monitors() {
        return Arrays.stream(Frame.getFrames()).filter(frame -> frame instanceof JFrame && frame.isShowing() && frame.getTitle().equals(TITLE))
            .map(JFrame.class::cast).toList();
    }

    private static JFrame open() {
        RealImageJ.choose("Session Monitor");
        return RealImageJ.waitFor("the monitor", () -> monitors().stream().findFirst());
    }

    private static <T extends Component> T find(final Container inside, final Class<T> type, final String name) {
        return maybe(inside, type, name).orElseThrow(() -> new AssertionError("no " + name));
    }

    private static <T extends Component> Optional<T> maybe(final Container inside, final Class<T> type, final String name) {
        for (final Component component : inside.getComponents()) {
            if (type.isInstance(component) && name.equals(component.getName())) return Optional.of(type.cast(component));
            final Optional<T> found = component instanceof final Container inner ? maybe(inner, type, name) : Optional.empty();
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static void click(final JFrame monitor, final String button) {
        RealImageJ.onEventThread(() -> {
            find(monitor, AbstractButton.class, button).doClick();
            return true;
        });
    }

    private static Optional<Boolean> rows(final JTable table, final int count) {
        return Optional.of(RealImageJ.onEventThread(table::getRowCount) == count).filter(there -> there);
    }

    @Test
    void showsSessionsRecordsGpusWarningsAndPlots() throws AWTException {
        final JFrame monitor = open();
        RealImageJ.choose("Session Monitor");
        IJ.wait(500);
        assertEquals(1, monitors().size(), "one window only");
        assertTrue(Arrays.asList(WindowManager.getNonImageTitles()).contains(TITLE));
        RealImageJ.choose("Release Memory");
        for (int seed = 1; seed <= 3; seed++) RealImageJ.run("Text to Image...", "prompt=[nuclei] seed=" + seed + QUICK);
        final JTable sessions = find(monitor, JTable.class, "sessions");
        RealImageJ.waitFor("three open files", () -> Optional.of(RealImageJ.onEventThread(sessions::getRowCount) >= 3).filter(there -> there));
        assertTrue(sessions.getValueAt(0, 0).toString().contains("sd1"), sessions.getValueAt(0, 0).toString());
        assertEquals("cpu", sessions.getValueAt(0, 1));
        final JTable records = find(monitor, JTable.class, "records");
        RealImageJ.waitFor("a record of each", () -> Optional.of(RealImageJ.onEventThread(records::getRowCount) >= 3).filter(there -> there));
        assertEquals(List.of("made", "sd1", "64 x 64", "cpu"), List.of(records.getValueAt(0, 1), records.getValueAt(0, 2), records.getValueAt(0, 3),
            records.getValueAt(0, 4)));
        final JTextArea gpus = find(monitor, JTextArea.class, "gpus");
        assertEquals("GPU 0 (NVIDIA Test): load 97 %, memory 12583 of 25757 MB, 92 °C, clock 1200 of 1980 MHz", gpus.getText());
        final JTextArea warnings = find(monitor, JTextArea.class, "warnings");
        RealImageJ.waitFor("the warning of a hot GPU", () -> Optional.of(warnings.getText()).filter(text -> text.contains("because it is hot (92 °C)")));
        for (final String plot : List.of("Memory", "Step time", "Queue")) assertTrue(colours(find(monitor, Component.class, plot)) > 10, plot + " is empty");
        assertTrue(Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("DiffusionJ session monitor")));
        RealImageJ.onEventThread(() -> {
            monitor.dispose();
            return true;
        });
        RealImageJ.waitFor("the end of its thread", () -> Optional.of(true).filter(ended -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("DiffusionJ session monitor"))));
        assertTrue(!Arrays.asList(WindowManager.getNonImageTitles()).contains(TITLE));
        assertTrue(open() != monitor, "a new one");
    }

    private static long colours(final Component component) throws AWTException {
        final BufferedImage seen = new Robot().createScreenCapture(new Rectangle(component.getLocationOnScreen(), component.getSize()));
        return Arrays.stream(seen.getRGB(0, 0, seen.getWidth(), seen.getHeight(), null, 0, seen.getWidth())).distinct().count();
    }

    @Test
    void releaseClosesWhatIsNotPinned() {
        final JFrame monitor = open();
        RealImageJ.run("Text to Image...", "prompt=[nuclei] seed=1" + QUICK);
        final JTable sessions = find(monitor, JTable.class, "sessions");
        RealImageJ.waitFor("three open files", () -> Optional.of(RealImageJ.onEventThread(sessions::getRowCount) >= 3).filter(there -> there));
        RealImageJ.onEventThread(() -> {
            sessions.setRowSelectionInterval(0, 0);
            return true;
        });
        click(monitor, "Pin");
        RealImageJ.waitFor("a pin", () -> firstPin(sessions).filter("pinned"::equals));
        click(monitor, "Release");
        RealImageJ.waitFor("the pinned one alone", () -> rows(sessions, 1));
        click(monitor, "Pin");
        RealImageJ.waitFor("no pin", () -> firstPin(sessions).filter(""::equals));
        click(monitor, "Release");
        RealImageJ.waitFor("none", () -> rows(sessions, 0));
    }

    /** The table is filled anew once a second, on the event thread. */
    private static Optional<Object> firstPin(final JTable sessions) {
        return RealImageJ.onEventThread(() -> sessions.getRowCount() == 0 ? Optional.empty() : Optional.of(sessions.getValueAt(0, 5)));
    }

    @Test
    void limitsOpensTheSettings() {
        click(open(), "Limits...");
        RealImageJ.dialog("Settings").dispose();
    }
}
