import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import net.diffusionj.CancelToken;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.Fit;

/**
 * Draws what each line of standard input asks for, with what txt2img and img2img run, in one process: starting one for each of 140
 * prompts would take minutes.
 * <p>
 * A line's fields, between tabs: file to write, model folder, steps and guidance (empty: the model's own), prompt, number of images, seed,
 * side in pixels (for text to image), source picture, strength and fit (all three empty for text to image), and perhaps the fractions of the steps at which
 * guidance begins and ends. The answer is a line: {@code drawn}, or {@code failed} and why.
 * </p>
 */
public final class Draw {

    public static void main(final String[] arguments) throws IOException {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (DiffusionEngine engine = new DiffusionEngine(DiffusionHome.locate())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(answer(engine, line.split("\t", -1)));
            }
        }
    }

    private static String answer(final DiffusionEngine engine, final String[] fields) {
        try {
            final var result = engine.generate(request(fields), DiffusionListener.NONE, new CancelToken()).result();
            ImageFiles.write(Path.of(fields[0]), result.image(), ImageMetadata.NONE);
            return "drawn";
        }
        catch (final RuntimeException e) {
            return "failed " + e;
        }
    }

    private static DiffusionRequest request(final String[] fields) {
        final DiffusionRequest.Builder request = DiffusionRequest.prompt(fields[4]).model(fields[1]).batch(Integer.parseInt(fields[5]))
            .seed(Long.parseLong(fields[6]));
        if (!fields[2].isEmpty()) request.steps(Integer.parseInt(fields[2]));
        if (!fields[3].isEmpty()) request.guidance(Double.parseDouble(fields[3]));
        if (fields.length > 11) request.guidanceFrom(Double.parseDouble(fields[11])).guidanceTo(Double.parseDouble(fields[12]));
        if (fields[8].isEmpty()) {
            final int side = Integer.parseInt(fields[7]);
            return request.size(side, side).build();
        }
        return request.image(ImageFiles.read(Path.of(fields[8])).image()).fit(Fit.parse(fields[10])).strength(Double.parseDouble(fields[9])).build();
    }
}
