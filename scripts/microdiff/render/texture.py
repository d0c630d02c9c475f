"""Tileable smooth random fields, cut from a bank that is computed once, because filtering anew is slow."""
from functools import cache

import numpy as np

BANK_SIDE = 512
BANK_SEED = 20240


@cache
def _bank(scale):
    """[512, 512] float32, mean 0, standard deviation 1, correlation length about `scale` pixels."""
    rng = np.random.default_rng(BANK_SEED + int(scale * 10))
    frequency = np.fft.fftfreq(BANK_SIDE)
    radius2 = frequency[:, None] ** 2 + frequency[None, :] ** 2
    spectrum = np.fft.fft2(rng.standard_normal((BANK_SIDE, BANK_SIDE)))
    field = np.fft.ifft2(spectrum * np.exp(-2 * (np.pi * scale) ** 2 * radius2)).real
    return (field / field.std()).astype(np.float32)


def texture(rng, height, width, scale):
    """[height, width] float32 smooth noise of standard deviation 1; rotated and shifted at random."""
    field = _bank(float(scale))
    rows = (rng.integers(BANK_SIDE) + np.arange(height)) % BANK_SIDE
    columns = (rng.integers(BANK_SIDE) + np.arange(width)) % BANK_SIDE
    cut = field[np.ix_(rows, columns)]
    return cut if rng.random() < 0.5 else -cut
