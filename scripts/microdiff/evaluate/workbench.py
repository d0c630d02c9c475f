"""What all rows share: the drawer, the autoencoder, and renders, features and probes that are computed once and kept on the disk."""
import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import scripts.microdiff.render as renderer
from scripts.microdiff.render import render

from . import features as feature_module
from . import probe as probe_module
from . import renders as render_module
from .autoencoder import BATCH, Autoencoder
from .features import field_features, picture_features
from .probe import Probe
from .renders import HELD_OUT, scenes_like


@dataclass(frozen=True)
class Renders:
    """uint8 [n, side, side, 3]: as a camera sees them; without noise; and the noisy ones after the autoencoder's round trip."""
    noisy: np.ndarray
    clean: np.ndarray
    smooth: np.ndarray


class Workbench:
    """Renders are kept under a digest of the renderer's sources, round trips also under the autoencoder's, features under their pictures'.

    count: pictures that the model draws for a row; ceiling: held-out renders beside them; real: the folder of the sets of real images;
    real_images: of each set at most so many are redrawn; pool: another workbench's, to share.
    """

    def __init__(self, model, cache, drawer, count=200, ceiling=200, workers=2, training=None, real=None, real_images=None,
                 pool=None):
        self.model, self.cache, self.drawer, self.training = Path(model), Path(cache), drawer, training
        self.real, self.real_images = real, real_images
        self.count, self.ceiling = count, ceiling
        self.autoencoder = Autoencoder(model)
        folder = Path(renderer.__file__).parent
        self.made_by = _digest(*(p.read_text() for p in sorted(folder.glob("*.py"))), Path(render_module.__file__).read_text())
        self.measured_by, self.learned_by = (_digest(Path(module.__file__).read_text()) for module in (feature_module, probe_module))
        self.pool = pool or (get_context("spawn").Pool(workers, _single_thread) if workers > 1 else None)

    def renders(self, count, seed, structures, **named):
        """Held-out renders for a prompt that names what `named` says."""
        key = (self.made_by, count, seed, structures, sorted(named.items()))

        def make():
            scenes = scenes_like(count, seed, structures, **named)
            pictures = self._map(_render, [(scene, (HELD_OUT, seed, index)) for index, scene in enumerate(scenes)])
            return {"noisy": np.stack([p.noisy for p in pictures]), "clean": np.stack([p.clean for p in pictures])}

        found = self.kept("renders", key, make)
        smooth = self.kept("smooth", (self.autoencoder.version, *key), lambda: {"smooth": self._round_trip(found["noisy"])})
        return Renders(**found, **smooth)

    def _round_trip(self, pictures):
        if self.pool is None:
            return self.autoencoder.round_trip(pictures)
        return np.concatenate(self.pool.map(_round_trip, [(self.model, pictures[i:i + BATCH]) for i in range(0, len(pictures), BATCH)]))

    def picture_features(self, pictures):
        """float32 [n, k] of uint8 [n, side, side, 3]."""
        return self._features(picture_features, np.asarray(pictures))

    def field_features(self, fields):
        """float32 [n, k] of [n, side, side]."""
        return self._features(field_features, np.asarray(fields))

    def _features(self, function, pictures):
        key = (self.measured_by, function.__name__, pictures.shape, hashlib.sha256(pictures.tobytes()).hexdigest())
        return self.kept("features", key, lambda: {"found": np.stack(self._map(function, list(pictures)))})["found"]

    def probe(self, features, labels, groups):
        """A probe trained on float32 [n, k]; see Probe.fit."""
        key = (self.learned_by, hashlib.sha256(features.tobytes()).hexdigest(), labels, groups)
        return Probe(**self.kept("probes", key, lambda: Probe.fit(features, labels, groups)))

    def _map(self, function, items):
        if self.pool is None or len(items) < 20:
            return [function(item) for item in items]
        return self.pool.map(function, items, chunksize=4)

    def kept(self, folder, key, make):
        """The arrays by name that make() returns, from the disk where they are there already."""
        path = self.cache / folder / f"{_digest(*map(str, key))[:20]}.npz"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Other evaluations may share the cache.
            aside = path.with_suffix(f".{os.getpid()}.part")
            with open(aside, "wb") as out:
                np.savez(out, **make())
            os.replace(aside, path)
        with np.load(path) as kept:
            return {name: kept[name] for name in kept.files}


def _render(job):
    return render(*job)


def _round_trip(job):
    model, pictures = job
    return _autoencoder(model).round_trip(pictures)


_autoencoder = lru_cache(maxsize=1)(Autoencoder)


def _single_thread():
    import torch
    torch.set_num_threads(1)


def _digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
