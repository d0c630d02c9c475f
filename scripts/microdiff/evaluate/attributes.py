"""Rows about attribute words: opposite words for density, brightness and size of nuclei, and colour words."""
import numpy as np

from scripts.microdiff.render.scene import COLOURS, STRUCTURES

from . import measures
from .prompts import NAMES
from .row import Row


def particle_count(picture):
    """Particles for every 128 by 128 pixels."""
    return len(measures.particles(measures.smoothed(picture))) * 128 ** 2 / picture[..., 0].size


def median_area(picture):
    areas = measures.particles(measures.smoothed(picture))
    return np.median(areas) if areas.size else np.nan


#: What is measured: attribute, high word, low word, goal for the ratio of means, measurement of one picture.
OPPOSITES = (("objects", "density", "dense", "sparse", 2.5, particle_count),
             ("mean level", "brightness", "bright", "dim", 1.5, np.mean),
             ("object area", "size", "large", "small", 1.8, median_area))


def opposites(bench):
    for what, *rest in OPPOSITES:
        yield _opposite(bench, what, *rest)


def sizes(bench):
    """The density row again at larger sizes, counted on the same area."""
    for side in (192, 256):
        yield _opposite(bench, f"{side} by {side}: objects an area of 128 by 128", *OPPOSITES[0][1:], side=side)


def _opposite(bench, what, attribute, high, low, goal, measure, side=128):
    each = max(2, bench.count // 2)
    words = ((high, 1000), (low, 2000))

    def ratio(pictures):
        a, b = (np.nanmean([measure(p) for p in found]) for found in pictures)
        return a / b, f"{a / b:.2f} ({a:.1f} / {b:.1f})"

    drawn = [bench.drawer.draw(f"{word} nuclei", each, seed, side) for word, seed in words]
    renders = [bench.renders(each, seed, ("nuclei",), pixels=side, **{attribute: word}) for word, seed in words]
    reached, text = ratio(drawn)
    return Row(f"{what}: \"{high} nuclei\" / \"{low} nuclei\"", 2 * each, text, ratio([r.noisy for r in renders])[1],
               ratio([r.smooth for r in renders])[1], f"at least {goal}", reached >= goal)


def colours(bench):
    """How often the colour word is the colour of the brightest pixels; each word with three structures, all nine in turn."""
    each = -(-bench.count // (3 * len(COLOURS)))
    right, ceilings, misses = [], {"noisy": [], "smooth": []}, {}
    for place, word in enumerate(COLOURS):
        for turn in range(3):
            name = STRUCTURES[(place + 3 * turn) % len(STRUCTURES)]
            found = [measures.colour(p) for p in bench.drawer.draw(f"{word} {NAMES[name]}", each, 3000 + 300 * place + 100 * turn)]
            right += [other == word for other in found]
            for other in set(found) - {word}:
                misses.setdefault(word, set()).add(other)
            renders = bench.renders(each, 3000 + 10 * place + turn, (name,), colours=(word,))
            for kind, seen in ceilings.items():
                seen += [measures.colour(p) == word for p in getattr(renders, kind)]
    share = np.mean(right)
    wrong = "; ".join(f"{word} seen as {', '.join(sorted(others))}" for word, others in misses.items())
    yield Row("colour word is the colour", len(right), f"{share:.1%}" + (f" ({wrong})" if wrong else ""),
              *(f"{np.mean(seen):.1%}" for seen in ceilings.values()), "at least 97%", share >= 0.97)
