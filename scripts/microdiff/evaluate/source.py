"""Draws the model's pictures with the Java pipeline, and keeps what was drawn, so that a stopped evaluation goes on."""
import hashlib
import json
import os
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
#: Larger batches gain nothing, and a stopped evaluation would lose more.
MOST_IN_A_BATCH = 50


class JavaPipeline:
    """What scripts/diffusionj runs, on one model folder, with the model's own scheduler; guidance None: the model's own, too.

    guided: fractions of the steps at which guidance begins and ends; None: the model's own.
    """

    def __init__(self, model, cache, steps=20, guidance=None, guided=None):
        self.model, self.cache, self.steps, self.guidance, self.guided = Path(model), Path(cache) / "drawn", steps, guidance, guided
        if guided == _own_interval(self.model):
            self.guided = None
        self.cache.mkdir(parents=True, exist_ok=True)
        self.version = _digest(self.model)
        self.process = None

    def draw(self, prompt, count, seed, side=128, steps=None):
        """uint8 [count, side, side, 3] by text to image; in `steps` instead of this pipeline's."""
        return np.concatenate([self._pictures(prompt, min(MOST_IN_A_BATCH, count - start), seed + start, side, steps=steps)
                               for start in range(0, count, MOST_IN_A_BATCH)])

    def redraw(self, picture, prompt, strength, count, seed):
        """uint8 [count, h, w, 3] by image to image from one uint8 picture [h, w, 3]."""
        path = self.cache / f"source-{hashlib.sha256(picture.tobytes()).hexdigest()[:12]}.png"
        if not path.exists():
            Image.fromarray(picture).save(path)
        return self._pictures(prompt, count, seed, picture.shape[0], path, strength, "model")

    def redraw_natively(self, image, prompt, strength, seed):
        """A real image [h, w] or [h, w, 3] of uint8 or uint16 as img2img returns it by default: at its own pixels, in its own type and
        range, in the model's own number of steps."""
        path = self.cache / f"source-{_short(image.tobytes().hex() + str(image.shape))[:12]}.npy"
        if not path.exists():
            np.save(path, image)
        return self._pictures(prompt, 1, seed, image.shape[0], path, strength, "native", steps="")[0].reshape(image.shape)

    def _pictures(self, prompt, count, seed, side, source="", strength="", fit="", steps=None):
        settings = [str(self.steps if steps is None else steps), "" if self.guidance is None else str(self.guidance), prompt, str(count),
                    str(seed), str(side)]
        guided = [] if self.guided is None else [str(fraction) for fraction in self.guided]
        key = _short("\0".join([self.version, *settings, Path(source).name, str(strength), fit, *guided]))
        kept = self.cache / f"{key}.npy"
        if not kept.exists():
            aside = self.cache / f"{key}.{os.getpid()}.part.npy"
            self._ask(str(aside.resolve()), str(self.model.resolve()), *settings, str(source and Path(source).resolve()), str(strength), fit,
                      *guided)
            aside.replace(kept)
        pictures = np.load(kept)
        return pictures if pictures.ndim == 4 else pictures[None]

    def _ask(self, *fields):
        if self.process is None:
            self.process = _start()
        self.process.stdin.write("\t".join(fields) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if answer != "drawn":
            raise RuntimeError(f"drawing {fields} {answer or 'ended the Java process'}")

    def close(self):
        """Ends the Java process; the next picture starts another."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


def _start():
    """Draw.java on the class path of scripts/diffusionj, which is built where it must be."""
    subprocess.run([str(ROOT / "scripts" / "diffusionj"), "--version"], check=True, stdout=subprocess.DEVNULL)
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
    path = (ROOT / "target" / "launch" / "classpath").read_text()
    return subprocess.Popen([str(java), "-XX:+UseSerialGC", "-Dslf4j.internal.verbosity=ERROR", "-cp", path,
                             str(Path(__file__).parent / "Draw.java")], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _own_interval(model):
    """(beginning, end) that pictures of the model have where none is asked for."""
    path = model / "diffusionj.json"
    chosen = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return chosen.get("guidanceFrom", 0.0), chosen.get("guidanceTo", 1.0)


class NoPipeline:
    """Stands in for JavaPipeline while renders are prepared: every picture is black."""
    version = "nothing"

    def draw(self, prompt, count, seed, side=128, steps=None):
        return np.zeros((count, side, side, 3), np.uint8)

    def redraw(self, picture, prompt, strength, count, seed):
        return np.zeros((count, *picture.shape), np.uint8)

    def redraw_natively(self, image, prompt, strength, seed):
        return image


def _short(text):
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _digest(model):
    """Of every file that has a say in what is drawn."""
    total = hashlib.sha256()
    silent = {"training.onnx", "rehearsal.txt", "tuning.json"}
    for path in sorted(p for p in model.rglob("*") if p.suffix in (".onnx", ".json", ".txt") and p.name not in silent):
        total.update(path.relative_to(model).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
