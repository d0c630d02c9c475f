"""Measures a MicroDiff folder and prints one table; with --report, writes it into a Markdown file.

    python -m scripts.microdiff.evaluate --model models/MicroDiff --cache FOLDER --images 200 --report docs/microdiff.md
"""
import argparse
import datetime
from pathlib import Path

import numpy as np

from . import rows
from .roundtrip import rows as roundtrip_rows
from .source import JavaPipeline

MARK = ("<!-- table: written by scripts/microdiff/evaluate -->", "<!-- end of table -->")
PARTS = ("roundtrip", "attributes", "colours", "structures", "pairs", "distribution", "img2img")


def parse():
    parser = argparse.ArgumentParser(prog="python -m scripts.microdiff.evaluate", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="drawn pictures are kept here")
    parser.add_argument("--images", type=int, default=200, help="pictures a row")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--probe", type=int, default=2400, help="renders to train the probes on")
    parser.add_argument("--training", type=Path, help="folder of training shards, for the nearest-neighbour row")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--report", type=Path, help="Markdown file whose marked table is replaced")
    return parser.parse_args()


def training_pictures(folder):
    if folder is None:
        return None
    parts = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as shard:
            parts.append(shard["noisy"])
    return np.concatenate(parts)


def table(found):
    lines = ["| measure | images | MicroDiff | held-out renders | goal | reached |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [f"| {r.what} | {r.images} | {r.model} | {r.ceiling} | {r.goal} | {'yes' if r.reached else '**no**'} |" for r in found]
    return "\n".join(lines)


def main():
    options = parse()
    drawer = JavaPipeline(options.model, options.cache, options.steps)
    count = options.images
    parts = {"roundtrip": lambda: roundtrip_rows(options.model, count),
             "attributes": lambda: rows.attributes(drawer, count),
             "colours": lambda: rows.colours(drawer, count),
             "structures": lambda: rows.structures(drawer, count, options.probe),
             "pairs": lambda: rows.pairs(drawer, count, options.probe),
             "distribution": lambda: rows.distribution(drawer, count, training_pictures(options.training)),
             "img2img": lambda: rows.image_to_image(drawer, count)}
    found = []
    for name in options.parts:
        for row in parts[name]():
            found.append(row)
            print(f"{row.what}: {row.model}; renders {row.ceiling}; goal {row.goal}: {'yes' if row.reached else 'NO'}", flush=True)
    text = table(found)
    print(text)
    if options.report:
        page = options.report.read_text(encoding="utf-8")
        before, rest = page.split(MARK[0], 1)
        after = rest.split(MARK[1], 1)[1]
        note = (f"{options.steps} steps, default guidance, model {drawer.version[:12]}, "
                f"{datetime.date.today().isoformat()}.")
        options.report.write_text(f"{before}{MARK[0]}\n{note}\n\n{text}\n{MARK[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
