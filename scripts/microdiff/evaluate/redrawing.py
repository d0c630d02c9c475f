"""Row about image to image: the likeness to the source must fall as the strength rises."""
import numpy as np

from . import measures
from .prompts import NAMES
from .row import Row

STRENGTHS = (0.2, 0.4, 0.6, 0.8, 0.9)
SOURCES = ("nuclei", "actin", "vesicles", "yeast")


def rows(bench):
    """Two sources of each kind, redrawn under their own name."""
    each = -(-bench.count // (2 * len(SOURCES) * len(STRENGTHS)))
    sources = [(name, noisy, smooth) for place, name in enumerate(SOURCES)
               for found in (bench.renders(2, 90000 + place, (name,), noise="clean"),)
               for noisy, smooth in zip(found.noisy, found.smooth)]
    values = np.array([[np.mean([measures.ssim(p, noisy) for p in bench.drawer.redraw(noisy, NAMES[name], strength, each, 9000)])
                        for strength in STRENGTHS] for name, noisy, _ in sources])
    means = values.mean(axis=0)
    falling = bool((np.diff(means) < 0).all())
    steady = int((np.diff(values, axis=1) < 0).all(axis=1).sum())
    through = np.mean([measures.ssim(smooth, noisy) for _, noisy, smooth in sources])
    yield Row("image to image: SSIM to the source at strength " + ", ".join(map(str, STRENGTHS)), values.size * each,
              f"{', '.join(f'{v:.2f}' for v in means)} (falls steadily for {steady} of {len(sources)} sources)", "1.00",
              f"{through:.2f}", "falls steadily", falling)
