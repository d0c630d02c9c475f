import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import net.diffusionj.image.CameraEstimate;
import net.diffusionj.image.CameraModel;
import net.diffusionj.image.CameraShot;
import net.diffusionj.image.IntensityMapping;
import net.diffusionj.image.SourceImage;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.pipeline.DecodedPixels;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * The last step of image to image, with a camera's noise and without, from one drawing: a line with tabs on standard input names the source, a result of
 * {@code img2img --bits 32}, its intensity limits, the seed of the noise, and the two files to write. Answers with the camera that was estimated from the
 * source, or {@code none}.
 */
public final class Expose {

    private Expose() {}

    public static void main(final String[] args) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) System.out.println(answer(line.split("\t", -1)));
        }
    }

    private static String answer(final String[] fields) {
        final RandomAccessibleInterval<?> source = ImageFiles.read(Path.of(fields[0])).image();
        final SourceImage image = SourceImage.of(source);
        final IntensityMapping mapping = IntensityMapping.parse(fields[2]);
        final DecodedPixels drawn = decoded(ImageFiles.read(Path.of(fields[1])).image());
        final Optional<CameraModel> camera = CameraEstimate.of(List.of(source));
        final Optional<CameraShot> shot = camera.map(found -> CameraShot.of(found, Long.parseLong(fields[3])));
        ImageFiles.write(Path.of(fields[4]), image.restore(drawn, mapping, SourceImage.ResultChannels.AS_SOURCE), ImageMetadata.NONE);
        ImageFiles.write(Path.of(fields[5]), image.restore(drawn, mapping, SourceImage.ResultChannels.AS_SOURCE, shot), ImageMetadata.NONE);
        return camera.map(CameraModel::toString).orElse("none");
    }

    /** x, y, channel (3) from 0 to 1, as it was decoded: channel after channel, −1 to 1. */
    private static DecodedPixels decoded(final RandomAccessibleInterval<?> image) {
        final int width = (int) image.dimension(0);
        final int height = (int) image.dimension(1);
        final float[] values = new float[3 * width * height];
        final var access = image.randomAccess();
        for (int i = 0; i < values.length; i++) {
            access.setPosition(i % width, 0);
            access.setPosition(i / width % height, 1);
            access.setPosition(i / width / height, 2);
            values[i] = 2 * ((RealType<?>) access.get()).getRealFloat() - 1;
        }
        return new DecodedPixels(values, 1, height, width);
    }
}
