"""Row about few steps: how near the pictures of 10, 15 and 20 steps are to those of many, from the same noise."""
import numpy as np

from scripts.microdiff.render.scene import STRUCTURES

from . import measures
from .prompts import NAMES
from .row import Row

STEPS = (10, 15, 20)
MANY = 100


def rows(bench):
    """Every structure in turn; beside it, how alike pictures of different seeds are, which is what no likeness at all gives."""
    each = max(2, -(-bench.count // (len(STEPS) * len(STRUCTURES))))

    def drawn(steps):
        return [bench.drawer.draw(NAMES[name], each, 8000 + 100 * place, steps=steps) for place, name in enumerate(STRUCTURES)]

    many = drawn(MANY)
    alike = [np.mean([measures.ssim(p, q) for few, full in zip(drawn(steps), many) for p, q in zip(few, full)]) for steps in STEPS]
    other = np.mean([measures.ssim(p, q) for full in many for p, q in zip(full, np.roll(full, 1, axis=0))])
    yield Row(f"few steps: SSIM to the picture of {MANY} steps, at {', '.join(map(str, STEPS))} steps", len(STEPS) * len(STRUCTURES) * each,
              f"{', '.join(f'{value:.2f}' for value in alike)} (another seed: {other:.2f})", "-", "-")
