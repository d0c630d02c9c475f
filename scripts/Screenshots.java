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
import java.awt.Component;
import java.awt.Container;
import java.awt.EventQueue;
import java.awt.Frame;
import java.awt.Menu;
import java.awt.MenuItem;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.TextArea;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import javax.imageio.ImageIO;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;

/** Plays a user of ImageJ and takes pictures of the windows. Started by {@code scripts/screenshots}. */
final class Screenshots {

    private static File folder;

    private Screenshots() { }

    /** @param args folder of ImageJ, folder for the pictures; "monitor" for that picture alone */
    public static void main(final String[] args) throws Exception {
        folder = new File(args[1]);
        ImageJ.main(new String[] { "-ijpath", args[0], "-port0" });
        final ImageJ imagej = wait(IJ::getInstance);
        imagej.setLocation(20, 20);
        if (args.length > 2 && args[2].equals("monitor")) {
            monitor();
            System.exit(0);
        }
        final Recorder recorder = new Recorder();
        recorder.setBounds(20, 760, 900, 200);
        dialog("Text to Image...", "sparse bright nuclei, blue, fluorescence", "text-to-image-dialog.png");
        final ImagePlus drawn = wait(WindowManager::getCurrentImage);
        settle();
        drawn.getWindow().setLocation(60, 160);
        settle();
        shoot(drawn.getWindow().getBounds(), "text-to-image-result.png");
        dialog("Image to Image...", "dense bright nuclei, blue, fluorescence", "image-to-image-dialog.png");
        wait(() -> WindowManager.getImageCount() == 2 ? Boolean.TRUE : null);
        settle();
        shoot(recorder.getBounds(), "recorder.png");
        recorder.close();
        sweep(drawn);
        monitor();
        System.exit(0);
    }

    private static void monitor() throws Exception {
        IJ.run("Close All");
        IJ.doCommand("Session Monitor");
        final Frame monitor = wait(() -> {
            for (final Frame frame : Frame.getFrames()) if (frame.isShowing() && frame.getTitle().equals("DiffusionJ Session Monitor")) return frame;
            return null;
        });
        EventQueue.invokeAndWait(() -> monitor.setLocation(20, 150));
        IJ.runMacro("setBatchMode(true);\n"
            + "for (i = 1; i <= 12; i++) { run(\"Text to Image...\", \"prompt=[sparse blue nuclei] steps=15 seed=\" + i); close(); }");
        IJ.wait(3000);
        shoot(monitor.getBounds(), "session-monitor.png");
        EventQueue.invokeAndWait(monitor::dispose);
    }

    private static void sweep(final ImagePlus drawn) throws Exception {
        IJ.selectWindow(drawn.getID());
        IJ.runMacroFile(new File("macros/Strength_Sweep.ijm").getAbsolutePath(), "prompt=[dense bright nuclei, blue, fluorescence] steps=15");
        final ImagePlus montage = WindowManager.getCurrentImage();
        ImageIO.write(montage.getBufferedImage(), "png", new File(folder, "strength-sweep.png"));
        IJ.runMacroFile(new File("macros/Prompt_Grid.ijm").getAbsolutePath(), "prompts=[sparse nuclei, blue|actin filaments, green] seeds=1,2,3 steps=15");
        ImageIO.write(WindowManager.getCurrentImage().getBufferedImage(), "png", new File(folder, "prompt-grid.png"));
    }

    private static void dialog(final String command, final String prompt, final String picture) throws Exception {
        final MenuItem item = entry(command);
        EventQueue.invokeLater(() -> item.dispatchEvent(new ActionEvent(item, ActionEvent.ACTION_PERFORMED, command)));
        final GenericDialog dialog = wait(() -> showing(command.replace("...", "")));
        EventQueue.invokeAndWait(() -> {
            areas(dialog).get(0).setText(prompt);
            dialog.setLocation(300, 60);
        });
        settle();
        shoot(dialog.getBounds(), picture);
        final var ok = dialog.getButtons()[0];
        EventQueue.invokeLater(() -> ok.dispatchEvent(new ActionEvent(ok, ActionEvent.ACTION_PERFORMED, "OK")));
        wait(() -> dialog.isShowing() ? null : Boolean.TRUE);
    }

    private static GenericDialog showing(final String title) {
        for (final Window window : Window.getWindows()) {
            if (window instanceof final GenericDialog dialog && dialog.isShowing() && dialog.getTitle().equals(title)) return dialog;
        }
        return null;
    }

    private static MenuItem entry(final String label) {
        for (int i = 0; i < Menus.getMenuBar().getMenuCount(); i++) {
            final Menu menu = Menus.getMenuBar().getMenu(i);
            for (int j = 0; j < menu.getItemCount(); j++) {
                if (!(menu.getItem(j) instanceof final Menu ours) || !ours.getLabel().equals("DiffusionJ")) continue;
                for (int k = 0; k < ours.getItemCount(); k++) {
                    if (ours.getItem(k).getLabel().equals(label)) return ours.getItem(k);
                }
            }
        }
        throw new IllegalStateException("no menu entry " + label);
    }

    private static List<TextArea> areas(final Container container) {
        final List<TextArea> areas = new ArrayList<>();
        for (final Component component : container.getComponents()) {
            if (component instanceof final TextArea area) areas.add(area);
            if (component instanceof final Container inner) areas.addAll(areas(inner));
        }
        return areas;
    }

    private static void shoot(final Rectangle bounds, final String name) throws Exception {
        ImageIO.write(new Robot().createScreenCapture(bounds), "png", new File(folder, name));
    }

    private static void settle() {
        IJ.wait(1200);
    }

    private static <T> T wait(final Supplier<T> check) {
        for (int i = 0; i < 1200; i++) {
            final T found = check.get();
            if (found != null) return found;
            IJ.wait(100);
        }
        throw new IllegalStateException("waited in vain");
    }
}
