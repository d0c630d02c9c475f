"""Pictures to look at: real images beside what image to image makes of them at three strengths."""
import numpy as np
from PIL import Image

from .kept import Redrawn
from .sets import LIMITS, SETS

STRENGTHS = (0.2, 0.4, 0.6)
MOST, GAP = 4, 4


def write(bench, folder):
    """One PNG a set: a line an image, real | 0.2 | 0.4 | 0.6, all in the levels of the real one."""
    folder.mkdir(parents=True, exist_ok=True)
    for real_set in SETS:
        redrawn = Redrawn(bench, real_set)
        lines = [_line(redrawn.examples[place].image, [redrawn.drawn(place, strength) for strength in STRENGTHS])
                 for place in redrawn.fewer()[:MOST]]
        wide = max(line.shape[1] for line in lines)
        sheet = [np.pad(line, ((0, GAP), (0, wide - line.shape[1]), (0, 0)), constant_values=255) for line in lines]
        Image.fromarray(np.concatenate(sheet)).save(folder / f"real-{real_set.folder}.png", optimize=True)


def _line(image, results):
    low, high = np.percentile(image, LIMITS)
    shown = [np.clip((picture.astype(float) - low) / max(high - low, 1e-6) * 255, 0, 255).astype(np.uint8) for picture in (image, *results)]
    shown = [picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2) for picture in shown]
    return np.concatenate([np.pad(picture, ((0, 0), (0, GAP), (0, 0)), constant_values=255) for picture in shown], axis=1)
