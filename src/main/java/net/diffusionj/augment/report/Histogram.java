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
package net.diffusionj.augment.report;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.statistics.HistogramDataset;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;

/** Draws how often each value occurs, as SVG. Needs no screen. Stateless. */
final class Histogram {

    private static final int BINS = 24;
    private static final double WIDTH = 360;
    private static final double HEIGHT = 220;
    private static final double SPARE = 12;
    private static final float LABEL = 11;
    private static final Color BAR = new Color(0x3b6ea5);
    private static final Color LINES = new Color(0xdddddd);

    private Histogram() {}

    /**
     * @param values infinite ones and NaN are left out
     * @return an SVG file; empty where no value is left
     */
    static byte[] of(final String title, final double[] values) {
        final double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (finite.length == 0) return new byte[0];
        final double low = Arrays.stream(finite).min().orElseThrow();
        final double high = Arrays.stream(finite).max().orElseThrow();
        final double margin = high > low ? 0 : Math.max(1e-3, Math.abs(low) * 0.01);
        final HistogramDataset data = new HistogramDataset();
        data.addSeries(title, finite, BINS, low - margin, high + margin);
        final JFreeChart chart = ChartFactory.createHistogram(null, title, null, data, PlotOrientation.VERTICAL, false, false, false);
        // Browsers draw text wider than Java measures it.
        chart.setPadding(new RectangleInsets(0, 0, 0, 2 * SPARE));
        chart.setBackgroundPaint(Color.WHITE);
        final XYPlot plot = chart.getXYPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(LINES);
        plot.setDomainGridlinesVisible(false);
        plot.setOutlineVisible(false);
        plot.getDomainAxis().setTickLabelInsets(new RectangleInsets(2, SPARE, 2, SPARE));
        plot.getDomainAxis().setLabelFont(plot.getDomainAxis().getLabelFont().deriveFont(LABEL));
        plot.getRangeAxis().setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        final XYBarRenderer bars = (XYBarRenderer) plot.getRenderer();
        bars.setBarPainter(new StandardXYBarPainter());
        bars.setShadowVisible(false);
        bars.setDrawBarOutline(false);
        bars.setMargin(0.1);
        bars.setSeriesPaint(0, BAR);
        final VectorGraphics2D graphics = new VectorGraphics2D();
        chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new SVGProcessor().getDocument(graphics.getCommands(), new PageSize(WIDTH, HEIGHT)).writeTo(out);
        }
        catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
