"""Reads the rendered shards."""
from pathlib import Path

import numpy as np

from scripts.microdiff.render.shards import scene_from_json


class Shards:
    """A folder of shards that may still be growing; holds them in memory as uint8.

    shares: how often a picture of an origin is drawn beside others, {origin: weight}; an origin that is not named has weight one.
    """

    def __init__(self, folder, shares=None):
        self.folder, self.shares = Path(folder), shares or {}
        self.noisy, self.clean = [], []
        self.names, self.weights = [], np.zeros(0)
        self.refresh()

    def refresh(self):
        """Takes in shards that were written since the last call."""
        for path in sorted(self.folder.glob("*.npz")):
            if path.name in self.names:
                continue
            with np.load(path) as shard:
                self.noisy.append(shard["noisy"])
                self.clean.append(shard["clean"])
                origins = [scene_from_json(scene).origin for scene in shard["scenes"]] if self.shares else [""] * len(shard["noisy"])
                self.weights = np.append(self.weights, [self.shares.get(origin, 1.0) for origin in origins])
            self.names.append(path.name)

    def __len__(self):
        return sum(len(part) for part in self.noisy)

    def pair(self, index):
        """(noisy, clean) uint8 [h, w, 3] of one picture."""
        shard, row = divmod(index, len(self.noisy[0]))
        return self.noisy[shard][row], self.clean[shard][row]

    def _drawn(self, rng):
        """The number of a picture, by the shares."""
        if not self.shares:
            return int(rng.integers(len(self)))
        reached = np.cumsum(self.weights)
        return int(np.searchsorted(reached, rng.random() * reached[-1], side="right"))

    def crops(self, rng, count, side, swap_hues=True):
        """(noisy, clean) float32 [count, 3, side, side] in -1..1: random crops, turned, flipped and (half of them) hue-swapped."""
        noisy, clean = (np.empty((count, side, side, 3), np.uint8) for _ in range(2))
        for row in range(count):
            pair = self.pair(self._drawn(rng))
            top, left = rng.integers(0, pair[0].shape[0] - side + 1), rng.integers(0, pair[0].shape[1] - side + 1)
            turns, flip = int(rng.integers(4)), rng.random() < 0.5
            hues = rng.permutation(3) if swap_hues and rng.random() < 0.5 else np.arange(3)
            for target, source in zip((noisy, clean), pair):
                cut = np.rot90(source[top:top + side, left:left + side], turns)
                target[row] = (cut[:, ::-1] if flip else cut)[..., hues]
        return to_signed(noisy), to_signed(clean)


def to_signed(pictures):
    """uint8 [n, h, w, 3] to float32 [n, 3, h, w] in -1..1."""
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)).astype(np.float32) / 127.5 - 1


def to_bytes(pictures):
    """float [n, 3, h, w] in -1..1 to uint8 [n, h, w, 3]."""
    return ((np.clip(pictures, -1, 1) + 1) * 127.5 + 0.5).astype(np.uint8).transpose(0, 2, 3, 1)
