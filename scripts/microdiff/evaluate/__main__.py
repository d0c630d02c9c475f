"""Measures a MicroDiff folder and prints one table; with --report, writes it into a Markdown file.

    python -m scripts.microdiff.evaluate --model models/MicroDiff --cache FOLDER --training FOLDER --report docs/microdiff.md \\
        --grids FOLDER

Everything drawn, rendered or computed from a picture is kept under --cache, so a stopped run goes on, and the evaluation of another
model with the same autoencoder draws only its own pictures. With --prepare, all that needs no drawn picture is computed, and no more.
To compare guidance scales: --parts structures pairs distance --images 80 --each 24 --guidance 2.5, and so on.
"""
import argparse
import json
import time
from pathlib import Path

from . import attributes, distribution, fewsteps, grids, naming, redrawing, roundtrip, speed
from .row import table
from .source import JavaPipeline, NoPipeline
from .workbench import Workbench

MARK = ("<!-- table: written by scripts/microdiff/evaluate -->", "<!-- end of table -->")
PARTS = ("roundtrip", "attributes", "colours", "structures", "modalities", "pairs", "distance", "nearest", "img2img", "sizes", "steps",
         "speed")


def parse():
    parser = argparse.ArgumentParser(prog="python -m scripts.microdiff.evaluate", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="drawn pictures, renders and features are kept here")
    parser.add_argument("--images", type=int, default=200, help="drawn pictures a row")
    parser.add_argument("--each", type=int, default=100, help="drawn pictures of every structure, and of every modality")
    parser.add_argument("--ceiling", type=int, default=200, help="held-out renders beside them")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, help="instead of the model's default")
    parser.add_argument("--probe", type=float, default=1.0, help="share of the usual renders that the probes are trained on")
    parser.add_argument("--workers", type=int, default=2, help="processes that render and compute features")
    parser.add_argument("--training", type=Path, help="folder of training shards; without it, the nearest row is left out")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--report", type=Path, help="Markdown file whose marked table is replaced")
    parser.add_argument("--grids", type=Path, help="folder to write 10 by 10 pictures of every structure and modality to")
    parser.add_argument("--prepare", action="store_true", help="render and compute ahead what does not depend on drawn pictures")
    return parser.parse_args()


def rows(bench, options):
    """All rows of the chosen parts, as they are measured."""
    chosen = set(options.parts) - (set() if options.training else {"nearest"}) - ({"steps", "speed"} if options.prepare else set())
    kinds = naming.KindProbe(bench, options.probe) if chosen & {"structures", "modalities", "sizes"} else None
    parts = {"roundtrip": lambda: roundtrip.rows(bench),
             "attributes": lambda: attributes.opposites(bench),
             "colours": lambda: attributes.colours(bench),
             "structures": lambda: naming.structures(bench, kinds, options.each),
             "modalities": lambda: naming.modalities(bench, kinds, options.each),
             "pairs": lambda: naming.pairs(bench, options.probe),
             "distance": lambda: distribution.distance(bench),
             "nearest": lambda: distribution.nearest(bench, options.each),
             "img2img": lambda: redrawing.rows(bench),
             "sizes": lambda: naming.sizes(bench, kinds),
             "steps": lambda: fewsteps.rows(bench),
             "speed": lambda: speed.rows(bench)}
    for name in PARTS:
        if name in chosen:
            start = time.monotonic()
            yield from parts[name]()
            print(f"[{name}: {time.monotonic() - start:.0f} s]", flush=True)


def main():
    options = parse()
    if options.prepare:
        options.images = options.each = 8
    drawer = NoPipeline() if options.prepare else JavaPipeline(options.model, options.cache, options.steps, options.guidance)
    bench = Workbench(options.model, options.cache, drawer, options.images, options.ceiling, options.workers, options.training)
    found = []
    for row in rows(bench, options):
        found.append(row)
        if not options.prepare:
            print(" | ".join(row.cells()), flush=True)
    if options.prepare:
        return
    text = table(found)
    print(text)
    if options.grids:
        grids.write(bench, options.grids, options.each)
    if options.report:
        guidance = options.guidance or f"{json.loads((options.model / 'diffusionj.json').read_text())['guidance']} (the model's default)"
        note = f"{options.steps} steps, guidance {guidance}, model {drawer.version[:12]}."
        page = options.report.read_text(encoding="utf-8")
        before, rest = page.split(MARK[0], 1)
        after = rest.split(MARK[1], 1)[1]
        options.report.write_text(f"{before}{MARK[0]}\n{note}\n\n{text}\n{MARK[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
