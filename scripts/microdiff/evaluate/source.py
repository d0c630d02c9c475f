"""Draws the model's pictures with the Java command line, and keeps what was drawn, so that a stopped evaluation goes on."""
import hashlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
#: A process takes one to two seconds to start, so batches are large; larger ones than this gain nothing.
MOST_IN_A_BATCH = 100


class JavaPipeline:
    """scripts/diffusionj on one model folder, at the model's default guidance and scheduler."""

    def __init__(self, model, cache, steps=20):
        self.model, self.cache, self.steps = Path(model), Path(cache) / "drawn", steps
        self.cache.mkdir(parents=True, exist_ok=True)
        self.version = _digest(self.model)

    def draw(self, prompt, count, seed, side=128):
        """uint8 [count, side, side, 3] by text to image."""
        parts = [self._run("txt2img", min(MOST_IN_A_BATCH, count - start), "--prompt", prompt, "--seed", str(seed + start),
                           "--width", str(side), "--height", str(side))
                 for start in range(0, count, MOST_IN_A_BATCH)]
        return np.concatenate(parts)

    def redraw(self, picture, prompt, strength, count, seed):
        """uint8 [count, h, w, 3] by image to image from one uint8 picture [h, w, 3]."""
        path = self.cache / f"source-{hashlib.sha256(picture.tobytes()).hexdigest()[:12]}.png"
        if not path.exists():
            Image.fromarray(picture).save(path)
        return self._run("img2img", count, "--input", str(path), "--prompt", prompt, "--strength", str(strength), "--seed",
                         str(seed))

    def _run(self, verb, batch, *words):
        settings = ["--steps", str(self.steps), "--batch", str(batch), *words]
        key = hashlib.sha256("\0".join([self.version, verb, *settings]).encode()).hexdigest()[:20]
        kept = self.cache / f"{key}.npy"
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=self.cache) as folder:
                drawn = Path(folder) / "out.npy"
                subprocess.run([str(ROOT / "scripts" / "diffusionj"), verb, "--model", str(self.model), *settings, "--output",
                                str(drawn)], check=True, stdout=subprocess.DEVNULL)
                drawn.rename(kept)
        pictures = np.load(kept)
        return pictures if pictures.ndim == 4 else pictures[None]


def _digest(model):
    """Of every file that has a say in what is drawn."""
    total = hashlib.sha256()
    for path in sorted(p for p in model.rglob("*") if p.suffix in (".onnx", ".json", ".txt")):
        total.update(path.relative_to(model).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
