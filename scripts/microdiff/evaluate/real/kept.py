"""Rows about image to image on real images: which labelled objects it keeps, and whether it draws them anew.

Bright objects are found by their level (objects.bright), all others by a segmenter that saw the set's train images. Only objects that are
found in the source itself count.
"""
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ..row import Row
from . import objects, segmenter
from .sets import SETS, Example, central, examples, stretched

#: All images are redrawn at the first, every third image, and at least three, also at the others.
STRENGTHS, MORE_STRENGTHS = (0.3, 0.4), (0.2, 0.5, 0.6)
SEED = 1
#: The texture inside objects is to be the model's: at this strength, no closer to the source's than this.
DRAWN_ANEW_AT, MOST_ALIKE = 0.4, 0.9


@dataclass(frozen=True)
class Kept:
    """bool for each object that the source shows, whether the result does; correlations inside objects; how many images."""
    found: np.ndarray
    alike: list
    images: int
    labelled: int

    def share(self):
        return self.found.mean() if self.found.size else np.nan

    def text(self):
        return f"{self.share():.1%} ({self.found.sum()} of {self.found.size}; {self.labelled} labelled)"


class Redrawn:
    """One set's test images, and what the model makes of them."""

    def __init__(self, bench, real_set):
        self.bench, self.set = bench, real_set
        self.examples = [central(example, real_set.side) for example in examples(bench.real, real_set, limit=bench.real_images)]

    @cached_property
    def network(self):
        return None if self.set.bright else fitted(self.bench, self.set)

    @cached_property
    def shown(self):
        """What the sources themselves show."""
        return [self.seen(example.labels, example.image) for example in self.examples]

    def seen(self, labels, image):
        """bool for each counted label."""
        if self.network is None:
            return objects.bright(labels, objects.grey(image))
        pieces = self.network.segments(shrunk(stretched(image), self.set.shrink))
        return objects.segmented(labels, enlarged(pieces, labels.shape, self.set.shrink))

    def fewer(self):
        """The places of every third image, three at least."""
        count = len(self.examples)
        return sorted({i * count // max(3, -(-count // 3)) for i in range(max(3, -(-count // 3)))} & set(range(count)))

    def drawn(self, place, strength):
        return self.bench.drawer.redraw_natively(self.examples[place].image, self.set.prompt, strength, SEED)

    def kept(self, strength, places=None):
        found, alike = [], []
        places = range(len(self.examples)) if places is None else places
        for place in places:
            example, shown = self.examples[place], self.shown[place]
            result = self.drawn(place, strength)
            found.append(self.seen(example.labels, result)[shown])
            alike += objects.correlations(objects.grey(example.image), objects.grey(result), example.labels)
        return Kept(np.concatenate(found), alike, len(places), sum(len(self.shown[place]) for place in places))


def fitted(bench, real_set):
    """The set's segmenter, from the cache where it is there already."""
    train = examples(bench.real, real_set, "train")
    key = (Path(segmenter.__file__).read_text(), real_set.folder, real_set.shrink, real_set.steps, [example.name for example in train])

    def make():
        pairs = [(shrunk(stretched(example.image), real_set.shrink), _sampled(example, real_set.shrink)) for example in train]
        return segmenter.trained(pairs, real_set.steps)

    return segmenter.restored(bench.kept("segmenters", key, make))


def shrunk(level, by):
    """[h, w, channels] by block means; what does not fill a block is left out."""
    height, width = (length // by * by for length in level.shape[:2])
    return level[:height, :width].reshape(height // by, by, width // by, by, -1).mean(axis=(1, 3))


def _sampled(example: Example, by):
    height, width = (length // by * by for length in example.labels.shape)
    return example.labels[:height, :width][by // 2::by, by // 2::by]


def enlarged(pieces, shape, by):
    large = np.kron(pieces, np.ones((by, by), int))
    return np.pad(large, [(0, want - have) for want, have in zip(shape, large.shape)], mode="edge")


def rows(bench):
    """The strengths that have goals, of all images."""
    for real_set in SETS:
        yield from _goals(Redrawn(bench, real_set))


def more(bench):
    """The other strengths, of fewer images: most of their steps run."""
    for real_set in SETS:
        redrawn = Redrawn(bench, real_set)
        found = [redrawn.kept(strength, redrawn.fewer()) for strength in MORE_STRENGTHS]
        shares = ", ".join(f"{kept.share():.1%}" for kept in found)
        yield Row(f"{_what(redrawn)}: objects kept at {', '.join(map(str, MORE_STRENGTHS))}", found[0].images, f"{shares} of {found[0].found.size}")


def _goals(redrawn):
    for strength in STRENGTHS:
        kept, goal = redrawn.kept(strength), redrawn.set.kept.get(strength)
        yield Row(f"{_what(redrawn)}: objects kept at strength {strength}", kept.images, kept.text(), goal=f"at least {goal:.0%}" if goal else "-",
                  reached=kept.share() >= goal if goal else None)
        if strength == DRAWN_ANEW_AT:
            median = np.median(kept.alike)
            yield Row(f"{_what(redrawn)}: correlation with the source inside objects at {strength}", kept.images, f"{median:.2f}",
                      goal=f"at most {MOST_ALIKE}", reached=median <= MOST_ALIKE)


def _what(redrawn):
    return f"image to image, real {redrawn.set.title}"
