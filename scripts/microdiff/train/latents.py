"""Encodes renders once with the trained autoencoder: every epoch of the denoiser then reads small arrays."""
import os
from pathlib import Path

import numpy as np
import torch

from .data import to_signed


@torch.no_grad()
def encode_all(folder, shards, vae, device, batch=50):
    """[n, c, h, w] float32 latent means and the scenes, in shard order; cached shard by shard in `folder`."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    vae = vae.to(device)
    parts = []
    for name, noisy in zip(shards.names, shards.noisy):
        path = folder / name.replace(".npz", ".npy")
        if not path.exists():
            means = [vae.encode(torch.from_numpy(to_signed(noisy[i:i + batch])).to(device)).latent_dist.mean.cpu()
                     for i in range(0, len(noisy), batch)]
            with open(path.with_suffix(".part"), "wb") as out:
                np.save(out, torch.cat(means).numpy().astype(np.float16))
            os.replace(path.with_suffix(".part"), path)
        parts.append(np.load(path))
    return np.concatenate(parts), list(shards.scenes)


def statistics(latents):
    """(mean, standard deviation) of each latent channel."""
    flat = latents.astype(np.float32)
    return flat.mean(axis=(0, 2, 3)), flat.std(axis=(0, 2, 3))
