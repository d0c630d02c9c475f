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

import java.awt.AWTException;
import java.awt.Component;
import java.awt.Container;
import java.awt.Dialog;
import java.awt.EventQueue;
import java.awt.Menu;
import java.awt.MenuItem;
import java.awt.Point;
import java.awt.Robot;
import java.awt.TextArea;
import java.awt.TextField;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.MessageDialog;
import ij.plugin.frame.Recorder;

import net.diffusionj.testing.Folders;
import net.diffusionj.testing.Models;

/** The one ImageJ of this JVM, and the hands of a user: one file, since every window test uses both and ImageJ has one set of windows. */
final class RealImageJ {

    static final Path HOME = Folders.target("gui").resolve("ImageJ");
    static final String MODEL = Models.of("sd1").toAbsolutePath().toString();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NEXT_PRESS = Duration.ofSeconds(6);

    private RealImageJ() {}

    /** Installs the plugin and starts ImageJ, once. */
    static synchronized void start() {
        if (IJ.getInstance() != null) return;
        execute(Folders.REPOSITORY.resolve("scripts/install-imagej").toString(), "--no-build", "--link", HOME.toString());
        ImageJ.main(new String[] {"-ijpath", HOME.toString(), "-port0"});
        waitFor("ImageJ's window", () -> Optional.ofNullable(IJ.getInstance()).filter(Component::isShowing));
    }

    /** Runs a program and expects it to succeed. */
    static String execute(final String... command) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) throw new AssertionError(String.join(" ", command) + "\n" + output);
            return output;
        }
        catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Closes images, dialogs, recorder and log. */
    static void tidy() {
        for (final Window window : Window.getWindows()) {
            if (window instanceof Dialog && window.isShowing()) window.dispose();
        }
        if (Recorder.getInstance() != null) Recorder.getInstance().close();
        IJ.run("Close All");
        if (WindowManager.getWindow("Log") != null) IJ.selectWindow("Log");
        if (WindowManager.getWindow("Log") != null) IJ.run("Close");
        IJ.resetEscape();
    }

    static <T> T waitFor(final String what, final Supplier<Optional<T>> check) {
        return waitFor(what, PATIENCE, check);
    }

    static <T> T waitFor(final String what, final Duration patience, final Supplier<Optional<T>> check) {
        final long end = System.nanoTime() + patience.toNanos();
        for (Optional<T> found = check.get();; found = check.get()) {
            if (found.isPresent()) return found.get();
            if (System.nanoTime() > end) throw new AssertionError("waited in vain for " + what + "; windows: " + windows());
            IJ.wait(50);
        }
    }

    private static String windows() {
        final List<String> names = new ArrayList<>();
        for (final Window window : Window.getWindows()) {
            if (window.isShowing()) names.add(window.getClass().getSimpleName() + " " + title(window));
        }
        return names + ", status: " + ImageJ.getStatusBarText() + ", message: " + IJ.getErrorMessage();
    }

    private static String title(final Window window) {
        return window instanceof final Dialog dialog ? dialog.getTitle() : window.getName();
    }

    static <T> T onEventThread(final Callable<T> work) {
        final List<T> result = new ArrayList<>(1);
        try {
            EventQueue.invokeAndWait(() -> {
                try {
                    result.add(work.call());
                }
                catch (final Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        catch (final InterruptedException | java.lang.reflect.InvocationTargetException e) {
            throw new AssertionError(e);
        }
        return result.get(0);
    }

    // -- the menu --

    /** Chooses an entry of Plugins > DiffusionJ, as the mouse does. */
    static void choose(final String label) {
        final MenuItem item = waitFor("menu entry " + label, () -> entries().stream().filter(entry -> entry.getLabel().equals(label)).findFirst());
        EventQueue.invokeLater(() -> item.dispatchEvent(new ActionEvent(item, ActionEvent.ACTION_PERFORMED, label)));
    }

    static List<MenuItem> entries() {
        final List<MenuItem> entries = new ArrayList<>();
        for (int i = 0; i < Menus.getMenuBar().getMenuCount(); i++) {
            if (Menus.getMenuBar().getMenu(i).getLabel().equals("Plugins")) addEntries(Menus.getMenuBar().getMenu(i), entries);
        }
        return entries;
    }

    private static void addEntries(final Menu plugins, final List<MenuItem> entries) {
        for (int i = 0; i < plugins.getItemCount(); i++) {
            if (!(plugins.getItem(i) instanceof final Menu menu) || !menu.getLabel().equals("DiffusionJ")) continue;
            for (int j = 0; j < menu.getItemCount(); j++) entries.add(menu.getItem(j));
        }
    }

    // -- dialogs --

    static GenericDialog dialog(final String title) {
        return waitFor("dialog " + title, () -> showing(GenericDialog.class).filter(dialog -> dialog.getTitle().equals(title)));
    }

    /** Waits for a message box, closes it and returns what it said. */
    static String message() {
        final MessageDialog box = waitFor("a message box", () -> showing(MessageDialog.class));
        final String text = Objects.requireNonNullElse(IJ.getErrorMessage(), "");
        box.dispose();
        return text.replace('\n', ' ');
    }

    static <T extends Window> Optional<T> showing(final Class<T> type) {
        for (final Window window : Window.getWindows()) {
            if (type.isInstance(window) && window.isShowing()) return Optional.of(type.cast(window));
        }
        return Optional.empty();
    }

    static List<TextArea> areas(final Container container) {
        final List<TextArea> areas = new ArrayList<>();
        for (final Component component : container.getComponents()) {
            if (component instanceof final TextArea area) areas.add(area);
            if (component instanceof final Container inner) areas.addAll(areas(inner));
        }
        return areas;
    }

    /** Types into the field behind a label. */
    static void type(final GenericDialog dialog, final String label, final String text) {
        final Component[] components = dialog.getComponents();
        for (int i = 0; i + 1 < components.length; i++) {
            if (!(components[i] instanceof final java.awt.Label found) || !found.getText().startsWith(label)) continue;
            final TextField field = components[i + 1] instanceof final TextField direct ? direct : (TextField) ((Container) components[i + 1])
                .getComponent(((Container) components[i + 1]).getComponent(0) instanceof TextField ? 0 : 1);
            onEventThread(() -> {
                field.setText(text);
                return true;
            });
            return;
        }
        throw new AssertionError("no field " + label);
    }

    static void setPrompt(final GenericDialog dialog, final String prompt) {
        onEventThread(() -> {
            areas(dialog).get(0).setText(prompt);
            return true;
        });
    }

    static void ok(final GenericDialog dialog) {
        waitFor("OK to be enabled: " + areas(dialog).get(areas(dialog).size() - 1).getText(),
            () -> Optional.of(dialog).filter(d -> d.getButtons()[0].isEnabled()));
        EventQueue.invokeLater(() -> dialog.getButtons()[0].dispatchEvent(
            new ActionEvent(dialog.getButtons()[0], ActionEvent.ACTION_PERFORMED, "OK")));
        waitFor("the dialog to close", () -> Optional.of(dialog).filter(d -> !d.isShowing()));
    }

    // -- images --

    /** Waits until there are so many images and nothing runs. */
    static ImagePlus image(final int count) {
        waitFor(count + " images", () -> Optional.of(WindowManager.getImageCount()).filter(n -> n == count));
        return waitFor("the active image", () -> Optional.ofNullable(WindowManager.getCurrentImage()));
    }

    /**
     * Presses Esc as a user does who sees nothing happen: again every few seconds. Without a window manager X may have given the keyboard to no window at all,
     * which is not our concern: after two presses in vain ImageJ gets the key without X.
     *
     * @param what is waited for
     * @param check whether it is there
     * @return milliseconds from the last press to the end
     */
    static long escapeUntil(final String what, final BooleanSupplier check) {
        final long end = System.nanoTime() + PATIENCE.toNanos();
        for (int presses = 0; System.nanoTime() < end; presses++) {
            if (presses < 2) pressEscape();
            else EventQueue.invokeLater(() -> IJ.getInstance().dispatchEvent(new KeyEvent(IJ.getInstance(), KeyEvent.KEY_PRESSED, System.currentTimeMillis(), 0,
                KeyEvent.VK_ESCAPE, KeyEvent.CHAR_UNDEFINED)));
            final long pressed = System.nanoTime();
            while (System.nanoTime() < pressed + NEXT_PRESS.toNanos()) {
                if (check.getAsBoolean()) return (System.nanoTime() - pressed) / 1_000_000;
                IJ.wait(20);
            }
        }
        throw new AssertionError("pressed Esc in vain for " + what + "; windows: " + windows());
    }

    private static void pressEscape() {
        try {
            final Robot robot = new Robot();
            // Without a window manager a click is what gives a window the keyboard.
            final Point corner = IJ.getInstance().getLocationOnScreen();
            robot.mouseMove(corner.x + IJ.getInstance().getWidth() / 2, corner.y + IJ.getInstance().getHeight() - 8);
            robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
            robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
            robot.waitForIdle();
            robot.delay(200);
            robot.keyPress(KeyEvent.VK_ESCAPE);
            robot.keyRelease(KeyEvent.VK_ESCAPE);
        }
        catch (final AWTException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command or macro as ImageJ does, on a thread of its own; an error message ends the wait. */
    static void runToTheEnd(final Runnable work) {
        final Thread thread = new Thread(work, "Run$_test");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> IJ.log(String.valueOf(e)));
        thread.start();
        waitFor("the run to end", () -> {
            showing(MessageDialog.class).ifPresent(box -> {
                throw new AssertionError(message());
            });
            return thread.isAlive() ? Optional.empty() : Optional.of(true);
        });
    }

    static void run(final String command, final String options) {
        runToTheEnd(() -> IJ.run(command, options));
    }

    static Path scratch(final String name) {
        try {
            return Files.createDirectories(Folders.target("gui").resolve("scratch")).resolve(name);
        }
        catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
