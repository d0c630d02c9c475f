"""Measurements on uint8 pictures [h, w, 3]: particles, colour, contrast, similarity."""
import numpy as np
from scipy.ndimage import gaussian_filter, label, sum_labels, uniform_filter

#: In pixels; the smallest nuclei that the renderer draws cover about 65.
SMALLEST_PARTICLE = 25


def grey(picture):
    return picture.max(axis=2).astype(np.float32)


def default_threshold(histogram):
    """ImageJ's Default threshold of 256 counts (its variation of Ridler and Calvard, 1978): pixels that reach it are objects.

    As in ij.process.AutoThresholder: a mode that towers over all other levels is cut to half more than the next, and the two ends of
    the histogram do not count.
    """
    counts = np.array(histogram, float)
    mode = int(counts.argmax())
    second = np.delete(counts, mode).max()
    if counts[mode] > 2 * second > 0:
        counts[mode] = int(1.5 * second)
    counts[0] = counts[-1] = 0
    levels = np.flatnonzero(counts)
    if len(levels) < 2:
        return len(counts) // 2
    lowest, highest = levels[0], levels[-1]
    weight, total = np.cumsum(counts), np.cumsum(counts * np.arange(len(counts)))
    at = lowest
    while True:
        above = weight[-1] - weight[at]
        result = (total[at] / weight[at] + ((total[-1] - total[at]) / above if above else np.nan)) / 2
        at += 1
        if not (at + 1 <= result and at < highest - 1):
            return int(np.floor(result + 0.5))


def smoothed(picture):
    """uint8 [h, w]: the brightest channel after a Gaussian blur of 1 pixel."""
    return (gaussian_filter(grey(picture), 1.0) + 0.5).astype(np.uint8)


def particles(field):
    """Areas in pixels of the particles of a uint8 field, 8-connected, as Analyze Particles finds them; small
    ones are left out."""
    labels, count = label(field >= default_threshold(np.bincount(field.ravel(), minlength=256)), structure=np.ones((3, 3)))
    areas = sum_labels(np.ones(field.shape), labels, np.arange(1, count + 1))
    return areas[areas >= SMALLEST_PARTICLE]


def colour(picture):
    """The colour word that the brightest pixels deserve: channels of the brightest 2 %, above the median, that reach 55 % of the
    strongest."""
    level = picture.reshape(-1, 3).astype(np.float32)
    top = level[np.argsort(level.max(axis=1))[-max(1, len(level) // 50):]].mean(axis=0)
    top = top - np.median(level, axis=0)
    strong = "".join("1" if value > 0.55 * max(top.max(), 1) else "0" for value in top)
    return {"100": "red", "010": "green", "001": "blue", "101": "magenta", "011": "cyan", "111": "grey"}.get(strong, "other")


def psnr(result, target, chosen=None):
    """Decibels; chosen: bool [h, w], the pixels that count."""
    error = (result.astype(np.float64) - target) ** 2
    return 10 * np.log10(255 ** 2 / max(np.mean(error if chosen is None else error[chosen]), 1e-9))


def object_pixels(clean):
    """Where a noise-free picture differs clearly from its median colour."""
    level = clean.astype(np.float32)
    return np.abs(level - np.median(level.reshape(-1, 3), axis=0)).max(axis=2) > 38


def line_contrast(picture, lines):
    """Mean level on thin lines less that around them. lines: bool [h, w]."""
    field = grey(picture)
    around = (gaussian_filter(lines.astype(np.float32), 3) > 0.08) & ~(gaussian_filter(lines.astype(np.float32), 1) > 0.05)
    return float(field[lines].mean() - field[around].mean())


def ssim(first, second):
    """Structural similarity of the grey pictures, 7 by 7 windows (Wang and others, 2004)."""
    a, b = grey(first), grey(second)
    ma, mb = uniform_filter(a, 7), uniform_filter(b, 7)
    va, vb = uniform_filter(a * a, 7) - ma * ma, uniform_filter(b * b, 7) - mb * mb
    both = uniform_filter(a * b, 7) - ma * mb
    one, two = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(np.mean((2 * ma * mb + one) * (2 * both + two) / ((ma ** 2 + mb ** 2 + one) * (va + vb + two))))
