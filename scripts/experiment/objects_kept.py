"""What image to image leaves of the objects in real micrographs, at several strengths.

    python -m scripts.experiment.objects_kept --model models/MicroDiff --real ../shared/real --cache work/measured

Redraws the middle of test images of every set with the Java pipeline, as `scripts/diffusionj img2img` does by default, or all of each
with --whole, and prints a table: objects kept of those that the same measure finds in the source (scripts/microdiff/evaluate/real says
how), the median correlation with the source inside objects after a high-pass of two pixels (1 would mean that nothing was changed), and how
far, in percent of the source's range, the median of the background and the 99th percentile went, in the worst image. What was drawn is kept
under --cache, which the evaluation of MicroDiff shares, so a run that was stopped goes on.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

import numpy as np

from scripts.microdiff.evaluate.real.kept import Redrawn
from scripts.microdiff.evaluate.real.objects import grey
from scripts.microdiff.evaluate.real.sets import SETS
from scripts.microdiff.evaluate.source import JavaPipeline
from scripts.microdiff.evaluate.workbench import Workbench

HEADINGS = ("set", "images", "strength", "objects kept", "correlation inside objects", "background, worst", "99th percentile, worst")
WHOLE = 1 << 20


def main():
    options = arguments()
    bench = Workbench(options.model, options.cache, JavaPipeline(options.model, options.cache), workers=1, real=options.real, real_images=options.images)
    print(f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}")
    for real_set in SETS:
        if real_set.folder in options.sets:
            redrawn = Redrawn(bench, dataclasses.replace(real_set, side=WHOLE) if options.whole else real_set)
            for strength in options.strengths:
                print(row(redrawn, strength), flush=True)


def arguments():
    names = [real_set.folder for real_set in SETS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--real", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--cache", type=Path, required=True, help="folder for results")
    parser.add_argument("--sets", nargs="+", default=names, choices=names, metavar="SET")
    parser.add_argument("--strengths", nargs="+", type=float, default=[0.2, 0.3, 0.4, 0.5, 0.6])
    parser.add_argument("--images", type=int, help="of every set, so many at most; all by default")
    parser.add_argument("--whole", action="store_true", help="whole images instead of their middle")
    return parser.parse_args()


def row(redrawn, strength):
    kept = redrawn.kept(strength)
    moved = [drift(example, redrawn.drawn(place, strength)) for place, example in enumerate(redrawn.examples)]
    background, high = (max(values) for values in zip(*moved))
    return (f"| {redrawn.set.folder} | {kept.images} | {strength} | {kept.found.sum()} of {kept.found.size} ({kept.share():.0%}) | "
            f"{np.median(kept.alike):.2f} | {background:.1%} | {high:.1%} |")


def drift(example, result):
    """By how much of the source's range the median of the background and the 99th percentile went."""
    before, after = grey(example.image), grey(result)
    outside, span = example.labels == 0, np.ptp(before)
    return (abs(np.median(after[outside]) - np.median(before[outside])) / span,
            abs(np.percentile(after, 99) - np.percentile(before, 99)) / span)


if __name__ == "__main__":
    sys.exit(main())
