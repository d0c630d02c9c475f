"""The declared features of the probes and of the kernel distance: scattering statistics and colour.

For a grey field: band-pass filters at five scales and four directions (Morlet-like, in Fourier space); the mean and spread of
each modulus, averaged over directions and their contrast between directions; and the same filters on those moduli (second
order). For a picture: the field's features and means, spreads and correlations of its channels. No learned weights.
"""
from functools import lru_cache

import numpy as np

SCALES = (0.36, 0.22, 0.13, 0.075, 0.04)
DIRECTIONS = 4


@lru_cache(maxsize=4)
def _bank(side):
    frequency = np.fft.fftfreq(side)
    fx, fy = frequency[None, :], frequency[:, None]
    filters = []
    for centre in SCALES:
        for turn in range(DIRECTIONS):
            angle = np.pi * turn / DIRECTIONS
            along = fx * np.cos(angle) + fy * np.sin(angle)
            across = -fx * np.sin(angle) + fy * np.cos(angle)
            filters.append(np.exp(-((along - centre) ** 2 / (2 * (0.38 * centre) ** 2)
                                    + across ** 2 / (2 * (0.55 * centre) ** 2))))
    return np.stack(filters).astype(np.float32)


def field_features(field):
    """float32 features of one square grey field; scaled so that brightness does not count."""
    field = field.astype(np.float32)
    low, high = np.quantile(field, (0.02, 0.995))
    field = np.clip((field - low) / max(high - low, 8.0), 0, 1.5)
    bank = _bank(field.shape[0])
    moduli = np.abs(np.fft.ifft2(np.fft.fft2(field)[None] * bank)).astype(np.float32)
    count = len(SCALES)
    first = moduli.mean(axis=(1, 2)).reshape(count, DIRECTIONS)
    spread = moduli.std(axis=(1, 2)).reshape(count, DIRECTIONS)
    out = [first.mean(1), spread.mean(1), first.max(1) - first.min(1)]
    weights = (bank ** 2).reshape(len(bank), -1).T
    for scale in range(count - 1):
        # Second order: how each band's strength varies in space, over coarser bands, along and across its own direction.
        # By Parseval's theorem the filtered energies are sums in Fourier space.
        power = np.abs(np.fft.fft2(moduli[scale * DIRECTIONS:(scale + 1) * DIRECTIONS:2])) ** 2
        energy = np.sqrt(power.reshape(2, -1) @ weights).reshape(2, count, DIRECTIONS)[:, scale + 1:] / field.size
        out += [(energy[0, :, 0] + energy[1, :, 2]) / 2, (energy[0, :, 2] + energy[1, :, 0]) / 2,
                energy[:, :, 1::2].mean(axis=(0, 2))]
    levels = np.quantile(field, (0.1, 0.3, 0.5, 0.7, 0.9))
    skew = ((field - field.mean()) ** 3).mean() / max(field.std() ** 3, 1e-6)
    return np.concatenate([np.log(np.concatenate(out) + 1e-4), levels, [field.std(), skew]]).astype(np.float32)


def picture_features(picture):
    """Field features of the brightest channel and of the darkest, and colour statistics."""
    level = picture.reshape(-1, 3).astype(np.float32) / 255
    means, spreads = level.mean(0), level.std(0)
    pairs = np.array([np.mean((level[:, a] - means[a]) * (level[:, b] - means[b])) / max(spreads[a] * spreads[b], 1e-4)
                      for a, b in ((0, 1), (0, 2), (1, 2))])
    order = np.sort(means), np.sort(spreads)
    hue = np.abs(np.diff(level, axis=1)).mean(0)
    return np.concatenate([field_features(picture.max(axis=2)), field_features(picture.min(axis=2)), means, spreads, *order,
                           pairs, hue, np.quantile(level.max(1), (0.05, 0.5, 0.95))]).astype(np.float32)
