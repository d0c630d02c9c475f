import ij.ImagePlus;
import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionResult;
import net.diffusionj.service.DiffusionService;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.convert.ConvertService;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/**
 * Draws one image from a prompt. Whatever the builder is not told, the model decides. As an ImagePlus the result shows in its colours, with the
 * settings as its Info.
 */
@Plugin(type = Command.class)
public class Text_to_Image implements Command {

    @Parameter
    private DiffusionService diffusion;

    @Parameter
    private ConvertService converters;

    @Parameter(label = "Prompt")
    private String prompt = "sparse bright nuclei, blue, fluorescence";

    @Parameter(label = "Seed")
    private long seed = 1;

    @Parameter(label = "Steps")
    private int steps = 15;

    @Parameter(label = "Model (empty: the one that comes along)", required = false)
    private String model = "";

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus image;

    @Override
    public void run() {
        DiffusionResult result = diffusion.generate(DiffusionRequest.prompt(prompt).seed(seed).steps(steps).model(model).build());
        image = converters.convert(result, ImagePlus.class);
    }
}
