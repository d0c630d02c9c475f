"""Whether a classifier tells images of the model from their sources by their noise, without a camera's noise and with it.

    python -m scripts.experiment.noise --real ../shared/real --work work

Draws every test image of the sets by `scripts/diffusionj img2img` at strength 0.3, in 32 bits, and finishes each drawing twice, without a camera and
with the one that CameraEstimate finds in its source (Expose.java: the same code as img2img runs). Crops of 128 x 128 pixels of sources and results go
to gradient boosting (scikit-learn), cross-validated by source: all crops of a source and of what was made of it are in one fold. Prints the share of
crops that it tells right; 50 % is guessing.

The residual's spectrum begins at --lowest cycles a pixel. Below 0.45 lies fine texture of the objects, of which the model draws less than the source
has: that is no noise, and no camera adds it. Run with --lowest 0.35 to see what it tells. Drawings are kept under --work.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import tifffile
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from .features import crops, features

ROOT = Path(__file__).resolve().parents[3]
SETS = ("bbbc039_u2os_nuclei", "bbbc038_fluo_nuclei")
FOLDS = 10


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    files = [file for name in options.sets for file in sorted((options.real / name / "test" / "images").glob("*.tif"))]
    sources = [file for file in files if not options.kept or drawing(file, options).exists()]
    triples = []
    with exposer() as process:
        for seed, source in enumerate(sources):
            plain, exposed, camera = made(source, seed, options, process)
            print(f"{source.parts[-4]} {source.stem}: {camera}", flush=True)
            triples.append([tifffile.imread(path).astype(float) for path in (source, plain, exposed)])
    groups = {name: [i for i, file in enumerate(sources) if file.parts[-4] == name] for name in options.sets} | {"all": list(range(len(sources)))}
    print("| set | sources | crops | told right without a camera | with |\n| --- | --- | --- | --- | --- |")
    for name, chosen in groups.items():
        without, count = accuracy([triples[i][:2] for i in chosen], options.lowest)
        exposed, _ = accuracy([triples[i][::2] for i in chosen], options.lowest)
        print(f"| {name} | {len(chosen)} | {count} | {without:.0%} | {exposed:.0%} |", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for drawings")
    parser.add_argument("--sets", nargs="+", default=SETS, metavar="SET")
    parser.add_argument("--lowest", type=float, default=0.45, help="lowest frequency of the spectrum, in cycles a pixel")
    parser.add_argument("--kept", action="store_true", help="take the drawings that are there, and draw none")
    return parser.parse_args()


def exposer():
    """Expose.java on the class path of scripts/diffusionj, which is built where it must be."""
    subprocess.run([str(ROOT / "scripts" / "diffusionj"), "--version"], check=True, stdout=subprocess.DEVNULL)
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
    path = (ROOT / "target" / "launch" / "classpath").read_text()
    return subprocess.Popen([str(java), "-XX:+UseSerialGC", "-cp", path, str(Path(__file__).parent / "Expose.java")], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def drawing(source, options):
    return options.work / f"{source.parts[-4]}-{source.stem}.tif"


def made(source, seed, options, process):
    """Files of the result without a camera and with it, and the camera."""
    drawn = drawing(source, options)
    report = drawn.with_suffix(".json")
    if not drawn.exists():
        subprocess.run([str(ROOT / "scripts" / "diffusionj"), "img2img", "--input", str(source), "--prompt", "nuclei", "--strength", "0.3", "--seed", "1",
                        "--bits", "32", "--json", str(report), "--output", str(drawn)], check=True, stdout=subprocess.DEVNULL)
    limits = json.loads(report.read_text())["settings"]["intensity"]
    targets = [drawn.with_name(f"{kind}-{drawn.name}") for kind in ("plain", "exposed")]
    process.stdin.write("\t".join([str(source.resolve()), str(drawn.resolve()), limits, str(seed), *(str(path.resolve()) for path in targets)]) + "\n")
    process.stdin.flush()
    camera = process.stdout.readline().strip()
    if not camera:
        raise RuntimeError(f"Expose.java ended at {source}")
    return *targets, camera


def accuracy(pairs, lowest):
    """Share of crops told right, and how many there are: of each pair the first is a source, the second made of it."""
    rows, truth, groups = [], [], []
    for group, pair in enumerate(pairs):
        for kind, image in enumerate(pair):
            for crop in crops(image):
                rows.append(features(crop, lowest))
                truth.append(kind)
                groups.append(group)
    rows, truth, groups = (np.array(values) for values in (rows, truth, groups))
    right = np.zeros(len(truth), bool)
    for train, test in GroupKFold(min(len(pairs), FOLDS)).split(rows, truth, groups):
        model = GradientBoostingClassifier(random_state=0, n_estimators=100, max_depth=3, subsample=0.7).fit(rows[train], truth[train])
        right[test] = model.predict(rows[test]) == truth[test]
    return right.mean(), len(truth)


if __name__ == "__main__":
    sys.exit(main())
