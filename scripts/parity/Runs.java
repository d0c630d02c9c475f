import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import net.diffusionj.CancelToken;
import net.diffusionj.home.DiffusionHome;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.Npy;
import net.diffusionj.io.NpyArray;
import net.diffusionj.service.DiffusionEngine;
import net.diffusionj.service.DiffusionListener;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.LatentImage;

/**
 * Makes what each line of standard input asks for, with what txt2img and img2img run, in one process, and writes the final latents.
 * <p>
 * A line's fields, between tabs: file to write, model folder, scheduler (empty: the model's own), steps, guidance, prompt, negative prompt, number of
 * images, seed, width and height in pixels, source picture and strength (both empty for text to image). The answer is a line: {@code done}, or
 * {@code refused} and why.
 * </p>
 */
public final class Runs {

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
            final LatentImage made = engine.generate(request(fields), DiffusionListener.NONE, new CancelToken()).result().latents().orElseThrow();
            Npy.write(Path.of(fields[0]),
                NpyArray.ofFloats(made.values(), made.images(), made.channels(), made.latentHeight(), made.latentWidth()));
            return "done";
        }
        catch (final RuntimeException e) {
            return "refused " + String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private static DiffusionRequest request(final String[] fields) {
        final DiffusionRequest.Builder request = DiffusionRequest.prompt(fields[5]).negative(fields[6]).model(fields[1]).scheduler(fields[2])
            .steps(Integer.parseInt(fields[3])).guidance(Double.parseDouble(fields[4])).batch(Integer.parseInt(fields[7]))
            .seed(Long.parseLong(fields[8])).size(Integer.parseInt(fields[9]), Integer.parseInt(fields[10])).provider("cpu");
        if (!fields[11].isEmpty()) {
            request.image(ImageFiles.read(Path.of(fields[11])).image()).strength(Double.parseDouble(fields[12]));
        }
        return request.build();
    }
}
