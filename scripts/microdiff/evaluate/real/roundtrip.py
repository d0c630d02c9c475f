"""Rows about the autoencoder on real images: PSNR of the corner of every test image."""
import numpy as np

from .. import measures
from ..row import Row
from .sets import SETS, examples, picture

SIDE = 256
#: Sides must be multiples of the autoencoder's reduction.
MULTIPLE = 8


def rows(bench):
    for real_set in SETS:
        values = [psnr(bench.autoencoder, picture(example.image)) for example in examples(bench.real, real_set)]
        mean = np.mean(values)
        goal = real_set.psnr
        yield Row(f"autoencoder, real {real_set.title}: PSNR", len(values), f"{mean:.1f} dB (lowest {min(values):.1f})",
                  goal="-" if goal is None else f"at least {goal} dB", reached=None if goal is None else mean >= goal)


def psnr(autoencoder, level):
    """Decibels of the corner of at most 256 by 256 pixels at the origin."""
    height, width = (min(length, SIDE) // MULTIPLE * MULTIPLE for length in level.shape[:2])
    corner = level[:height, :width]
    return measures.psnr(autoencoder.round_trip([corner])[0], corner)
