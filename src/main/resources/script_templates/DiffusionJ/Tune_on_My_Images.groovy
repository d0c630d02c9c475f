#@ TuneService tune
#@ DiffusionService diffusion
#@ File (label = "Folder of images", style = "directory") images
#@ String (label = "Caption", value = "my cells") caption
#@ String (label = "Name of the new model", value = "my-cells") name
#@ Integer (label = "Steps", value = 500) steps
#@output ij.ImagePlus image

// Teaches the model that comes along the images of a folder, installs the result under a name of its own, and draws one image with it.
import net.diffusionj.service.DiffusionRequest
import net.diffusionj.train.Budget
import net.diffusionj.train.TuneOptions
import net.diffusionj.train.TuneRequest
import net.diffusionj.train.material.ImageSet

outcome = tune.tune(new TuneRequest(ImageSet.of(images.toPath()), caption, name, Budget.steps(steps), TuneOptions.DEFAULTS, false))
outcome.inWords().each { line -> println(line) }
image = diffusion.generate(DiffusionRequest.prompt(caption).model(name).build())
