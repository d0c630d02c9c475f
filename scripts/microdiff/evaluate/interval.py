"""Finds the smallest interval of steps with guidance that keeps every prompt row of docs/microdiff.md.

    python -m scripts.microdiff.evaluate.interval --model models/MicroDiff --cache FOLDER [--images 200] [--each 100] [--write]

A row is kept where it loses no more than two of its standard errors over the row's pictures, against guidance at every step with the same seeds. First the
end moves down by tenths of the steps while every row is kept, then, with that end, the beginning moves up; so it is the smallest of its end, and the end is
the smallest of all. An interval is given up at the first part that loses a row. --write puts the interval into the model's diffusionj.json and its
checksums. Like the evaluation, it keeps what it draws and goes on; at its numbers of pictures, those with guidance at every step are the evaluation's.
"""
import argparse
import json
from contextlib import closing
from pathlib import Path

from ..train import checksums
from .__main__ import measured_by
from .source import JavaPipeline
from .workbench import Workbench

PARTS = ("attributes", "colours", "structures", "modalities", "pairs")
TENTHS = 10
ALLOWED = 2.0


def lost(rows, before):
    """The rows that lose more than they may: texts; both are lists of rows with values, of the same measures."""
    pairs = list(zip(rows, before, strict=True))
    if any(row.what != other.what for row, other in pairs):
        raise ValueError("rows of different measures")
    return [f"{row.what}: {row.value:.3f} of {other.value:.3f} ± {other.error:.3f}" for row, other in pairs
            if other.value - row.value > ALLOWED * other.error]


def kept(parts, before):
    """Whether no part has lost a row; the parts after the first that has are not asked for. parts: an iterator of lists of rows, with close()."""
    with closing(parts):
        for rows, other in zip(parts, before, strict=True):
            print("  " + ", ".join(f"{row.value:.3f}" for row in rows), flush=True)
            gone = lost(rows, other)
            for text in gone:
                print("  lost: " + text, flush=True)
            if gone:
                return False
    return True


def smallest(keeps):
    """(beginning, end) in tenths; keeps(beginning, end) says whether an interval keeps every row, and is asked as seldom as possible."""
    end = _first(1, TENTHS, lambda tenths: keeps(0, tenths))
    begin = end - _first(1, end, lambda length: keeps(end - length, end))
    return begin, end


def _first(low, high, good):
    """The smallest number from low to high that is good, where high is, and every number above a good one."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle + 1, high)
    return low


def main():
    parser = argparse.ArgumentParser(prog="python -m scripts.microdiff.evaluate.interval", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="drawn pictures, renders and features are kept here; the evaluation's will do")
    parser.add_argument("--images", type=int, default=200, help="drawn pictures a row")
    parser.add_argument("--each", type=int, default=100, help="drawn pictures of every structure, and of every modality")
    parser.add_argument("--ceiling", type=int, default=200, help="as in the evaluation, whose renders are used again")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--probe", type=float, default=1.0, help="share of the usual renders that the probes are trained on")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--real", type=Path, help="folder of the sets of real images, crops of which the probe of kinds sees, as in the evaluation")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--write", action="store_true", help="put the interval into the model folder")
    options = parser.parse_args()
    options.prepare, options.training = False, None
    benches = []

    def measured(begin, end):
        """The rows of one part after the other."""
        drawer = JavaPipeline(options.model, options.cache, options.steps, guided=(begin / TENTHS, end / TENTHS))
        bench = Workbench(options.model, options.cache, drawer, options.images, options.ceiling, options.workers, real=options.real,
                          pool=benches[0].pool if benches else None)
        benches.append(bench)
        parts = measured_by(bench, options)
        try:
            for name in PARTS:
                if name in options.parts:
                    # A row without a number is not the model's.
                    yield [row for row in parts[name]() if row.value is not None]
        finally:
            drawer.close()

    always = list(measured(0, TENTHS))
    for row in (row for part in always for row in part):
        print(f"  {row.what}: {row.value:.3f} ± {row.error:.3f} over {row.images} pictures", flush=True)

    def keeps(begin, end):
        print(f"guidance from {begin / TENTHS} to {end / TENTHS}", flush=True)
        return (begin, end) == (0, TENTHS) or kept(measured(begin, end), always)

    begin, end = (tenths / TENTHS for tenths in smallest(keeps))
    guided = int(end * options.steps) - int(begin * options.steps)
    print(f"smallest: guidance from {begin} to {end}, {options.steps + guided} of {2 * options.steps} passes")
    if options.write:
        path = options.model / "diffusionj.json"
        preferences = json.loads(path.read_text(encoding="utf-8")) | {"guidanceFrom": begin, "guidanceTo": end}
        path.write_text(json.dumps(preferences, indent=2) + "\n", encoding="utf-8")
        checksums.write(options.model)


if __name__ == "__main__":
    main()
