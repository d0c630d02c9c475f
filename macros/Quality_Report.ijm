// The report of an augmented folder, written anew, such as after files were removed from it.
//
// With a screen: run this macro; a dialog asks for the folder.
// Without: scripts/imagej --headless -macro macros/Quality_Report.ijm "folder=out"
// Options: folder
//
// Writes report.html and contact-sheet.png into the folder.

arguments = getArgument();
folder = option(arguments, "folder", "");
if (arguments == "") folder = getDirectory("Augmented folder");
if (!File.exists(folder + File.separator + "manifest.csv")) {
	exit("Quality Report: there is no manifest.csv in \"" + folder + "\". Name a folder that Augment Images... has filled.");
}
run("Quality Report...", "folder=&folder");
if (!File.exists(folder + File.separator + "report.html")) {
	exit("Quality Report: nothing was written. See the error message; without a screen it is printed.");
}
showStatus("The report is " + folder + File.separator + "report.html");

// The value of key=word or key=[several words] in a macro argument.
function option(options, key, otherwise) {
	options = " " + options + " ";
	start = indexOf(options, " " + key + "=");
	if (start < 0) return otherwise;
	start += lengthOf(key) + 2;
	if (substring(options, start, start + 1) != "[") return substring(options, start, indexOf(options, " ", start));
	return substring(options, start + 1, indexOf(options, "]", start));
}
