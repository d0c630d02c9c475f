"""The declared features of the probes and of the kernel distance. Nothing in them is learned.

A grey field is blurred by 0.8 pixels first and scaled to its own range, so that neither camera noise nor the autoencoder's smoothing
nor brightness says what it shows. Then, of that field:
- scattering: mean and spread of the modulus of band-pass filters (five scales, four directions), averaged over directions, and
  their contrast between directions; and the same filters on those moduli, along, across and askew (second order);
- shape index (Koenderink and van Doorn, 1992) at four scales: how curvature is shared out between pits, valleys, saddles, ridges and
  peaks;
- granulometry: what is left of the field after openings and closings with squares of six sizes;
- five quantiles, spread and skewness.
Of a picture: the field of its main colour (the first principal component of its pixels' colours) and its channels' means, spreads and
correlations.
"""
from functools import lru_cache

import numpy as np
from scipy import fft
from scipy.ndimage import gaussian_filter, maximum_filter, minimum_filter

SCALES = (0.36, 0.22, 0.13, 0.075, 0.04)
DIRECTIONS = 4
CURVATURE_SIGMAS = (1.0, 2.0, 3.5, 6.0)
SHAPE_BINS = 9
SQUARES = (3, 5, 7, 11, 17, 25)


@lru_cache(maxsize=4)
def _bank(side):
    """[scales * directions, side, side] transfer functions, one-sided in frequency."""
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


def normalised(field):
    """A field [h, w] of 0..255 as float32 0..1, slightly blurred; an empty one stays near 0."""
    field = gaussian_filter(field.astype(np.float32), 0.8)
    low, high = np.quantile(field, (0.02, 0.999))
    return np.clip((field - low) / max(high - low, 8.0), -0.2, 1.2).astype(np.float32)


def scattering(field):
    """Logarithms of first- and second-order scattering statistics."""
    bank = _bank(field.shape[0])
    count = len(SCALES)
    moduli = np.abs(fft.ifft2(fft.fft2(field)[None] * bank))
    first = moduli.mean(axis=(1, 2)).reshape(count, DIRECTIONS)
    spread = moduli.std(axis=(1, 2)).reshape(count, DIRECTIONS)
    out = [first.mean(1), spread.mean(1), first.max(1) - first.min(1)]
    weights = (bank ** 2).reshape(len(bank), -1).T
    for scale in range(count - 1):
        # How each band's strength varies in space, over coarser bands, along and across its own direction.
        # By Parseval's theorem the filtered energies are sums in Fourier space.
        power = np.abs(fft.fft2(moduli[scale * DIRECTIONS:(scale + 1) * DIRECTIONS:2])) ** 2
        energy = np.sqrt(power.reshape(2, -1) @ weights).reshape(2, count, DIRECTIONS)[:, scale + 1:] / field.size
        out += [(energy[0, :, 0] + energy[1, :, 2]) / 2, (energy[0, :, 2] + energy[1, :, 0]) / 2,
                energy[:, :, 1::2].mean(axis=(0, 2))]
    return np.log(np.concatenate(out) + 1e-4)


def shape_index(field):
    """For each scale: shares of the curvedness in nine bins from pit to peak, and the logarithm of the mean curvedness."""
    out = []
    for sigma in CURVATURE_SIGMAS:
        xx, yy, xy = (sigma ** 2 * gaussian_filter(field, sigma, order=order, truncate=3) for order in ((0, 2), (2, 0), (1, 1)))
        mean, difference = -(xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
        index = np.arctan2(mean, difference) * (2 / np.pi)
        curved = np.sqrt(mean ** 2 + difference ** 2)
        shares = np.histogram(index, SHAPE_BINS, (-1, 1), weights=curved)[0]
        out += [np.sqrt(shares / max(curved.sum(), 1e-6)), [np.log(curved.mean() + 1e-4)]]
    return np.concatenate(out)


def granulometry(field):
    """Means of the field opened and closed, relative to its own spread."""
    scale = field.std() + 1e-3
    opened = [maximum_filter(minimum_filter(field, size), size) for size in SQUARES]
    closed = [minimum_filter(maximum_filter(field, size), size) for size in SQUARES]
    return np.array([(f.mean() - field.mean()) / scale for f in opened + closed])


def field_features(field):
    """float32 [104] features of one square field of 0..255."""
    field = normalised(field)
    levels = np.quantile(field, (0.1, 0.3, 0.5, 0.7, 0.9))
    skew = ((field - field.mean()) ** 3).mean() / max(field.std() ** 3, 1e-6)
    return np.concatenate([scattering(field), shape_index(field), granulometry(field), levels,
                           [field.std(), skew]]).astype(np.float32)


def colour_features(picture):
    """Means, spreads and correlations of the channels, in order and sorted, and the distance between neighbouring channels."""
    level = picture.reshape(-1, 3).astype(np.float32) / 255
    means, spreads = level.mean(0), level.std(0)
    pairs = np.array([np.mean((level[:, a] - means[a]) * (level[:, b] - means[b])) / max(spreads[a] * spreads[b], 1e-4)
                      for a, b in ((0, 1), (0, 2), (1, 2))])
    hue = np.abs(np.diff(level, axis=1)).mean(0)
    return np.concatenate([means, spreads, np.sort(means), np.sort(spreads), pairs, hue,
                           np.quantile(level.max(1), (0.05, 0.5, 0.95))]).astype(np.float32)


def main_colour(picture):
    """float32 [h, w]: the picture along the colour in which its pixels differ most; brighter stays brighter."""
    level = picture.reshape(-1, 3).astype(np.float32)
    direction = np.linalg.eigh(np.cov(level.T))[1][:, -1]
    direction *= np.sign(direction.sum()) or 1
    # Scaled so that a grey picture keeps its range of 0 to 255.
    return picture @ (direction / np.abs(direction).sum()).astype(np.float32)


def picture_features(picture):
    """float32 [124] features of one uint8 picture [side, side, 3]."""
    return np.concatenate([field_features(main_colour(picture)), colour_features(picture)])
