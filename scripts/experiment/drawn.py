"""Real micrographs drawn again by image to image: what the judges of the gate and of the camera's noise look at.

A drawing is what `scripts/diffusionj img2img --bits 32` makes of the middle of an image, and stays under the work folder, by image, strength, seed and
model: a run that was stopped goes on, and another model's drawings are never mistaken for these. `Exposer` makes two files of each, as `augment` would:
without the camera's noise and with it.
"""

import functools
import hashlib
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import tifffile

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "MicroDiff"
PROMPTS = {
    "bbbc039_u2os_nuclei": "nuclei, fluorescence",
    "bbbc038_fluo_nuclei": "nuclei, fluorescence",
    "bbbc038_histology_nuclei": "stained tissue",
    "yeast_phase_yeastvision": "yeast, phase contrast",
}


def add_options(parser):
    parser.add_argument("--real", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for drawings and what is made of them")
    parser.add_argument("--split", default="test", choices=["train", "test"], help="train: for work on gate and camera themselves")
    parser.add_argument("--images", type=int, help="of every set, so many at most; all by default")
    parser.add_argument("--height", type=int, default=384, help="of the middle part that is drawn, in pixels")
    parser.add_argument("--width", type=int, default=512, help="of the middle part that is drawn, in pixels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", action="store_true", help="take the drawings that are there, and draw none")


def sources(name, options):
    """The middle parts of a set's images, as files whose labels lie beside: images/STEM.tif and labels/STEM.tif."""
    files = sorted((options.real / name / options.split / "images").glob("*.tif"))[: options.images]
    return [middle(file, options.work / "sources" / f"{options.height}x{options.width}" / name / options.split, options) for file in files]


def labels_of(source):
    return source.parent.parent / "labels" / source.name


def middle(file, folder, options):
    for kind in ("labels", "images"):
        target = folder / kind / file.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            whole = tifffile.imread(file.parent.parent / kind / file.name)
            top, left = (max(0, (have - want) // 2) for have, want in zip(whole.shape, (options.height, options.width)))
            part = whole[top:top + options.height, left:left + options.width]
            tifffile.imwrite(target, np.ascontiguousarray(part), photometric="rgb" if part.ndim == 3 else "minisblack")
    return folder / "images" / file.name


def drawing(source, name, strength, options):
    """32 bits from 0 to 1, and the limits in grey values that they stand for; None if it is not there and --kept is given."""
    target = options.work / "drawings" / name / options.split / f"{source.stem}-{options.height}x{options.width}-{strength}-{options.seed}-{model_hash()}.tif"
    report = target.with_suffix(".json")
    if not report.exists():
        if options.kept:
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name("part-" + target.name)
        subprocess.run([str(ROOT / "scripts" / "diffusionj"), "img2img", "--input", str(source), "--prompt", PROMPTS[name], "--strength", str(strength),
                        "--seed", str(options.seed), "--bits", "32", "--json", str(part.with_suffix(".json")), "--output", str(part)],
                       check=True, stdout=subprocess.DEVNULL)
        part.rename(target)
        part.with_suffix(".json").rename(report)
    return target, json.loads(report.read_text())["settings"]["intensity"]


@functools.cache
def model_hash():
    hashed = hashlib.sha256()
    for file in sorted(MODEL.rglob("*.onnx")):
        hashed.update(file.read_bytes())
    return hashed.hexdigest()[:8]


class Exposer:
    """Expose.java, running: finishes drawings, and estimates cameras."""

    def __init__(self):
        subprocess.run([str(ROOT / "scripts" / "diffusionj"), "--version"], check=True, stdout=subprocess.DEVNULL)
        self.process = java(Path(__file__).with_name("Expose.java"))

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.process.stdin.close()
        self.process.wait()

    def finished(self, source, drawn, limits, seed, camera=""):
        """Files of the drawing without a camera's noise and with it, and the camera: by default the one that the source tells."""
        targets = [drawn.with_name(f"{kind}-{drawn.name}") for kind in ("plain", "exposed")]
        return *targets, self.answer("expose", source, drawn, limits, seed, *targets, camera)

    def estimate(self, files):
        """The camera of all these together."""
        return self.answer("estimate", *files)

    def noisier(self, file, camera, seed, target):
        """Adds the noise of a camera to an image that has its own."""
        target.parent.mkdir(parents=True, exist_ok=True)
        return self.answer("add", file, camera, seed, target)

    def answer(self, *fields):
        self.process.stdin.write("\t".join(str(f.resolve()) if isinstance(f, Path) else str(f) for f in fields) + "\n")
        self.process.stdin.flush()
        camera = self.process.stdout.readline().strip()
        if not camera:
            raise RuntimeError(f"Expose.java ended at {fields}")
        return camera


def java(program):
    """A source file as a program, on the class path of scripts/diffusionj."""
    command = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
    path = (ROOT / "target" / "launch" / "classpath").read_text()
    return subprocess.Popen([str(command), "-XX:+UseSerialGC", "-Xmx3g", "-cp", path, str(program)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--sets", nargs="+", default=list(PROMPTS), choices=PROMPTS, metavar="SET")
    parser.add_argument("--strengths", nargs="+", type=float, default=[0.3])
    given = parser.parse_args()
    for one in given.sets:
        for wanted in given.strengths:
            for each in sources(one, given):
                print(drawing(each, one, wanted, given)[0], flush=True)
