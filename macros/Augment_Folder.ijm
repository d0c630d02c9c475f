// Variants of every image in a folder, with labels that are still true and a manifest, by Plugins > DiffusionJ > Augment Images...
//
// With a screen: run this macro; dialogs ask for folders and settings.
// Without: scripts/imagej --headless -macro macros/Augment_Folder.ijm "input=in labels=masks output=out variants=4 prompt=[dense nuclei]"
// Options: input, labels, classes, output, variants, balance, mode, strength, prompt, negative, guidance, seed, steps, scheduler, scale, transforms, camera,
// filter, split, layout, model, provider, dryrun=true, replay; see docs/augmentation.md. labels may be left out: then outputs are not checked.
// replay=out output=again makes the files of an augmented folder again.
//
// Writes STEM_001.tif and so on, labels/, manifest.csv, manifest.json and report.html. The same options on the same folder go on where a run was stopped.

arguments = getArgument();
input = option(arguments, "input", "");
labels = option(arguments, "labels", "");
classes = option(arguments, "classes", "");
output = option(arguments, "output", "");
variants = parseInt(option(arguments, "variants", "4"));
balance = parseInt(option(arguments, "balance", "0"));
mode = option(arguments, "mode", "vary");
strength = option(arguments, "strength", "0.3");
prompt = option(arguments, "prompt", "");
negative = option(arguments, "negative", "");
guidance = option(arguments, "guidance", "");
seed = option(arguments, "seed", "0");
steps = parseInt(option(arguments, "steps", "0"));
scheduler = option(arguments, "scheduler", "model");
scale = option(arguments, "scale", "");
transforms = option(arguments, "transforms", "");
camera = option(arguments, "camera", "auto");
filter = option(arguments, "filter", "");
splits = option(arguments, "split", "");
layout = option(arguments, "layout", "none");
model = option(arguments, "model", "");
provider = option(arguments, "provider", "auto");
dryrun = option(arguments, "dryrun", "false");
replay = option(arguments, "replay", "");

if (arguments == "") {
	input = getDirectory("Folder of images");
	output = getDirectory("Folder for the outputs");
	Dialog.create("Augment Folder");
	Dialog.addString("Labels (folder)", labels, 50);
	Dialog.addString("Prompt", prompt, 50);
	Dialog.addNumber("Variants", variants);
	Dialog.addString("Strength", strength, 20);
	Dialog.addString("Seed", seed, 20);
	Dialog.show();
	labels = Dialog.getString();
	prompt = Dialog.getString();
	variants = Dialog.getNumber();
	strength = Dialog.getString();
	seed = Dialog.getString();
}
if (replay == "" && !File.isDirectory(input) && !File.exists(input)) exit("Augment Folder: there is no input folder \"" + input + "\".");
if (output == "") exit("Augment Folder: name the folder for the outputs.");

only = "";
if (dryrun == "true") only = " dryrun";
run("Augment Images...", "input=&input labels=&labels classes=&classes output=&output variants=&variants balance=&balance mode=&mode strength=&strength"
	+ " prompt=&prompt negative=&negative guidance=&guidance seed=&seed steps=&steps scheduler=&scheduler scale=&scale transforms=&transforms"
	+ " camera=&camera filter=&filter split=&splits layout=&layout model=&model provider=&provider replay=&replay" + only);
if (dryrun != "true" && !File.exists(output + File.separator + "manifest.csv")) {
	exit("Augment Folder: nothing was made. See the error message; without a screen it is printed.");
}
showStatus("Variants are in " + output);

// The value of key=word or key=[several words] in a macro argument.
function option(options, key, otherwise) {
	options = " " + options + " ";
	start = indexOf(options, " " + key + "=");
	if (start < 0) return otherwise;
	start += lengthOf(key) + 2;
	if (substring(options, start, start + 1) != "[") return substring(options, start, indexOf(options, " ", start));
	return substring(options, start + 1, indexOf(options, "]", start));
}
