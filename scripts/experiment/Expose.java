import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import net.diffusionj.image.CameraEstimate;
import net.diffusionj.image.CameraModel;
import net.diffusionj.image.CameraShot;
import net.diffusionj.image.IntensityMapping;
import net.diffusionj.image.SourceImage;
import net.diffusionj.io.ImageFiles;
import net.diffusionj.io.ImageMetadata;
import net.diffusionj.pipeline.DecodedPixels;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;

/**
 * The last step of image to image, with a camera's noise and without, from one drawing. Lines of standard input, with tabs:
 * {@code expose}, the source, a result of {@code img2img --bits 32}, its intensity limits, the seed of the noise, the two files to write, and the camera as
 * text, or nothing for that which the source tells; {@code estimate} and images, for the camera of all together; {@code add}, an image, a camera, a seed and
 * the file to write, for the image with that much more noise. Each is answered with the camera, or {@code none}.
 */
public final class Expose {

    private Expose() {}

    public static void main(final String[] args) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final String[] fields = line.split("\t", -1);
                System.out.println(switch (fields[0]) {
                    case "expose" -> expose(fields);
                    case "estimate" -> text(CameraEstimate.of(Stream.of(fields).skip(1).<RandomAccessibleInterval<?>>map(Expose::image).toList()));
                    case "add" -> add(fields);
                    default -> throw new IllegalArgumentException(line);
                });
            }
        }
    }

    private static String expose(final String[] fields) {
        final RandomAccessibleInterval<?> source = image(fields[1]);
        final SourceImage kind = SourceImage.of(source);
        final IntensityMapping mapping = IntensityMapping.parse(fields[3]);
        final DecodedPixels drawn = decoded(image(fields[2]));
        final Optional<CameraModel> camera = fields[7].isEmpty() ? CameraEstimate.ofOne(source)
            : Optional.of(fields[7]).filter(text -> !text.equals("none")).map(CameraModel::parse);
        final Optional<CameraShot> shot = camera.map(found -> CameraShot.of(found, Long.parseLong(fields[4])));
        ImageFiles.write(Path.of(fields[5]), kind.restore(drawn, mapping, SourceImage.ResultChannels.AS_SOURCE), ImageMetadata.NONE);
        ImageFiles.write(Path.of(fields[6]), kind.restore(drawn, mapping, SourceImage.ResultChannels.AS_SOURCE, shot), ImageMetadata.NONE);
        return text(camera);
    }

    private static String add(final String[] fields) {
        final Img<?> image = (Img<?>) image(fields[1]);
        final CameraModel camera = CameraModel.parse(fields[2]);
        camera.applyInPlace(image, Long.parseLong(fields[3]));
        ImageFiles.write(Path.of(fields[4]), image, ImageMetadata.NONE);
        return camera.toString();
    }

    private static RandomAccessibleInterval<?> image(final String file) {
        return ImageFiles.read(Path.of(file)).image();
    }

    private static String text(final Optional<CameraModel> camera) {
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
