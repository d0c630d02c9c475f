// Draws one image from a prompt, or several with batch=4.
//
// With a screen: Plugins > Macros > Run..., or drop this file on ImageJ; a dialog asks for the settings.
// Without: scripts/imagej --headless -macro macros/Text_to_Image.ijm "prompt=[sparse bright nuclei] seed=7 output=nuclei.tif"
// Options: prompt, negative, seed, steps, batch, model, output (.tif, .png or .jpg)

arguments = getArgument();
prompt = option(arguments, "prompt", "sparse bright nuclei, blue, fluorescence");
negative = option(arguments, "negative", "");
seed = option(arguments, "seed", "1");
steps = parseInt(option(arguments, "steps", "0"));
batch = parseInt(option(arguments, "batch", "1"));
model = option(arguments, "model", "");
output = option(arguments, "output", "");

if (arguments == "") {
	Dialog.create("Text to Image");
	Dialog.addString("Prompt", prompt, 50);
	Dialog.addString("Negative prompt", negative, 50);
	Dialog.addString("Seed", seed, 20);
	Dialog.addNumber("Steps (0: the model's own)", steps);
	Dialog.addNumber("Images", batch);
	Dialog.show();
	prompt = Dialog.getString();
	negative = Dialog.getString();
	seed = Dialog.getString();
	steps = Dialog.getNumber();
	batch = Dialog.getNumber();
}

// "&prompt" passes the variable as it is, whatever characters it holds.
before = nImages;
run("Text to Image...", "prompt=&prompt negative=&negative seed=&seed steps=&steps batch=&batch model=&model");
needImage(before, "Text to Image");

if (output != "") save(output);

// ImageJ2 goes on with the macro after a command that made no image.
function needImage(imagesBefore, command) {
	if (nImages == imagesBefore) exit(command + " made no image, so the macro ends. See the error message; without a screen it is printed.");
}

// The value of key=word or key=[several words] in a macro argument.
function option(options, key, otherwise) {
	options = " " + options + " ";
	start = indexOf(options, " " + key + "=");
	if (start < 0) return otherwise;
	start += lengthOf(key) + 2;
	if (substring(options, start, start + 1) != "[") return substring(options, start, indexOf(options, " ", start));
	return substring(options, start + 1, indexOf(options, "]", start));
}

