#@ DiffusionService diffusion
#@ net.imglib2.img.Img image
#@ String (label = "Prompt", value = "dense bright nuclei, fluorescence") prompt
#@ String (label = "Seed", value = "1") seed
#@ Integer (label = "Steps", value = 15) steps
#@ String (label = "Model (empty: the one that comes along)", required = false, value = "") model
#@output ij.ImagePlus strongest

// Variations of the active image, from nearly the same to nearly new. The seed stays, so that only the strength differs.
import net.diffusionj.service.DiffusionRequest

for (strength in [0.3d, 0.5d, 0.7d]) {
    request = DiffusionRequest.prompt(prompt).image(image).strength(strength).seed(seed).steps(steps).model(model).build()
    result = diffusion.generate(request)
    println(strength + ": " + result.timings().totalMillis() + " ms")
    strongest = result
}
