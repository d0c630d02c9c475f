#@ DiffusionService diffusion
#@ String (label = "Prompt", value = "sparse bright nuclei, blue, fluorescence") prompt
#@ String (label = "Seed", value = "1") seed
#@ Integer (label = "Steps", value = 15) steps
#@ String (label = "Model (empty: the one that comes along)", required = false, value = "") model
#@output ij.ImagePlus image

# Draws one image from a prompt. Whatever the builder is not told, the model decides. As an ImagePlus the result shows in its colours,
# with the settings as its Info.
from net.diffusionj.service import DiffusionRequest

request = DiffusionRequest.prompt(prompt).seed(seed).steps(steps).model(model).build()
result = diffusion.generate(request)
for setting in result.settings().entrySet():
    print("%s: %s" % (setting.key, setting.value))
image = result
