// Image to image at several strengths, side by side, to see how far a variation may go before it is no longer your image.
//
// With a screen: open an image, then run this macro; a dialog asks for the settings.
// Without: scripts/imagej --headless -macro macros/Strength_Sweep.ijm "input=cells.tif prompt=[dense nuclei] output=sweep.tif"
// Options: input (else the active image), prompt, strengths (separated by commas), seed, steps, model, output

arguments = getArgument();
input = option(arguments, "input", "");
prompt = option(arguments, "prompt", "dense bright nuclei, fluorescence");
strengths = option(arguments, "strengths", "0.2,0.35,0.5,0.65,0.8");
seed = option(arguments, "seed", "1");
steps = parseInt(option(arguments, "steps", "0"));
model = option(arguments, "model", "");
output = option(arguments, "output", "");

if (input != "") open(input);
if (nImages == 0) exit("Strength Sweep needs an image. Open one first, or give input=FILE.");

if (arguments == "") {
	Dialog.create("Strength Sweep");
	Dialog.addString("Prompt", prompt, 50);
	Dialog.addString("Strengths", strengths, 30);
	Dialog.addString("Seed", seed, 20);
	Dialog.show();
	prompt = Dialog.getString();
	strengths = Dialog.getString();
	seed = Dialog.getString();
}

setBatchMode(true);
source = getImageID();
values = split(strengths, ",");
for (i = 0; i < values.length; i++) {
	selectImage(source);
	strength = parseFloat(values[i]);
	before = nImages;
	run("Image to Image...", "prompt=&prompt strength=&strength seed=&seed steps=&steps model=&model");
	needImage(before, "Image to Image");
	rename("strength " + d2s(strength, 2));
}
run("Images to Stack", "name=[Strength Sweep] title=[strength ] use");
stack = getImageID();
run("Make Montage...", "columns=" + nSlices + " rows=1 scale=1 border=1 label");
rename("Strength Sweep");
montage = getImageID();
selectImage(stack);
close();
selectImage(montage);
setBatchMode("exit and display");

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

