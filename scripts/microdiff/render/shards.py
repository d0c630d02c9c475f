"""Renders many pictures into shards on disk, so that training reads them instead of waiting for them.

A shard NAME.npz is written whole or not at all: noisy and clean, uint8 [n, h, w, 3], and scenes, one JSON text each.
"""
import argparse
import json
import os
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from .picture import render
from .scene import Scene, Subject, sample_scene

SHARD = 500


def scene_to_json(scene):
    return json.dumps(asdict(scene))


def scene_from_json(text):
    fields = json.loads(text)
    fields["subjects"] = tuple(Subject(**subject) for subject in fields["subjects"])
    return Scene(**fields)


def write_shard(job, sampler=sample_scene):
    """job: (folder, shard number, pixels, seed). Does nothing where the shard is there already. sampler: draws a scene, as `sample_scene` does."""
    folder, number, pixels, seed = job
    path = Path(folder) / f"{number:05d}.npz"
    if path.exists():
        return path
    pictures = []
    for index in range(SHARD):
        key = (seed, number, index)
        pictures.append(render(sampler(np.random.default_rng((*key, 1)), pixels), (*key, 2)))
    aside = path.with_suffix(".part")
    with open(aside, "wb") as out:
        np.savez(out, noisy=np.stack([p.noisy for p in pictures]), clean=np.stack([p.clean for p in pictures]),
                 scenes=np.array([scene_to_json(p.scene) for p in pictures]))
    os.replace(aside, path)
    return path


def write_shards(folder, images, pixels=128, seed=0, workers=1, start=0, sampler=sample_scene):
    """Renders `images` pictures (rounded up to whole shards) of scenes that `sampler` draws, with so many processes."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    jobs = [(str(folder), number, pixels, seed) for number in range(start, -(-images // SHARD))]
    if workers <= 1:
        return [write_shard(job, sampler) for job in jobs]
    with get_context("spawn").Pool(workers) as pool:
        return pool.map(partial(write_shard, sampler=sampler), jobs, chunksize=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--images", type=int, default=20000)
    parser.add_argument("--pixels", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    write_shards(options.folder, options.images, options.pixels, options.seed, options.workers)
