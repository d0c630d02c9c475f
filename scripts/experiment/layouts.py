"""Whether a training folder that `augment --layout` wrote is read by the program it is for, with that program's own reader.

    python -m scripts.experiment.layouts --layout stardist|cellpose|pairs FOLDER

StarDist: csbdeep's `RawData.from_folder`, and `stardist.fill_label_holes` on every mask. Cellpose: `cellpose.io.load_train_test_data`. Pairs: tifffile.
Each image must have labels of its size, of 16 bits, numbered 1 to N; what is read must be as many images as `split.csv` lists. Versions:
csbdeep 0.8.2, stardist 0.9.2, cellpose 4.2.1.1. The first two need no TensorFlow to read files (`pip install --no-deps` and what an import asks for);
Cellpose wants torch and torchvision to be imported.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import tifffile

SIDES = ("train", "validation", "test")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layout", required=True, choices=sorted(READERS))
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    with open(options.folder / "split.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    sides = [side for side in SIDES if any(row["side"] == side for row in rows)]
    for side in sides:
        pairs = READERS[options.layout](options.folder, side, "test" if "test" in sides else side)
        listed = sum(row["side"] == side for row in rows)
        assert len(pairs) == listed, f"{side}: {len(pairs)} images read, {listed} listed"
        objects = [check(image, labels) for image, labels in pairs]
        print(f"{options.layout}, {side}: {len(pairs)} images, {sum(objects)} objects")
    groups = {}
    for row in rows:
        assert groups.setdefault(row["group"], row["side"]) == row["side"], f"group {row['group']} is on two sides"


def check(image, labels):
    assert image.shape[-2:] == labels.shape[-2:] or image.shape[:2] == labels.shape[:2], f"image {image.shape}, labels {labels.shape}"
    ids = np.unique(labels)
    assert np.array_equal(ids[ids > 0], np.arange(1, ids.max() + 1)), f"labels are {ids}"
    return int(ids.max())


def stardist(folder, side, _):
    from csbdeep.data import RawData
    from stardist import fill_label_holes

    raw = RawData.from_folder(str(folder), source_dirs=[f"{side}/images"], target_dir=f"{side}/masks", axes="YX")
    pairs = []
    for image, labels, _axes, _mask in raw.generator():
        assert labels.dtype == np.uint16, labels.dtype
        pairs.append((image, fill_label_holes(labels)))
    return pairs


def cellpose(folder, side, test):
    from cellpose import io

    images, labels, _, test_images, test_labels, _ = io.load_train_test_data(str(folder / side), str(folder / test), mask_filter="_masks")
    assert len(test_images) == len(test_labels)
    for file in (folder / side).glob("*_masks.tif"):
        assert tifffile.imread(file).dtype == np.uint16, file
    return list(zip(images, labels, strict=True))


def pairs(folder, side, _):
    files = sorted((folder / side / "images").glob("*.tif"))
    read = [(tifffile.imread(file), tifffile.imread(folder / side / "labels" / file.name)) for file in files]
    assert all(labels.dtype == np.uint16 for _, labels in read)
    return read


READERS = {"stardist": stardist, "cellpose": cellpose, "pairs": pairs}

if __name__ == "__main__":
    sys.exit(main())
