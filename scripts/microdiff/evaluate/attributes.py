"""Rows about attribute words: opposite words for density, brightness and size of nuclei, and colour words."""
import numpy as np

from scripts.microdiff.render.scene import COLOURS, STRUCTURES

from . import measures
from .prompts import NAMES
from .row import Row, mean_error, share_error


def particle_count(picture):
    return len(measures.particles(measures.smoothed(picture)))


def median_area(picture):
    """In pixels; NaN where there is nothing.

    In a picture that is nearly empty the threshold falls into the background, which then is one particle: half of the picture is no object.
    """
    areas = measures.particles(measures.smoothed(picture))
    areas = areas[areas < picture[..., 0].size / 2]
    return np.median(areas) if areas.size else np.nan


#: What is measured: attribute, high word, low word, goal for the ratio of means, measurement of one picture.
OPPOSITES = (("objects", "density", "dense", "sparse", 2.5, particle_count),
             ("mean level", "brightness", "bright", "dim", 1.5, np.mean),
             ("object area", "size", "large", "small", 1.8, median_area))


def opposites(bench):
    each, half = max(2, bench.count // 2), max(2, bench.ceiling // 2)
    for what, attribute, high, low, goal, measure in OPPOSITES:
        words = ((high, 1000), (low, 2000))

        def ratio(pictures):
            a, b = (np.nanmean([measure(p) for p in found]) for found in pictures)
            return a / b, f"{a / b:.2f} ({a:.1f} / {b:.1f})"

        drawn = [bench.drawer.draw(f"{word} nuclei", each, seed) for word, seed in words]
        reached, text = ratio(drawn)
        found = [[measure(picture) for picture in pictures] for pictures in drawn]
        # Of a ratio of independent means, to the first order.
        error = reached * np.hypot(*(mean_error(values) / np.nanmean(values) for values in found))
        renders = [bench.renders(half, seed, ("nuclei",), **{attribute: word}) for word, seed in words]
        yield Row(f"{what}: \"{high} nuclei\" / \"{low} nuclei\"", 2 * each, text, ratio([r.noisy for r in renders])[1],
                  ratio([r.smooth for r in renders])[1], f"at least {goal}", reached >= goal, value=float(reached), error=float(error))


def colours(bench):
    """How often the colour word is the colour of the brightest pixels; each word with three structures, all nine in turn."""
    each, half = (-(-amount // (3 * len(COLOURS))) for amount in (bench.count, bench.ceiling))
    right, ceilings, misses = [], {"noisy": [], "smooth": []}, {}
    for place, word in enumerate(COLOURS):
        for turn in range(3):
            name = STRUCTURES[(place + 3 * turn) % len(STRUCTURES)]
            found = [measures.colour(p) for p in bench.drawer.draw(f"{word} {NAMES[name]}", each, 3000 + 300 * place + 100 * turn)]
            right += [other == word for other in found]
            for other in set(found) - {word}:
                misses.setdefault(word, set()).add(other)
            renders = bench.renders(half, 3000 + 10 * place + turn, (name,), colours=(word,))
            for kind, seen in ceilings.items():
                seen += [measures.colour(p) == word for p in getattr(renders, kind)]
    share = np.mean(right)
    wrong = "; ".join(f"{word} seen as {', '.join(sorted(others))}" for word, others in misses.items())
    yield Row("colour word is the colour", len(right), f"{share:.1%}" + (f" ({wrong})" if wrong else ""),
              *(f"{np.mean(seen):.1%}" for seen in ceilings.values()), "at least 97%", share >= 0.97, value=float(share),
              error=share_error(right))
