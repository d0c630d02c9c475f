"""Compares runs of DiffusionJ with diffusers' pipelines, from the seed, in configurations drawn at random.

    python -m scripts.parity.fuzz [--runs 300] [--seed 1] [--only N ...]

Tiny models with random weights; each run has a folder of its own under target/parity, whose parts are links. A run counts as
equal when its final latents differ by at most 1e-3 of the largest. The exit status is 1 when one does not.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import warnings
from collections import Counter
from dataclasses import replace

import diffusers
import numpy as np
import torch
from diffusers import (
    LatentConsistencyModelImg2ImgPipeline,
    LatentConsistencyModelPipeline,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionPipeline,
)
from PIL import Image

from scripts.export.export import export
from scripts.fixtures import models, onnx_parts

from .drawing import BASES, NAMES, draw

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = models.ROOT
WORK = os.path.join(ROOT, "target", "parity")
TOLERANCE = 1e-3
SOUND = {"equal", "diffusers refuses", "not finite in diffusers", "timestep -1 in diffusers"}
PARTS = ("text_encoder", "unet", "vae_encoder", "vae_decoder", "tokenizer")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, nargs="*", help="numbers of runs to do; the others are drawn and passed over")
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    generator = random.Random(args.seed)
    runs = [draw(number, generator) for number in range(args.runs)]
    if args.only is not None:
        runs = [run for run in runs if run.number in args.only]
    bases = {base.name: build(base) for base in BASES}
    shutil.rmtree(os.path.join(WORK, "runs"), ignore_errors=True)
    counts = Counter()
    with Program() as program:
        for run in runs:
            verdict, detail = judge(run, bases[run.base.name], program)
            counts[verdict] += 1
            if verdict not in SOUND:
                print(f"{verdict}: {detail}\n  {describe(run)}", flush=True)
    print(", ".join(f"{verdict} {count}" for verdict, count in counts.most_common()), f"of {len(runs)} runs (seed {args.seed})")
    return 0 if set(counts) <= SOUND else 1


class Program:
    """DiffusionJ, started once."""

    def __enter__(self):
        subprocess.run([os.path.join(ROOT, "scripts", "diffusionj"), "info"], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(ROOT, "target", "launch", "classpath"), encoding="utf-8") as file:
            classpath = file.read()
        home = os.path.join(WORK, "home")
        self.process = subprocess.Popen(
            ["java", f"-Ddiffusionj.home={home}", "-cp", classpath, os.path.join(HERE, "Runs.java")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"})
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, *fields):
        self.process.stdin.write("\t".join(str(value) for value in fields) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


def build(base):
    """The torch folder and the ONNX folder of a base, made once."""
    spec = SPECS[base.name]
    target = os.path.join(WORK, "models", base.name)
    source = os.path.join(models.TORCH, base.name)
    if not os.path.isfile(os.path.join(target, "model_index.json")) or not os.path.isfile(os.path.join(source, "model_index.json")):
        if not export(models.build_torch(spec), target, spec.contract, spec.storage, spec.timestep, spec.external):
            raise SystemExit(f"{base.name} was not exported as torch computes it.")
    return source, target


def specs():
    known = {spec.name: spec for spec in models.SPECS}
    sd1 = known["sd1"]
    known["sd1-int64"] = replace(sd1, name="sd1-int64", timestep="int64-scalar")
    known["deep"] = replace(sd1, name="deep", seed=15, unet={**sd1.unet, "levels": 4})
    models.SCHEDULERS.update({name: models.SCHEDULERS["sd1"] for name in ("sd1-int64", "deep")})
    return known


SPECS = specs()


def judge(run, base, program):
    source, target = base
    folder = os.path.join(WORK, "runs", str(run.number))
    os.makedirs(os.path.join(folder, "scheduler"))
    for part in PARTS:
        os.symlink(os.path.join(target, part), os.path.join(folder, part))
    shutil.copy(os.path.join(target, "model_index.json"), folder)
    with open(os.path.join(folder, "scheduler", "scheduler_config.json"), "w", encoding="utf-8") as file:
        json.dump(run.config, file)
    picture = os.path.join(folder, "source.png")
    if run.strength is not None:
        pixels = np.random.default_rng(run.number).integers(0, 256, (run.height, run.width, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(picture)
    try:
        expected = reference(run, source, target, picture)
    except Exception as problem:  # whatever diffusers cannot do
        return "diffusers refuses", f"{type(problem).__name__} {problem}"
    if expected.size == 0:
        return "diffusers refuses", "no steps"
    if not np.isfinite(expected).all():
        return "not finite in diffusers", ""
    if run.config.get("timestep_spacing") == "trailing" and steps_below_zero(run):
        return "timestep -1 in diffusers", ""
    made = os.path.join(folder, "made.npy")
    answer = program.ask(
        made, folder, NAMES[run.scheduler] if run.chosen else "", run.steps, run.guidance, run.prompt, run.negative, run.batch, run.seed,
        run.width, run.height, picture if run.strength is not None else "", "" if run.strength is None else run.strength)
    if answer != "done":
        return "refused", answer
    found = np.load(made)
    difference = np.abs(found - expected).max() / np.abs(expected).max()
    if found.shape == expected.shape and difference <= TOLERANCE:
        return "equal", ""
    detail = f"{difference:.2e} of the largest, {np.abs(expected).max():.3g}"
    if not run.base.whole_timesteps:
        # Some runs multiply rounding errors, whoever makes them.
        noise = np.abs(reference(run, source, target, picture, onnx=True) - expected).max() / np.abs(expected).max()
        detail += f"; diffusers' own runs in ONNX and in torch differ by {noise:.2e}"
    return "different", detail


def steps_below_zero(run):
    scheduler = getattr(diffusers, run.scheduler).from_config(dict(run.config))
    scheduler.set_timesteps(run.steps)
    return bool((scheduler.timesteps < 0).any()) and not scheduler.config.get("timestep_type") == "continuous"


def reference(run, source, target, picture, onnx=False):
    """The final latents of diffusers' pipeline; with the ONNX parts where a timestep loses its fraction in them."""
    kind = getattr(diffusers, run.scheduler)
    loaded = (LatentConsistencyModelPipeline if run.base.distilled else StableDiffusionPipeline).from_pretrained(
        source, safety_checker=None, scheduler=kind.from_config(dict(run.config)))
    if run.strength is not None:
        image = LatentConsistencyModelImg2ImgPipeline if run.base.distilled else StableDiffusionImg2ImgPipeline
        loaded = image(**loaded.components, requires_safety_checker=False)
    loaded.set_progress_bar_config(disable=True)
    arguments = {
        "prompt": run.prompt, "guidance_scale": run.guidance, "num_inference_steps": run.steps, "num_images_per_prompt": run.batch,
        "output_type": "latent", "generator": [torch.Generator("cpu").manual_seed(run.seed + k) for k in range(run.batch)],
    }
    if not run.base.distilled:
        arguments["negative_prompt"] = run.negative
    if run.strength is None:
        arguments.update(width=run.width, height=run.height)
    else:
        arguments.update(strength=run.strength, image=Image.open(picture))
    with torch.no_grad():
        if run.base.whole_timesteps or onnx:
            with onnx_parts.replaced(loaded, target):
                return loaded(**arguments).images.numpy()
        return loaded(**arguments).images.numpy()


def describe(run):
    task = "txt2img" if run.strength is None else f"img2img at {run.strength}"
    config = {key: value for key, value in run.config.items() if not key.startswith("_")}
    return (f"run {run.number}: {run.base.name}, {task}, {run.scheduler}{' chosen' if run.chosen else ''}, {run.steps} steps, guidance "
            f"{run.guidance}, {run.width} x {run.height}, batch {run.batch}, seed {run.seed}\n    {config}")


if __name__ == "__main__":
    sys.exit(main())
