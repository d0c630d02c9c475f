import ij.IJ;
import ij.ImagePlus;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import ij.plugin.filter.ParticleAnalyzer;
import ij.process.AutoThresholder;
import ij.process.ImageProcessor;

/**
 * Counts particles with ImageJ itself, for test_measures.py: for each 8-bit grey picture it prints the threshold and the particles' areas.
 * <p>
 * {@code java -Djava.awt.headless=true -cp ij.jar ImageJCount.java SMALLEST FILE...}
 */
public final class ImageJCount {

    public static void main(final String[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            final ImagePlus picture = IJ.openImage(arguments[i]);
            final ImageProcessor pixels = picture.getProcessor();
            pixels.setAutoThreshold(AutoThresholder.Method.Default, true);
            final ResultsTable results = new ResultsTable();
            new ParticleAnalyzer(ParticleAnalyzer.SHOW_NONE, Measurements.AREA, results, Double.parseDouble(arguments[0]), Double.MAX_VALUE)
                .analyze(picture, pixels);
            final StringBuilder line = new StringBuilder().append((int) pixels.getMinThreshold());
            for (int row = 0; row < results.size(); row++) line.append(' ').append((int) results.getValue("Area", row));
            System.out.println(line);
        }
    }
}
