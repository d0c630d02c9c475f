"""Measures a MicroDiff folder and prints one table; with --report, writes it into a Markdown file.

    python -m scripts.microdiff.evaluate --model models/MicroDiff --before FOLDER --cache FOLDER --training FOLDER --real FOLDER \\
        --report docs/microdiff.md --grids FOLDER

--before names the folder of an older model, which is measured in the same way and gets a column of its own; --real the folder of the sets of
annotated real images, whose test images alone are measured on.
Everything drawn, rendered or computed from a picture is kept under --cache, so a stopped run goes on, and the evaluation of another
model with the same autoencoder draws only its own pictures. With --prepare, all that needs no drawn picture is computed, and no more.
To compare guidance scales: --parts structures pairs distance --images 80 --each 24 --guidance 2.5, and so on.
"""
import argparse
import json
import time
from pathlib import Path

from . import attributes, distribution, fewsteps, grids, naming, redrawing, roundtrip, speed, unknown, wordings
from .real import grids as real_grids
from .real import kept, likeness
from .real import roundtrip as real_roundtrip
from .row import table
from .source import JavaPipeline, NoPipeline
from .workbench import Workbench

MARK = ("<!-- table: written by scripts/microdiff/evaluate -->", "<!-- end of table -->")
PARTS = ("roundtrip", "attributes", "colours", "structures", "modalities", "pairs", "distance", "nearest", "img2img", "sizes", "steps",
         "worded-attributes", "worded-colours", "worded-structures", "worded-modalities", "worded-stains", "unknown", "real-roundtrip",
         "real-kept", "real-more", "real-distance", "real-nearest", "speed")
#: What these need: the probe of kinds, training renders, real images, drawn pictures of their own.
PROBED = {"structures", "modalities", "sizes", "worded-structures", "worded-modalities", "unknown"}
TRAINED = {"nearest"}
REAL = {"real-roundtrip", "real-kept", "real-more", "real-distance", "real-nearest"}
DRAWN = {"steps", "speed"}


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
    parser.add_argument("--before", type=Path, help="folder of an older model to measure beside it")
    parser.add_argument("--before-parts", nargs="+", choices=PARTS, default=PARTS, help="of --parts, those that are measured on it too")
    parser.add_argument("--training", type=Path, help="folder of training shards; without it, the nearest row is left out")
    parser.add_argument("--real", type=Path, help="folder of the sets of real images; without it, rows on them are left out")
    parser.add_argument("--real-images", type=int, help="of every set, so many at most are redrawn; all by default")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--report", type=Path, help="Markdown file whose marked table is replaced")
    parser.add_argument("--grids", type=Path, help="folder to write 10 by 10 pictures of every structure and modality to")
    parser.add_argument("--prepare", action="store_true", help="render and compute ahead what does not depend on drawn pictures")
    return parser.parse_args()


def chosen(options):
    """The parts to measure, in order."""
    left_out = (set() if options.training else TRAINED) | (set() if options.real else REAL) | (DRAWN if options.prepare else set())
    return [name for name in PARTS if name in options.parts and name not in left_out]


def measured_by(bench, options, wanted=None):
    """{part: function that yields its rows} for one model, of which the parts `wanted` (all that are chosen, by default) can be called."""
    kinds = naming.KindProbe(bench, options.probe) if PROBED & set(chosen(options) if wanted is None else wanted) else None
    return {"roundtrip": lambda: roundtrip.rows(bench),
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
            "worded-attributes": lambda: wordings.opposites(bench),
            "worded-colours": lambda: wordings.colours(bench),
            "worded-structures": lambda: wordings.structures(bench, kinds),
            "worded-modalities": lambda: wordings.modalities(bench, kinds),
            "worded-stains": lambda: wordings.stains(bench, options.probe),
            "unknown": lambda: unknown.rows(bench, kinds),
            "real-roundtrip": lambda: real_roundtrip.rows(bench),
            "real-kept": lambda: kept.rows(bench),
            "real-more": lambda: kept.more(bench),
            "real-distance": lambda: likeness.distance(bench),
            "real-nearest": lambda: likeness.nearest(bench),
            "speed": lambda: speed.rows(bench)}


def rows(bench, before, options):
    """All rows of the chosen parts, as they are measured; before: the older model's workbench, or None."""
    names = chosen(options)
    beside = [name for name in names if before and name in options.before_parts]
    parts, older = measured_by(bench, options, names), measured_by(before, options, beside) if beside else {}
    for name in names:
        start = time.monotonic()
        if name not in beside:
            yield from parts[name]()
        else:
            for row, other in zip(parts[name](), older[name](), strict=True):
                yield row.beside(other)
        print(f"[{name}: {time.monotonic() - start:.0f} s]", flush=True)


def workbench(model, options, pool=None):
    drawer = NoPipeline() if options.prepare else JavaPipeline(model, options.cache, options.steps, options.guidance)
    return Workbench(model, options.cache, drawer, options.images, options.ceiling, options.workers, options.training, options.real,
                     options.real_images, pool)


def main():
    options = parse()
    if options.prepare:
        options.images = options.each = 8
    bench = workbench(options.model, options)
    before = workbench(options.before, options, bench.pool) if options.before else None
    found = []
    for row in rows(bench, before, options):
        found.append(row)
        if not options.prepare:
            print(" | ".join(row.cells()), flush=True)
    if options.prepare:
        return
    text = table(found)
    print(text)
    if options.grids:
        grids.write(bench, options.grids, options.each)
        for one, folder in ((bench, options.grids), (before, options.grids / "before")):
            if one and options.real:
                real_grids.write(one, folder)
    if options.report:
        guidance = options.guidance or f"{json.loads((options.model / 'diffusionj.json').read_text())['guidance']} (the model's default)"
        note = f"{options.steps} steps, guidance {guidance}, model {bench.drawer.version[:12]}"
        note += f"; the model before is {before.drawer.version[:12]}." if before else "."
        page = options.report.read_text(encoding="utf-8")
        before, rest = page.split(MARK[0], 1)
        after = rest.split(MARK[1], 1)[1]
        options.report.write_text(f"{before}{MARK[0]}\n{note}\n\n{text}\n{MARK[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
