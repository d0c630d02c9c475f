"""Twenty annotated images, ready for the walk-through of docs/augmentation.md: parts of real fields of nuclei, with their labels and classes.

    python -m scripts.experiment.walkthrough --real FOLDER --output cells

FOLDER holds BBBC039 as `bbbc039_u2os_nuclei/train/images` and `labels` (see docs/real-images.md). Writes `images`, `labels` and `classes.csv`: the part of
128 pixels a side in the middle of each of the first twenty fields that shows at least three objects; the twelve with the most are *dense*, the others *sparse*.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import tifffile

COUNT = 20
DENSE = 12
SIDE = 128
FEWEST_OBJECTS = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    fields = options.real / "bbbc039_u2os_nuclei" / "train"
    parts = []
    for file in sorted((fields / "images").glob("*.tif")):
        image, labels = middle(tifffile.imread(file)), middle(tifffile.imread(fields / "labels" / file.name))
        objects = np.unique(labels[labels > 0])
        if len(objects) >= FEWEST_OBJECTS and len(parts) < COUNT:
            parts.append((file.stem, image, np.searchsorted(np.r_[0, objects], labels).astype(np.uint16), len(objects)))
    assert len(parts) == COUNT, f"{len(parts)} fields have {FEWEST_OBJECTS} objects in the middle; it takes {COUNT}"
    dense = {name for name, _, _, _ in sorted(parts, key=lambda part: (-part[3], part[0]))[:DENSE]}
    for folder in ("images", "labels"):
        (options.output / folder).mkdir(parents=True, exist_ok=True)
    with open(options.output / "classes.csv", "w", newline="", encoding="utf-8") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["file", "class"])
        for name, image, labels, count in parts:
            tifffile.imwrite(options.output / "images" / f"{name}.tif", image)
            tifffile.imwrite(options.output / "labels" / f"{name}.tif", labels)
            kind = "dense" if name in dense else "sparse"
            rows.writerow([f"{name}.tif", kind])
            print(f"{name}.tif: {count} objects, {kind}")


def middle(image):
    top, left = ((size - SIDE) // 2 for size in image.shape)
    return image[top:top + SIDE, left:left + SIDE]


if __name__ == "__main__":
    main()
