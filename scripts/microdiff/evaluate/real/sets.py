"""The annotated sets of real micrographs: which image to image is asked for what in, and how their pictures are read and cut.

A set is a folder with train/ and test/, each with images/ and labels/ of equal names; labels are instances, 0 is background.
"""
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

#: Percentiles of a whole image that become black and white.
LIMITS = (0.1, 99.9)


@dataclass(frozen=True)
class RealSet:
    """folder: its name; prompt: what image to image is asked for; bright: whether objects are brighter than what surrounds them.

    psnr: goal for the autoencoder in dB; kept: goals for objects kept by strength. None and empty where a row is only reported.
    shrink: by how much a picture's sides are divided before the segmenter sees it, so that objects have about 20 pixels; steps: how long it is
    trained.
    side: image to image redraws the central square of at most so many pixels a side.
    """
    folder: str
    title: str
    prompt: str
    bright: bool
    psnr: float | None
    kept: dict
    shrink: int = 1
    steps: int = 200
    side: int = 192


NUCLEI = {0.3: 0.97, 0.4: 0.93}
SETS = (
    RealSet("bbbc039_u2os_nuclei", "nuclei of U2OS cells", "nuclei", True, 36, NUCLEI, side=256),
    RealSet("bbbc038_fluo_nuclei", "fluorescent nuclei of many kinds", "nuclei", True, 36, NUCLEI),
    RealSet("bbbc038_histology_nuclei", "nuclei in stained tissue", "nuclei, brightfield histology", False, 32, NUCLEI, steps=800),
    RealSet("yeast_phase_yeastvision", "yeast in phase contrast", "yeast, phase contrast", False, 30, {0.3: 0.90}, side=160),
    RealSet("em_chloroplast_wsu", "chloroplasts in electron micrographs", "electron micrograph", False, None, {}, shrink=4, side=384),
)


@dataclass(frozen=True)
class Example:
    """image: [h, w] or [h, w, 3], as the file has it; labels: int [h, w]."""
    name: str
    image: np.ndarray
    labels: np.ndarray


def examples(root, real_set, split="test", limit=None):
    """The images of one split in the order of their names, `limit` of them at most, evenly chosen."""
    folder = Path(root) / real_set.folder / split
    paths = sorted((folder / "images").glob("*.tif"))
    if not paths:
        raise FileNotFoundError(f"no images in {folder / 'images'}")
    if limit is not None and limit < len(paths):
        paths = [paths[i * len(paths) // limit] for i in range(limit)]
    return [Example(path.name, tifffile.imread(path), tifffile.imread(folder / "labels" / path.name).astype(int)) for path in paths]


def central(example, side):
    """The square of at most `side` pixels in the middle, as an example of its own."""
    height, width = example.labels.shape
    top, left = (max(0, (length - side) // 2) for length in (height, width))
    part = (slice(top, top + side), slice(left, left + side))
    return Example(example.name, np.ascontiguousarray(example.image[part]), example.labels[part])


def stretched(image):
    """float32 [h, w, channels] of 0 to 1: the image between its own limits, values beyond cut off; channels is 1 or 3."""
    low, high = np.percentile(image, LIMITS)
    level = np.clip((image.astype(np.float32) - low) / max(high - low, 1e-6), 0, 1)
    return level if level.ndim == 3 else level[..., None]


def picture(image):
    """uint8 [h, w, 3]: the stretched image as the model's autoencoder takes it."""
    level = np.round(stretched(image) * 255).astype(np.uint8)
    return np.repeat(level, 3, axis=2) if level.shape[2] == 1 else level
