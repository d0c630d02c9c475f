import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import net.diffusionj.augment.gate.Gate;
import net.diffusionj.augment.gate.GateFindings;
import net.diffusionj.augment.gate.GateThresholds;
import net.diffusionj.augment.gate.GateVerdict;
import net.diffusionj.augment.gate.SourceGate;
import net.diffusionj.augment.gate.SourceSample;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.labels.LabelImage;
import net.imglib2.RandomAccessibleInterval;

/**
 * Asks the gate about files. Lines of standard input: {@code learn}, a source and its labels; then {@code judge}, a source, its labels and an output, between
 * tabs. Answers: first the thresholds; then for every {@code judge} one line: {@code passed} or {@code rejected}, how many objects appeared, and of every
 * labelled object its number, whether it is judged, how much it counts as lost (0.5: doubtful), its IoU, its contrast and what is left of the line to a neighbour, between colons.
 */
public final class Judge {

    public static void main(final String[] arguments) throws IOException {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final List<SourceSample> samples = new ArrayList<>();
        Gate gate = null;
        SourceGate source = null;
        String last = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            final String[] fields = line.split("\t");
            if (fields[0].equals("learn")) {
                samples.add(new SourceSample(image(fields[1]), labels(fields[2])));
                continue;
            }
            if (gate == null) {
                gate = Gate.fromSources(samples);
                System.out.println(gate.thresholds());
            }
            if (!last.equals(fields[1])) {
                source = gate.forSource(image(fields[1]), labels(fields[2]));
                last = fields[1];
            }
            System.out.println(answer(gate.thresholds(), source.findings(image(fields[3]))));
        }
    }

    private static String answer(final GateThresholds thresholds, final GateFindings findings) {
        final GateVerdict verdict = findings.verdict(thresholds);
        final StringBuilder objects = new StringBuilder();
        for (final GateFindings.ObjectFinding object : findings.objects()) {
            objects.append(String.format(Locale.ROOT, "%d:%d:%.1f:%.3f:%.3f:%.3f ", object.id(), object.told() ? 1 : 0, object.weight(thresholds),
                object.iou(), object.contrast(), object.parted()));
        }
        return (verdict.passed() ? "passed" : "rejected") + "\t" + verdict.appeared() + "\t" + objects.toString().strip();
    }

    private static RandomAccessibleInterval<?> image(final String file) {
        return ImageFiles.read(Path.of(file)).image();
    }

    private static LabelImage labels(final String file) {
        return LabelImage.of(image(file));
    }
}
