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
package net.diffusionj.ij1;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.EventQueue;
import java.awt.FlowLayout;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import javax.swing.BorderFactory;
import javax.swing.BoxLayout;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTable;
import javax.swing.JTextArea;
import javax.swing.table.DefaultTableModel;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.ort.session.OpenSession;
import net.diffusionj.service.SessionWatch;
import net.diffusionj.service.SessionWatch.Figures;

/**
 * The session monitor's window: looks once a second on a thread of its own, and at the GPUs every five seconds, and draws on the event thread. Its look-outs
 * end with it. {@link #open}, {@link #toFront} and {@link #close} may be called on any thread.
 */
final class MonitorWindow {

    static final String TITLE = "DiffusionJ Session Monitor";

    private static final System.Logger LOG = System.getLogger(MonitorWindow.class.getName());
    private static final long LOOK_MILLIS = 1000;
    private static final int LOOKS_PER_GPU_LOOK = 5;
    private static final int SHOWN_RECORDS = 50;

    private final SessionWatch watch;
    private final Runnable settings;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "DiffusionJ session monitor");
        thread.setDaemon(true);
        return thread;
    });
    private List<GpuState> gpus = List.of();
    private int count;

    private Optional<JFrame> frame = Optional.empty();
    private Optional<MonitorPlots> drawn = Optional.empty();
    private final DefaultTableModel sessions = model(MonitorText.SESSION_COLUMNS);
    private final DefaultTableModel records = model(MonitorText.RECORD_COLUMNS);
    private final JLabel line = new JLabel(" ");
    private final JTextArea warnings = text("warnings", 5);
    private final JTextArea gpuText = text("gpus", 2);
    private final JTable sessionTable = table("sessions", sessions);
    private final JButton pin = button("Pin", this::pinSelected);
    private List<OpenSession> shown = List.of();
    private boolean closed;

    /** @param watch what is shown
     *  @param settings opens the settings' dialog */
    MonitorWindow(final SessionWatch watch, final Runnable settings) {
        this.watch = watch;
        this.settings = settings;
    }

    private static DefaultTableModel model(final List<String> columns) {
        return new DefaultTableModel(columns.toArray(), 0) {
            private static final long serialVersionUID = 1;

            @Override
            public boolean isCellEditable(final int row, final int column) {
                return false;
            }
        };
    }

    private static JTable table(final String name, final DefaultTableModel model) {
        final JTable table = new JTable(model);
        table.setName(name);
        table.getColumnModel().getColumn(0).setPreferredWidth(name.equals("sessions") ? 230 : 70);
        return table;
    }

    private static JTextArea text(final String name, final int rows) {
        final JTextArea area = new JTextArea(rows, 40);
        area.setName(name);
        area.setEditable(false);
        area.setLineWrap(true);
        area.setWrapStyleWord(true);
        return area;
    }

    private static JButton button(final String label, final Runnable action) {
        final JButton button = new JButton(label);
        button.setName(label);
        button.addActionListener(event -> action.run());
        return button;
    }

    void open() {
        EventQueue.invokeLater(this::build);
        looks.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void build() {
        if (isClosed()) return;
        final JFrame made = new JFrame(TITLE);
        final MonitorPlots plots = new MonitorPlots();
        drawn = Optional.of(plots);
        final JPanel right = new JPanel();
        right.setLayout(new BoxLayout(right, BoxLayout.Y_AXIS));
        right.add(titled("Open models", new JScrollPane(sessionTable), 170));
        right.add(titled("Latest generations", new JScrollPane(table("records", records)), 230));
        right.add(titled("NVIDIA GPUs", new JScrollPane(gpuText), 60));
        right.add(titled("Warnings", new JScrollPane(warnings), 110));
        final JPanel buttons = new JPanel(new FlowLayout(FlowLayout.LEFT));
        buttons.add(button("Release", this::release));
        buttons.add(pin);
        buttons.add(button("Limits...", settings));
        right.add(buttons);
        line.setBorder(BorderFactory.createEmptyBorder(6, 8, 6, 8));
        line.setName("line");
        sessionTable.getSelectionModel().addListSelectionListener(event -> namePin());
        made.add(line, BorderLayout.NORTH);
        made.add(plots.panel(), BorderLayout.WEST);
        made.add(right, BorderLayout.CENTER);
        made.setDefaultCloseOperation(JFrame.DISPOSE_ON_CLOSE);
        made.addWindowListener(new WindowAdapter() {
            @Override
            public void windowClosed(final WindowEvent event) {
                stop();
                MonitorHost.leave(made);
            }
        });
        made.pack();
        made.setLocationByPlatform(true);
        made.setVisible(true);
        MonitorHost.enter(made);
        synchronized (this) {
            frame = Optional.of(made);
        }
    }

    private static JComponent titled(final String title, final JComponent content, final int heightPx) {
        content.setBorder(BorderFactory.createTitledBorder(title));
        content.setPreferredSize(new Dimension(680, heightPx));
        return content;
    }

    private void look() {
        try {
            if (count++ % LOOKS_PER_GPU_LOOK == 0) gpus = watch.gpus();
            final Figures figures = watch.figures(gpus);
            EventQueue.invokeLater(() -> show(figures));
        }
        catch (final RuntimeException | OutOfMemoryError e) {
            // What came through would end the looks without a word.
            LOG.log(Level.WARNING, "The session monitor could not look.", e);
        }
    }

    private void show(final Figures figures) {
        if (drawn.isEmpty()) return;
        line.setText(MonitorText.line(figures));
        final List<String> selected = selectedFiles();
        shown = figures.sessions();
        fill(sessions, shown.stream().map(MonitorText::cells).toList());
        for (int row = 0; row < shown.size(); row++) {
            if (selected.contains(shown.get(row).file().toString())) sessionTable.addRowSelectionInterval(row, row);
        }
        final List<List<String>> rows = new ArrayList<>(figures.records().stream().map(MonitorText::cells).toList());
        Collections.reverse(rows);
        fill(records, rows.subList(0, Math.min(SHOWN_RECORDS, rows.size())));
        set(warnings, figures.warnings().isEmpty() ? "None." : figures.warnings().stream().map(warning -> "• " + warning.text())
            .collect(Collectors.joining("\n")));
        set(gpuText, figures.gpus().isEmpty() ? "None, or the driver's program nvidia-smi does not answer." : figures.gpus().stream().map(MonitorText::line)
            .collect(Collectors.joining("\n")));
        drawn.get().add(figures);
        namePin();
    }

    /** A text that is set anew scrolls to its end and loses a selection. */
    private static void set(final JTextArea area, final String text) {
        if (!area.getText().equals(text)) area.setText(text);
    }

    private static void fill(final DefaultTableModel model, final List<List<String>> rows) {
        final List<List<String>> now = new ArrayList<>();
        for (int row = 0; row < model.getRowCount(); row++) {
            final List<String> cells = new ArrayList<>();
            for (int column = 0; column < model.getColumnCount(); column++) cells.add(String.valueOf(model.getValueAt(row, column)));
            now.add(cells);
        }
        if (now.equals(rows)) return;
        model.setRowCount(0);
        rows.forEach(row -> model.addRow(row.toArray()));
    }

    private List<OpenSession> selected() {
        final List<OpenSession> chosen = new ArrayList<>();
        for (final int row : sessionTable.getSelectedRows()) if (row < shown.size()) chosen.add(shown.get(row));
        return chosen;
    }

    private List<String> selectedFiles() {
        return selected().stream().map(session -> session.file().toString()).toList();
    }

    private void namePin() {
        final List<OpenSession> chosen = selected();
        pin.setEnabled(!chosen.isEmpty());
        pin.setText(!chosen.isEmpty() && chosen.stream().allMatch(OpenSession::pinned) ? "Unpin" : "Pin");
        pin.setToolTipText("Keeps the selected models open while nobody uses them, until they are unpinned.");
    }

    private void pinSelected() {
        final List<OpenSession> chosen = selected();
        final boolean keep = !chosen.stream().allMatch(OpenSession::pinned);
        act(() -> chosen.forEach(session -> watch.pin(session.file(), keep)));
    }

    private void release() {
        act(watch::release);
    }

    /** On the thread that looks: closing a model takes a moment. */
    private void act(final Runnable work) {
        try {
            looks.execute(() -> {
                try {
                    work.run();
                }
                catch (final RuntimeException e) {
                    LOG.log(Level.WARNING, "The session monitor could not do that.", e);
                    EventQueue.invokeLater(() -> JOptionPane.showMessageDialog(frame.orElse(null), String.valueOf(e.getMessage()), TITLE,
                        JOptionPane.WARNING_MESSAGE));
                }
                look();
            });
        }
        catch (final RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the window is closing", e);
        }
    }

    /** @return whether there is a window to bring to the front */
    boolean toFront() {
        if (isClosed()) return false;
        EventQueue.invokeLater(() -> {
            frame.ifPresent(JFrame::toFront);
            frame.ifPresent(JFrame::requestFocus);
        });
        return true;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void stop() {
        closed = true;
        looks.shutdown();
    }

    void close() {
        stop();
        EventQueue.invokeLater(() -> frame.ifPresent(JFrame::dispose));
    }
}
