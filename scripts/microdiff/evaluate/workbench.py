"""What all rows share: the drawer, the autoencoder, and renders and features that are computed once and kept on the disk."""
import hashlib
import os
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import scripts.microdiff.render as renderer
from scripts.microdiff.render import render

from . import features as feature_module
from . import renders as render_module
from .autoencoder import Autoencoder
from .features import field_features, picture_features
from .renders import HELD_OUT, scenes_like
from .source import JavaPipeline


@dataclass(frozen=True)
class Renders:
    """uint8 [n, side, side, 3]: as a camera sees them; without noise; and the noisy ones after the autoencoder's round trip."""
    noisy: np.ndarray
    clean: np.ndarray
    smooth: np.ndarray


class Workbench:
    """Renders are kept under a digest of the renderer's sources and the autoencoder's files, features under one of their pictures."""

    def __init__(self, model, cache, count=200, steps=20, workers=2, training=None):
        self.model, self.cache, self.count, self.steps, self.training = Path(model), Path(cache), count, steps, training
        self.drawer = JavaPipeline(model, cache, steps)
        self.autoencoder = Autoencoder(model)
        folder = Path(renderer.__file__).parent
        self.made_by = _digest(self.autoencoder.version, *(p.read_text() for p in sorted(folder.glob("*.py"))),
                               Path(render_module.__file__).read_text())
        self.measured_by = _digest(Path(feature_module.__file__).read_text())
        self.pool = get_context("spawn").Pool(workers, _single_thread) if workers > 1 else None

    def renders(self, count, seed, structures, **named):
        """Held-out renders for a prompt that names what `named` says."""
        def make():
            scenes = scenes_like(count, seed, structures, **named)
            pictures = self._map(_render, [(scene, (HELD_OUT, seed, index)) for index, scene in enumerate(scenes)])
            noisy = np.stack([p.noisy for p in pictures])
            return {"noisy": noisy, "clean": np.stack([p.clean for p in pictures]), "smooth": self.autoencoder.round_trip(noisy)}

        return Renders(**self._kept("renders", (self.made_by, count, seed, structures, sorted(named.items())), make))

    def picture_features(self, pictures):
        """float32 [n, k] of uint8 [n, side, side, 3]."""
        return self._features(picture_features, np.asarray(pictures))

    def field_features(self, fields):
        """float32 [n, k] of [n, side, side]."""
        return self._features(field_features, np.asarray(fields))

    def _features(self, function, pictures):
        key = (self.measured_by, function.__name__, pictures.shape, hashlib.sha256(pictures.tobytes()).hexdigest())
        return self._kept("features", key, lambda: {"found": np.stack(self._map(function, list(pictures)))})["found"]

    def _map(self, function, items):
        if self.pool is None or len(items) < 20:
            return [function(item) for item in items]
        return self.pool.map(function, items, chunksize=8)

    def _kept(self, folder, key, make):
        path = self.cache / folder / f"{_digest(*map(str, key))[:20]}.npz"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_suffix(".part")
            with open(aside, "wb") as out:
                np.savez(out, **make())
            os.replace(aside, path)
        with np.load(path) as kept:
            return {name: kept[name] for name in kept.files}


def _render(job):
    return render(*job)


def _single_thread():
    import torch
    torch.set_num_threads(1)


def _digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
