"""Renders a scene: the noisy picture, the same without noise, and the instance masks."""
from dataclasses import dataclass

import numpy as np

from . import optics
from .modality import MICROSCOPES
from .objects import draw


@dataclass(frozen=True)
class Picture:
    """noisy, clean: uint8 [h, w, 3]; labels: one int32 [h, w] a subject, 0 for background; scene: what was asked."""
    noisy: np.ndarray
    clean: np.ndarray
    labels: tuple
    scene: object


def render(scene, seed):
    """The picture of a scene. The same scene and seed give the same bytes."""
    rng = np.random.default_rng(seed)
    canvases = [draw(rng, subject, scene.modality, scene.pixels) for subject in scene.subjects]
    clean = MICROSCOPES[scene.modality](rng, scene, canvases)
    noisy = optics.camera(rng, clean, scene)
    return Picture(_bytes(noisy), _bytes(clean), tuple(c.crop(c.labels).copy() for c in canvases), scene)


def _bytes(picture):
    return (picture * 255 + 0.5).astype(np.uint8)
