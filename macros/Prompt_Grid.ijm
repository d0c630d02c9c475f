// Several prompts with several seeds: a row for each prompt, a column for each seed.
//
// With a screen: run this macro; a dialog asks for the settings.
// Without: scripts/imagej --headless -macro macros/Prompt_Grid.ijm "prompts=[sparse nuclei|dense nuclei] seeds=1,2,3 output=grid.tif"
// Options: prompts (separated by |), seeds (separated by commas), steps, model, output

arguments = getArgument();
prompts = option(arguments, "prompts", "sparse bright nuclei, blue|actin filaments, green|brightfield histology");
seeds = option(arguments, "seeds", "1,2,3");
steps = parseInt(option(arguments, "steps", "0"));
model = option(arguments, "model", "");
output = option(arguments, "output", "");

if (arguments == "") {
	Dialog.create("Prompt Grid");
	Dialog.addString("Prompts, separated by |", prompts, 60);
	Dialog.addString("Seeds", seeds, 20);
	Dialog.show();
	prompts = Dialog.getString();
	seeds = Dialog.getString();
}

setBatchMode(true);
rows = split(prompts, "|");
columns = split(seeds, ",");
cell = 0;
for (i = 0; i < rows.length; i++) {
	prompt = rows[i];
	for (j = 0; j < columns.length; j++) {
		seed = String.trim(columns[j]);
		before = nImages;
		run("Text to Image...", "prompt=&prompt seed=&seed steps=&steps model=&model");
		needImage(before, "Text to Image");
		cell++;
		rename("cell " + IJ.pad(cell, 4));
	}
}
title = "Prompt Grid";
run("Images to Stack", "name=cells title=[cell ]");
stack = getImageID();
run("Make Montage...", "columns=" + columns.length + " rows=" + rows.length + " scale=1 border=1");
rename(title);
setMetadata("Info", "prompts: " + prompts + "\nseeds: " + seeds + "\nsteps: " + steps + "\nmodel: " + model);
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

