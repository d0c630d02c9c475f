"""Measurements on uint8 pictures [h, w, 3]: particles, colour, contrast, similarity."""
import numpy as np
from scipy.ndimage import gaussian_filter, label, sum_labels, uniform_filter

SMALLEST_PARTICLE = 25


def grey(picture):
    return picture.max(axis=2).astype(np.float32)


def isodata(field):
    """ImageJ's default threshold: the level halfway between the means below and above it (Ridler and Calvard, 1978)."""
    level = field.mean()
    for _ in range(100):
        low, high = field[field <= level], field[field > level]
        if not low.size or not high.size:
            break
        following = (low.mean() + high.mean()) / 2
        if abs(following - level) < 0.1:
            break
        level = following
    return level


def particles(picture):
    """Areas of the bright particles, 8-connected, as ImageJ's Analyze Particles counts them; tiny ones left out."""
    field = gaussian_filter(grey(picture), 1.0)
    labels, count = label(field > isodata(field), structure=np.ones((3, 3)))
    areas = sum_labels(np.ones_like(field), labels, np.arange(1, count + 1))
    return areas[areas >= SMALLEST_PARTICLE]


def colour(picture):
    """The colour word that the brightest pixels deserve."""
    level = picture.reshape(-1, 3).astype(np.float32)
    top = level[np.argsort(level.max(axis=1))[-max(1, len(level) // 50):]].mean(axis=0)
    top = top - np.median(level, axis=0)
    strong = "".join("1" if value > 0.55 * max(top.max(), 1) else "0" for value in top)
    return {"100": "red", "010": "green", "001": "blue", "101": "magenta", "011": "cyan", "111": "grey"}.get(strong, "other")


def psnr(result, target, chosen=None):
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
