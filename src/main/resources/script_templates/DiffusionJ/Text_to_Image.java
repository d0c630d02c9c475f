import net.diffusionj.service.DiffusionRequest;
import net.diffusionj.service.DiffusionService;
import net.imglib2.img.Img;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Draws one image from a prompt. Whatever the builder is not told, the model decides. */
@Plugin(type = Command.class)
public class Text_to_Image implements Command {

    @Parameter
    private DiffusionService diffusion;

    @Parameter(label = "Prompt")
    private String prompt = "sparse bright nuclei, blue, fluorescence";

    @Parameter(label = "Seed")
    private long seed = 1;

    @Parameter(label = "Steps")
    private int steps = 15;

    @Parameter(label = "Model (empty: the one that comes along)", required = false)
    private String model = "";

    @Parameter(type = ItemIO.OUTPUT)
    private Img<?> image;

    @Override
    public void run() {
        image = diffusion.generate(DiffusionRequest.prompt(prompt).seed(seed).steps(steps).model(model).build()).image();
    }
}
