// Teaches a model your own images, then draws the same seeds with the model as it was and with yours, side by side.
//
// With a screen: Plugins > Macros > Run..., or drop this file on ImageJ; a dialog asks for the settings.
// Without: scripts/imagej --headless -macro macros/Tune_On_My_Images.ijm "images=[/data/cells] caption=[my cells] name=my-cells output=tuned.png"
// Options: images (a folder, or one image or stack), caption, name, steps, seed, rate, licence, model (to begin from), pictures, output

arguments = getArgument();
images = option(arguments, "images", "");
caption = option(arguments, "caption", "my cells");
name = option(arguments, "name", "my-cells");
steps = parseInt(option(arguments, "steps", "500"));
seed = option(arguments, "seed", "0");
rate = option(arguments, "rate", "0.0001");
licence = option(arguments, "licence", "");
model = option(arguments, "model", "");
pictures = parseInt(option(arguments, "pictures", "4"));
output = option(arguments, "output", "");

if (arguments == "") {
	Dialog.create("Tune on My Images");
	Dialog.addDirectory("Folder of images", images);
	Dialog.addString("Caption", caption, 40);
	Dialog.addString("Name of the new model", name, 40);
	Dialog.addNumber("Steps", steps);
	Dialog.addString("Licence", licence, 40);
	Dialog.show();
	images = Dialog.getString();
	caption = Dialog.getString();
	name = Dialog.getString();
	steps = Dialog.getNumber();
	licence = Dialog.getString();
}
if (images == "") exit("Tune on My Images needs images. Give images=FOLDER.");

run("Tune on My Images...", "images=&images caption=&caption name=&name steps=&steps seed=&seed rate=&rate licence=&licence model=&model");

setBatchMode(true);
for (row = 0; row < 2; row++) {
	drawer = model;
	if (row == 1) drawer = name;
	for (k = 1; k <= pictures; k++) {
		before = nImages;
		run("Text to Image...", "prompt=&caption seed=&k model=&drawer");
		needImage(before, "Text to Image");
		rename("tuned " + row + " " + IJ.pad(k, 4));
	}
}
run("Images to Stack", "name=[Before and after] title=[tuned ] use");
stack = getImageID();
run("Make Montage...", "columns=" + pictures + " rows=2 scale=1 border=1");
rename("Before and after");
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

