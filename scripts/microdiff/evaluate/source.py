"""Where pictures come from: the Java command line for the model's, the renderer for held-out ones."""
import dataclasses
import hashlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from scripts.microdiff.render import Scene, render
from scripts.microdiff.render.scene import COLOURS, _level, _subject

ROOT = Path(__file__).resolve().parents[3]
#: Held-out renders take their seeds from here; training takes (seed, shard, index).
HELD_OUT = 987_654
MOST_IN_A_BATCH = 50


class JavaPipeline:
    """Draws with scripts/diffusionj and keeps what was drawn, so that a stopped evaluation goes on."""

    def __init__(self, model, cache, steps=20):
        self.model, self.cache, self.steps = Path(model), Path(cache), steps
        self.cache.mkdir(parents=True, exist_ok=True)
        self.version = _digest(self.model)

    def draw(self, prompt, count, seed, side=128):
        """uint8 [count, side, side, 3] by text to image, at the default guidance."""
        parts = [self._run("txt2img", min(MOST_IN_A_BATCH, count - start), "--prompt", prompt, "--seed", str(seed + start),
                           "--width", str(side), "--height", str(side))
                 for start in range(0, count, MOST_IN_A_BATCH)]
        return np.concatenate(parts)

    def redraw(self, picture, prompt, strength, count, seed):
        """uint8 [count, h, w, 3] by image to image from one uint8 picture [h, w, 3]."""
        name = hashlib.sha256(picture.tobytes()).hexdigest()[:12]
        path = self.cache / f"source-{name}.png"
        if not path.exists():
            from PIL import Image
            Image.fromarray(picture).save(path)
        return self._run("img2img", count, "--input", str(path), "--prompt", prompt, "--strength", str(strength), "--seed",
                         str(seed))

    def _run(self, verb, batch, *words):
        command = [verb, "--model", str(self.model), "--steps", str(self.steps), "--batch", str(batch), *words]
        key = hashlib.sha256("\0".join([self.version, *command]).encode()).hexdigest()[:20]
        kept = self.cache / f"{key}.npy"
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=self.cache) as folder:
                drawn = Path(folder) / "out.npy"
                subprocess.run([str(ROOT / "scripts" / "diffusionj"), *command, "--output", str(drawn)], check=True,
                               stdout=subprocess.DEVNULL)
                drawn.rename(kept)
        pictures = np.load(kept)
        return pictures if pictures.ndim == 4 else pictures[None]


def _digest(model):
    total = hashlib.sha256()
    for path in sorted(model.rglob("*.onnx")):
        total.update(path.read_bytes())
    return total.hexdigest()


def scene_like(rng, structures, modality="fluorescence", pixels=128, colours=None, **fixed):
    """A scene in which only what a prompt names is fixed; the rest is drawn as for training."""
    subjects = []
    for place, structure in enumerate(structures):
        colour = colours[place] if colours else str(rng.choice(COLOURS)) if modality == "fluorescence" else "grey"
        subject = _subject(rng, structure, colour)
        of_subject = {key: value for key, value in fixed.items() if key in ("density", "size", "arrangement")}
        subjects.append(dataclasses.replace(subject, **of_subject))
    levels = {name: fixed.get(name, _level(rng, name)) for name in ("brightness", "sharpness", "noise")}
    return Scene(tuple(subjects), modality, pixels=pixels, **levels)


def held_out(count, seed, structures, **fixed):
    """Renders that no training saw, like what a prompt asks for."""
    rng = np.random.default_rng((HELD_OUT, seed))
    return [render(scene_like(rng, structures, **fixed), (HELD_OUT, seed, index)) for index in range(count)]
