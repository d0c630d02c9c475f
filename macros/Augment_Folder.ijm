// Variations of every image in a folder, by image to image at chosen strengths and seeds, with a table of the settings.
//
// With a screen: run this macro; dialogs ask for folders and settings.
// Without: scripts/imagej --headless -macro macros/Augment_Folder.ijm "input=in output=out prompt=[dense nuclei] strengths=0.3,0.5 seeds=1,2"
// Options: input, output (folders), prompt, strengths and seeds (separated by commas), steps, model
//
// Writes NAME_EXTENSION_strength_seed.tif for every variation and augmented.csv, which has a row for each of them.

arguments = getArgument();
input = option(arguments, "input", "");
output = option(arguments, "output", "");
prompt = option(arguments, "prompt", "");
strengths = option(arguments, "strengths", "0.3,0.5");
seeds = option(arguments, "seeds", "1,2");
steps = parseInt(option(arguments, "steps", "0"));
model = option(arguments, "model", "");

if (arguments == "") {
	input = getDirectory("Folder of images");
	output = getDirectory("Folder for the variations");
	Dialog.create("Augment Folder");
	Dialog.addString("Prompt", prompt, 50);
	Dialog.addString("Strengths", strengths, 20);
	Dialog.addString("Seeds", seeds, 20);
	Dialog.show();
	prompt = Dialog.getString();
	strengths = Dialog.getString();
	seeds = Dialog.getString();
}
if (!File.isDirectory(input)) exit("Augment Folder: there is no input folder \"" + input + "\".");
if (!File.isDirectory(output)) File.makeDirectory(output);
if (!File.isDirectory(output)) exit("Augment Folder: the output folder \"" + output + "\" cannot be made.");
if (!endsWith(input, File.separator) && !endsWith(input, "/")) input = input + "/";
if (!endsWith(output, File.separator) && !endsWith(output, "/")) output = output + "/";

keys = newArray("prompt", "negative", "strength", "seed", "steps", "guidance", "scheduler", "model", "fit", "scale", "intensity", "provider", "diffusionj");
table = "source,file";
for (k = 0; k < keys.length; k++) table = table + "," + keys[k];
table = table + "\n";

setBatchMode(true);
files = getFileList(input);
strengthList = split(strengths, ",");
seedList = split(seeds, ",");
made = 0;
for (f = 0; f < files.length; f++) {
	if (isImage(files[f]) == 0) continue;
	open(input + files[f]);
	source = getImageID();
	for (i = 0; i < strengthList.length; i++) {
		strength = parseFloat(strengthList[i]);
		for (j = 0; j < seedList.length; j++) {
			seed = String.trim(seedList[j]);
			selectImage(source);
			before = nImages;
			run("Image to Image...", "prompt=&prompt strength=&strength seed=&seed steps=&steps model=&model");
			needImage(before, "Image to Image");
			name = replace(files[f], ".", "_") + "_" + d2s(strength, 2) + "_" + seed + ".tif";
			row = "" + quoted(files[f]) + "," + quoted(name);
			for (k = 0; k < keys.length; k++) {
				value = "" + settings(keys[k]);
				row = row + "," + quoted(value);
			}
			table = table + row + "\n";
			saveAs("Tiff", output + name);
			close();
			made++;
			File.saveString(table, output + "augmented.csv");
		}
	}
	selectImage(source);
	close();
}
setBatchMode(false);
if (made == 0) exit("Augment Folder: there is no image in \"" + input + "\" (.tif, .tiff, .png, .jpg, .gif, .bmp).");
showStatus(made + " variations in " + output);

// A line "key: value" of the image's Info.
function settings(key) {
	lines = split(getMetadata("Info"), "\n");
	for (n = 0; n < lines.length; n++) {
		if (startsWith(lines[n], key + ": ")) return substring(lines[n], lengthOf(key) + 2);
	}
	return "";
}

function quoted(text) {
	return "\"" + replace(text, "\"", "\"\"") + "\"";
}

function isImage(name) {
	dot = lastIndexOf(name, ".");
	if (dot < 1) return 0;
	extension = toLowerCase(substring(name, dot + 1)) + " ";
	if (indexOf("tif tiff png jpg jpeg gif bmp ", extension) < 0) return 0;
	return 1;
}

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

