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

import java.awt.Dimension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.swing.BoxLayout;
import javax.swing.JPanel;

import org.jfree.chart.ChartFactory;
import org.jfree.chart.ChartPanel;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

import net.diffusionj.ort.memory.GpuState;
import net.diffusionj.service.SessionWatch.Figures;
import net.diffusionj.service.record.GenerationRecord;

/** The monitor's plots: memory and queue over time, step time over generations. Used on the event thread alone. */
final class MonitorPlots {

    private static final int KEPT = 1200;
    private static final Dimension SIZE = new Dimension(460, 190);
    private static final double NANOS_PER_MINUTE = 60e9;

    private final JPanel panel = new JPanel();
    private final long startNanos = System.nanoTime();
    private final Plot memory = new Plot("Memory", "minutes", "MB");
    private final Plot steps = new Plot("Step time", "generations", "ms");
    private final Plot queue = new Plot("Queue", "minutes", "requests");

    /** One chart, whose lines come as they are named. */
    private final class Plot {
        private final XYSeriesCollection lines = new XYSeriesCollection();
        private final Map<String, XYSeries> byName = new HashMap<>();

        Plot(final String title, final String across, final String up) {
            final JFreeChart chart = ChartFactory.createXYLineChart(title, across, up, lines, PlotOrientation.VERTICAL, true, false, false);
            final XYPlot plot = chart.getXYPlot();
            plot.setRenderer(new XYLineAndShapeRenderer(true, title.startsWith("Step")));
            ((NumberAxis) plot.getRangeAxis()).setAutoRangeIncludesZero(true);
            ((NumberAxis) plot.getDomainAxis()).setAutoRangeIncludesZero(false);
            if (!across.equals("minutes")) plot.getDomainAxis().setStandardTickUnits(NumberAxis.createIntegerTickUnits());
            if (up.equals("requests")) plot.getRangeAxis().setStandardTickUnits(NumberAxis.createIntegerTickUnits());
            final ChartPanel drawn = new ChartPanel(chart);
            drawn.setName(title);
            drawn.setPreferredSize(SIZE);
            panel.add(drawn);
        }

        private XYSeries line(final String name) {
            return byName.computeIfAbsent(name, key -> {
                final XYSeries series = new XYSeries(key);
                series.setMaximumItemCount(KEPT);
                lines.addSeries(series);
                return series;
            });
        }
    }

    MonitorPlots() {
        panel.setLayout(new BoxLayout(panel, BoxLayout.Y_AXIS));
    }

    JPanel panel() {
        return panel;
    }

    void add(final Figures figures) {
        final double minutes = (System.nanoTime() - startNanos) / NANOS_PER_MINUTE;
        figures.residentBytes().ifPresent(bytes -> memory.line("this program").add(minutes, MonitorText.toMegabytes(bytes)));
        memory.line("open models").add(minutes, MonitorText.toMegabytes(figures.sessionBytes()));
        for (final GpuState gpu : figures.gpus()) {
            gpu.memory().ifPresent(taken -> memory.line("GPU " + gpu.index()).add(minutes, MonitorText.toMegabytes(taken.usedBytes())));
        }
        queue.line("running").add(minutes, figures.queue().running());
        queue.line("waiting").add(minutes, figures.queue().waiting());
        stepTimes(figures.records());
    }

    /** Records go out at one end and come in at the other, so all are drawn anew; there are a few hundred. */
    private void stepTimes(final List<GenerationRecord> records) {
        final Map<String, XYSeries> now = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            final GenerationRecord record = records.get(i);
            if (record.times().medianStep() <= 0) continue;
            now.computeIfAbsent(record.work().model() + ' ' + record.work().widthPx() + " x " + record.work().heightPx(), XYSeries::new)
                .add(i + 1, record.times().medianStep());
        }
        steps.byName.keySet().stream().filter(name -> !now.containsKey(name)).forEach(name -> steps.byName.get(name).clear());
        now.forEach((name, series) -> {
            final XYSeries shown = steps.line(name);
            if (same(shown, series)) return;
            shown.setNotify(false);
            shown.clear();
            for (int i = 0; i < series.getItemCount(); i++) shown.add(series.getDataItem(i));
            shown.setNotify(true);
        });
    }

    private static boolean same(final XYSeries one, final XYSeries other) {
        return one.getItems().equals(other.getItems());
    }
}
