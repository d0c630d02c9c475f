"""What image to image leaves of the objects in real micrographs, at several strengths.

    python -m scripts.experiment.objects_kept --real ../shared/real --work work

Runs `scripts/diffusionj img2img` on the test images of every set, at the image's own pixels unless --options says otherwise, and prints a table:
objects kept of those labelled (`objects_kept.py` in the folder of the sets; where objects are darker than their surroundings, on the inverted
image), the median correlation with the source inside objects after a high-pass of two pixels (1 would mean that nothing was changed), and how far,
in percent of the source's range, the median of the background and the 99th percentile went, in the worst image. Results are kept under --work, so a
run that was stopped goes on.
"""

import argparse
import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import tifffile
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[2]
#: What is in the pictures, in the model's own words.
PROMPTS = {
    "bbbc039_u2os_nuclei": "nuclei",
    "bbbc038_fluo_nuclei": "nuclei",
    "bbbc038_histology_nuclei": "nuclei, brightfield histology",
    "yeast_phase_yeastvision": "yeast, phase contrast",
    "em_chloroplast_wsu": "electron micrograph",
}
SMALLEST_OBJECT = 30


def main():
    options = arguments()
    measure = load_measure(options.real / "objects_kept.py")
    print("| set | images | strength | objects kept | correlation inside objects | background, worst | 99th percentile, worst |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in options.sets:
        images = sorted((options.real / name / "test" / "images").glob("*.tif"))[: options.images]
        for strength in options.strengths:
            rows = [score(image, made(image, name, strength, options), measure) for image in images]
            kept, count = (sum(row[k] for row in rows) for k in ("kept", "count"))
            correlation = np.median(np.concatenate([row["correlations"] for row in rows]))
            background, high = (max(abs(row[k]) for row in rows) for k in ("background", "high"))
            print(f"| {name} | {len(rows)} | {strength} | {kept} of {count} ({kept / count:.0%}) | {correlation:.2f} | {background:.1%} | {high:.1%} |",
                  flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for results")
    parser.add_argument("--sets", nargs="+", default=list(PROMPTS), choices=list(PROMPTS), metavar="SET")
    parser.add_argument("--strengths", nargs="+", type=float, default=[0.2, 0.3, 0.4, 0.5, 0.6])
    parser.add_argument("--images", type=int, help="of every set, so many at most; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--options", default="", help="further options of img2img, such as '--scale 1' or '--fit model'")
    return parser.parse_args()


def load_measure(path):
    spec = importlib.util.spec_from_file_location("measure", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(image, name, strength, options):
    """The result of one image, from the work folder if it is there."""
    command = ["--prompt", PROMPTS[name], "--strength", str(strength), "--seed", str(options.seed), *options.options.split()]
    key = hashlib.sha256(json.dumps([name, image.name, command]).encode()).hexdigest()[:16]
    output = options.work / name / f"{image.stem}-{strength}-{key}.tif"
    if not output.exists():
        output.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([ROOT / "scripts" / "diffusionj", "img2img", "--input", image, "--output", output, *command], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return output


def score(image, result, measure):
    labels = tifffile.imread(image.parent.parent / "labels" / image.name).astype(int)
    before, after = grey(image), grey(result)
    if dark_objects(before, labels):
        before, after = -before, -after
    kept, count = measure.kept(labels, ndimage.gaussian_filter(after, 0.7))
    # The darkest values are those of a few pixels; percentiles tell the range that the picture uses.
    scale = before.max() - before.min()
    return {
        "kept": kept, "count": count, "correlations": correlations(before, after, labels),
        "background": (np.median(after[labels == 0]) - np.median(before[labels == 0])) / scale,
        "high": (np.percentile(after, 99) - np.percentile(before, 99)) / scale,
    }


def grey(path):
    """[y, x] float; of colours the mean."""
    picture = tifffile.imread(path).astype(float)
    if picture.ndim == 2:
        return picture
    return picture.mean(0) if picture.shape[0] == 3 else picture.mean(-1)


def dark_objects(picture, labels):
    near = ndimage.binary_dilation(labels > 0, iterations=6) & (labels == 0)
    return np.median(picture[labels > 0]) < np.median(picture[near])


def correlations(before, after, labels):
    """Of every object, between the two pictures without what changes over more than two pixels."""
    fine = [picture - ndimage.gaussian_filter(picture, 2) for picture in (before, after)]
    found = []
    for index, box in enumerate(ndimage.find_objects(labels), 1):
        if box is None:
            continue
        inside = labels[box] == index
        values = [picture[box][inside] for picture in fine]
        if inside.sum() >= SMALLEST_OBJECT and min(v.std() for v in values) > 0:
            found.append(np.corrcoef(*values)[0, 1])
    return found


if __name__ == "__main__":
    sys.exit(main())
