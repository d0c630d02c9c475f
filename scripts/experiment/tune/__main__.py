"""What tuning on real images does: MicroDiff before and after, judged on images that the tuning has not seen.

    python -m scripts.experiment.tune --real ../shared/real --model models/MicroDiff --work work --report docs/tuning.md

Images evenly chosen from a set's train split are learned from by scripts/diffusionj tune; test images judge:
- kernel distance (scripts/microdiff/evaluate/features.py) of pictures drawn with the caption to crops of the test images, at their own pixels, with the spread
  over resampled crops and pictures;
- labelled objects that image to image keeps, of those that the source itself shows, at each strength;
- how often a probe (scripts/microdiff/evaluate/probe.py) names the structure in pictures of other prompts.
Tunings, pictures, features and finished rows are kept under --work, so a stopped experiment goes on, and --sets, --counts and --seeds do it in pieces: the
report has all rows that are there. The table is written even where a goal is missed.
"""
import argparse
import dataclasses
import json
import os
import shlex
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

from scripts.microdiff.evaluate import naming
from scripts.microdiff.evaluate.real.crops import crops
from scripts.microdiff.evaluate.real.kept import Redrawn
from scripts.microdiff.evaluate.real.sets import SETS, examples
from scripts.microdiff.evaluate.source import JavaPipeline
from scripts.microdiff.evaluate.workbench import Workbench

from .table import STRENGTHS, Row, report

ROOT = Path(__file__).resolve().parents[3]
#: EM is what MicroDiff's own training leaves out: there a set's size and seed are varied.
EM = "em_chloroplast_wsu"
#: Whole tiles, since the middle of one has four chloroplasts, most of them cut; and a segmenter that is trained until it finds them.
JUDGED = {EM: {"side": 640, "steps": 1200}}
CAPTIONS = {EM: "electron micrograph of chloroplasts", "bbbc039_u2os_nuclei": "u2os nuclei", "bbbc038_fluo_nuclei": "fluorescent nuclei",
            "bbbc038_histology_nuclei": "nuclei, brightfield histology", "yeast_phase_yeastvision": "yeast, phase contrast"}
SEED = 60000
#: Pictures side by side in a sheet, of each kind.
SHOWN, GAP = 6, 4


def main():
    options = arguments()
    for real_set, count, seed in runs(options):
        path = options.work / "rows" / f"{name_of(real_set, count, seed, options)}.json"
        if not path.exists():
            row = measured(real_set, count, seed, options)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(dataclasses.asdict(row), indent=1), encoding="utf-8")
        print(Row(**json.loads(path.read_text(encoding="utf-8"))).text(), flush=True)
        if options.report:
            report(options.report, options.work / "rows", [real_set.folder for real_set in SETS])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "MicroDiff")
    parser.add_argument("--work", type=Path, required=True, help="runs, pictures and features are kept here")
    parser.add_argument("--report", type=Path, help="Markdown file whose marked table is replaced")
    parser.add_argument("--sets", nargs="+", metavar="SET", choices=[real_set.folder for real_set in SETS])
    parser.add_argument("--counts", nargs="+", type=int, default=[4, 8, 16], help="images that are learned from; the other sets take the middle one")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], help="of the tunings; the other sets take the first one")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--images", type=int, default=48, help="drawn pictures for the distance")
    parser.add_argument("--each", type=int, default=8, help="drawn pictures of every other structure; 0: none, and that is not measured")
    parser.add_argument("--probe", type=float, default=0.25, help="share of the usual renders that the probe is trained on")
    parser.add_argument("--workers", type=int, default=2, help="processes that measure pictures")
    return parser.parse_args()


def runs(options):
    """(set, images, seed) in the order in which they say most: the middle number of images first."""
    middle = options.counts[len(options.counts) // 2]
    chosen = [real_set for real_set in SETS if not options.sets or real_set.folder in options.sets]
    varied = [(real_set, count, seed) for real_set in chosen if real_set.folder == EM
              for seed in options.seeds for count in sorted(options.counts, key=lambda count: count != middle)]
    return varied + [(real_set, middle, options.seeds[0]) for real_set in chosen if real_set.folder != EM]


def name_of(real_set, count, seed, options):
    return f"{real_set.folder}-{count}-{seed}-{options.steps}"


def tuned(real_set, count, seed, options):
    """The folder of the tuned model, made if it is not there; a tuning that was stopped goes on."""
    name = name_of(real_set, count, seed, options)
    home = (options.work / "home").resolve()
    folder = home / "models" / name
    if not folder.is_dir() or (home / "tuning" / name).is_dir():
        images = options.work / "images" / name
        images.mkdir(parents=True, exist_ok=True)
        source = options.real / real_set.folder / "train" / "images"
        for example in examples(options.real, real_set, "train", count):
            (images / example.name).write_bytes((source / example.name).read_bytes())
        environment = {**os.environ, "DIFFUSIONJ_JAVA_OPTIONS": f"-Ddiffusionj.home={shlex.quote(str(home))}"}
        resume = ["--resume"] if (home / "tuning" / name).is_dir() else []
        subprocess.run([ROOT / "scripts" / "diffusionj", "tune", "--images", images, "--caption", CAPTIONS[real_set.folder], "--name", name, "--steps",
                        str(options.steps), "--seed", str(seed), "--model", options.model.resolve(), *resume], check=True, env=environment)
    return folder


def measured(real_set, count, seed, options):
    """A row of the table."""
    folder = tuned(real_set, count, seed, options)
    losses = [point["validation"] for point in json.loads((folder / "tuning.json").read_text(encoding="utf-8"))["losses"]]
    judged = dataclasses.replace(real_set, prompt=CAPTIONS[real_set.folder], **JUDGED.get(real_set.folder, {}))
    benches = [bench(model, options) for model in (options.model, folder)]
    far = [distance(one, judged) for one in benches]
    sheet(benches, judged, options.work / "sheets" / f"{folder.name}.png")
    kept = []
    for one in benches:
        redrawn = Redrawn(one, judged)
        found = [redrawn.kept(strength) for strength in STRENGTHS]
        kept.append([int(each.found.sum()) for each in found])
    seen, labelled = found[0].found.size, found[0].labelled
    right = [others(one, options) for one in benches] if options.each else None
    for one in benches:
        one.drawer.close()
        if one.pool:
            one.pool.terminate()
    return Row(real_set.folder, real_set.title, count, seed, options.steps, options.images, [losses[0], min(losses)], far, kept, seen, labelled, right)


def bench(model, options):
    return Workbench(model, options.work / "measured", JavaPipeline(model, options.work / "measured", steps=20), options.images, workers=options.workers,
                     real=options.real)


def drawn(one, judged):
    return one.drawer.draw(judged.prompt, one.count, SEED)


def distance(one, real_set, resamplings=200):
    """(squared MMD with the cubic kernel x 1000, its standard deviation when crops and pictures are drawn again from themselves)."""
    real = one.picture_features(test_crops(one, real_set))
    pictures = one.picture_features(drawn(one, real_set))
    mean, spread = real.mean(0), real.std(0) + 1e-3
    real, pictures = (np.clip((found - mean) / spread, -6, 6).astype(np.float64) for found in (real, pictures))
    kernels = [(a @ b.T / a.shape[1] + 1) ** 3 for a, b in ((real, real), (pictures, pictures), (real, pictures))]
    rng = np.random.default_rng(0)
    again = [_mmd(kernels, rng.integers(len(real), size=len(real)), rng.integers(len(pictures), size=len(pictures))) for _ in range(resamplings)]
    return [1000 * _mmd(kernels, np.arange(len(real)), np.arange(len(pictures))), 1000 * float(np.std(again))]


def test_crops(one, real_set):
    return crops(one.real, real_set, "test", 24, 1.0, 200)


def _mmd(kernels, a, b):
    """Pairs of one and the same picture are left out."""
    own = [kernel[np.ix_(chosen, chosen)][chosen[:, None] != chosen[None, :]].mean() for kernel, chosen in zip(kernels, (a, b))]
    return float(sum(own) - 2 * kernels[2][np.ix_(a, b)].mean())


def sheet(benches, real_set, path):
    """Lines: test crops, drawn before, drawn after; the first seeds."""
    real = test_crops(benches[0], real_set)
    lines = [real[:: max(1, len(real) // SHOWN)][:SHOWN], *(drawn(one, real_set)[:SHOWN] for one in benches)]
    path.parent.mkdir(parents=True, exist_ok=True)
    framed = [np.concatenate([np.pad(one, ((0, GAP), (0, GAP), (0, 0)), constant_values=255) for one in line], axis=1) for line in lines]
    Image.fromarray(np.concatenate(framed)).save(path, optimize=True)


def others(one, options):
    """[pictures in which the probe names the structure that was asked for, all pictures]."""
    probe = naming.KindProbe(one, options.probe)
    found = [name == said for name, pictures in naming.drawn_structures(one, options.each).items()
             for said in probe.structures(one.picture_features(pictures))]
    return [int(np.sum(found)), len(found)]


if __name__ == "__main__":
    main()
