"""Cuts training crops from real annotated micrographs, into shards like those of renders.

Only the folders `train` of the sets below are read. A crop is scaled so that its objects are 10 to 60 pixels across (or left at the image's
own scale), turned, mirrored, and changed in intensity; density, size and brightness in its scene are measured from its labels, so captions
are made as those of renders are. Every seventh image of a set is kept from training, to validate with.
"""
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from scipy.ndimage import affine_transform, spline_filter

from scripts.microdiff.render.modality import HUES
from scripts.microdiff.render.scene import Scene, Subject
from scripts.microdiff.render.shards import SHARD, scene_to_json

#: Folder of a set: its modality, what it shows, and its share of the crops.
SETS = {"bbbc039_u2os_nuclei": ("fluorescence", "nuclei", 0.27), "bbbc038_fluo_nuclei": ("fluorescence", "nuclei", 0.31),
        "bbbc038_histology_nuclei": ("histology", "nuclei", 0.20), "yeast_phase_yeastvision": ("phase", "yeast", 0.22)}
#: One image in so many validates.
HELD_OUT_EVERY = 7
SMALLEST_PX, LARGEST_PX = 10, 60
#: Share of crops at the image's own scale, and of fluorescent ones shown in a colour other than grey.
OWN_SCALE_SHARE, COLOURED_SHARE = 0.5, 0.12


@dataclass(frozen=True)
class RealImage:
    """pixels: float32 [h, w, 1 or 3] as stored; labels: int32 [h, w]; diameter: of its median object in pixels."""
    origin: str
    pixels: np.ndarray
    labels: np.ndarray
    diameter: float


def read_set(folder, name, held_out=False):
    """The set's training images, or those of its `train` folder that are kept from training."""
    images = sorted((Path(folder) / name / "train" / "images").glob("*.tif"))
    if not images:
        raise SystemExit(f"train: {Path(folder) / name} has no training images; --real names the folder that holds the sets.")
    return [_read(name, path) for place, path in enumerate(images) if (place % HELD_OUT_EVERY == HELD_OUT_EVERY // 2) == held_out]


def _read(name, path):
    pixels = tifffile.imread(path).astype(np.float32)
    labels = tifffile.imread(path.parents[1] / "labels" / path.name).astype(np.int32)
    areas = np.bincount(labels.ravel())[1:]
    return RealImage(name, pixels if pixels.ndim == 3 else pixels[..., None], labels, float(np.sqrt(np.median(areas[areas > 20]) * 4 / np.pi)))


def ranged(pixels, low=0.1, high=99.9):
    """Values in 0..1 between two percentiles, as image to image maps them."""
    bottom, top = np.percentile(pixels, (low, high))
    return np.clip((pixels - bottom) / max(float(top - bottom), 1e-6), 0, 1)


class Cutter:
    """Cuts random crops from the images of all sets."""

    def __init__(self, folder):
        self.images = {name: [(image, spline_filter_channels(image.pixels)) for image in read_set(folder, name)] for name in SETS}

    def crop(self, rng, pixels):
        """(uint8 [pixels, pixels, 3], its Scene); shows an object, or nine places in a row had none."""
        names = list(SETS)
        shares = np.array([SETS[name][2] for name in names])
        name = names[int(rng.choice(len(names), p=shares / shares.sum()))]
        image, splines = self.images[name][int(rng.integers(len(self.images[name])))]
        zoom = 1.0 if rng.random() < OWN_SCALE_SHARE else float(np.exp(rng.uniform(*np.log((SMALLEST_PX, LARGEST_PX))))) / image.diameter
        zoom = max(zoom, pixels / min(image.labels.shape))
        angle = rng.integers(4) * np.pi / 2 if zoom == 1 or rng.random() < 0.5 else rng.uniform(0, 2 * np.pi)
        mirrored = rng.random() < 0.5
        for _ in range(9):
            view = _view(rng, image.labels.shape, pixels, zoom, angle, mirrored)
            labels = _at(image.labels, *view, pixels, 1, order=0)
            if (labels > 0).mean() > 0.01:
                break
        field = np.stack([_sampled(channel, view, pixels, zoom) for channel in splines], axis=-1)
        return _finished(rng, image, field, labels, zoom)


def spline_filter_channels(pixels):
    """Cubic spline coefficients of each channel, from which any crop is sampled."""
    return [spline_filter(pixels[..., channel], order=3, mode="mirror").astype(np.float32) for channel in range(pixels.shape[-1])]


def _view(rng, shape, pixels, zoom, angle, mirrored):
    """(matrix, offset) from output to image coordinates; the crop's middle lies where as much of it as can be is inside.

    At the image's own scale the middle is a corner of pixels, so that quarter turns leave its noise as it is.
    """
    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle)))) / zoom
    if mirrored:
        turn = turn @ np.diag((1.0, -1.0))
    half = pixels / zoom / 2
    middle = np.array([rng.uniform(half, side - half) if side > 2 * half else side / 2 for side in shape])
    middle = np.round(middle) if zoom == 1 else middle
    return turn, middle - 0.5 - turn @ np.full(2, (pixels - 1) / 2)


def _at(field, matrix, offset, pixels, finer, order):
    """The crop sampled `finer` times as densely."""
    inside = matrix / finer
    start = offset - matrix @ np.full(2, (finer - 1) / (2 * finer))
    return affine_transform(field, inside, start, (pixels * finer,) * 2, order=order, mode="mirror", prefilter=False)


def _sampled(splines, view, pixels, zoom):
    """A channel of the crop; where it shrinks the image, means of several samples, so that noise does not alias."""
    finer = 1 if zoom > 0.85 else 2 if zoom > 0.45 else 4
    return _at(splines, *view, pixels, finer, order=3).reshape(pixels, finer, pixels, finer).mean(axis=(1, 3))


def _finished(rng, image, field, labels, zoom):
    modality, structure, _ = SETS[image.origin]
    low, high = (0.1, 99.9) if rng.random() < 0.7 else (rng.uniform(0, 1), 100 - rng.uniform(0, 1))
    bottom, top = np.percentile(image.pixels, (low, high))
    picture = np.clip((field - bottom) / max(float(top - bottom), 1e-6), 0, 1)
    if rng.random() < 0.3:
        picture = picture ** rng.uniform(0.7, 1.4)
    if rng.random() < 0.35:
        picture = picture * rng.uniform(0.3, 1.0)
    colour = "grey"
    if modality == "fluorescence" and rng.random() < COLOURED_SHARE:
        colour = list(HUES)[int(rng.integers(len(HUES)))]
        picture = picture * np.array(HUES[colour], np.float32)
    picture = np.broadcast_to(picture, (*picture.shape[:2], 3))
    scene = Scene((Subject(structure, colour, *_levels(labels, image, zoom)),), modality, _brightness(picture, labels, modality),
                  pixels=len(labels), origin=image.origin)
    return (picture * 255 + 0.5).astype(np.uint8), scene


def _levels(labels, image, zoom):
    """Density and size words, by the numbers of renders: objects on 128 by 128 pixels, and pixels across."""
    areas = np.bincount(labels.ravel())[1:]
    whole = np.pi / 4 * (image.diameter * zoom) ** 2
    count = float(np.minimum(areas / whole, 1).sum()) * (128 / len(labels)) ** 2
    covered = float((labels > 0).mean())
    density = "dense" if count >= 16 or (covered > 0.4 and count >= 6) else "sparse" if count <= 5 and covered < 0.2 else ""
    diameter = image.diameter * zoom
    return density, "small" if diameter < 12.5 else "large" if diameter > 26 else ""


def _brightness(picture, labels, modality):
    if modality != "fluorescence" or not (labels > 0).any():
        return ""
    level = float(np.median(picture.max(axis=2)[labels > 0]))
    return "dim" if level < 0.25 else "bright" if level > 0.75 else ""


def write_real_shards(folder, real, crops, pixels=128, seed=0):
    """Writes `crops` crops (rounded up to whole shards) of the sets under `real`; a shard that is there is left as it is."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [n for n in range(-(-crops // SHARD)) if not (folder / f"{n:05d}.npz").exists()]
    cutter = Cutter(real) if numbers else None
    for number in numbers:
        found = [cutter.crop(np.random.default_rng((seed, 51, number, index)), pixels) for index in range(SHARD)]
        pictures = np.stack([picture for picture, _ in found])
        aside = folder / f"{number:05d}.part"
        with open(aside, "wb") as out:
            np.savez(out, noisy=pictures, clean=pictures, scenes=np.array([scene_to_json(scene) for _, scene in found]))
        os.replace(aside, folder / f"{number:05d}.npz")


def validation(real, side=256, most=6):
    """{set: [float32 [h, w, 3] in 0..1]}: middles of images kept from training, range as image to image takes it."""
    return {name: [_middle(ranged(image.pixels), side) for image in read_set(real, name, held_out=True)[:most]] for name in SETS}


def _middle(pixels, side):
    height, width = (min(side, length // 32 * 32) for length in pixels.shape[:2])
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return np.broadcast_to(pixels[top:top + height, left:left + width], (height, width, 3))
