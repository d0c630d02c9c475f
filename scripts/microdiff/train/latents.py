"""Encodes renders once with the trained autoencoder: every epoch of the denoiser then reads small arrays."""
import hashlib
import os
from pathlib import Path

import numpy as np
import torch

from .data import to_signed


@torch.no_grad()
def encode_all(folder, renders, vae, device, batch=50, limit=10 ** 9):
    """[n, c, h, w] float32 latent means and the scenes of at most `limit` pictures in the folder `renders`.

    Cached shard by shard in `folder`; a shard's pictures are read only where its latents are not there yet.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    vae = vae.to(device, memory_format=torch.channels_last)
    parts, scenes = [], []
    for shard in sorted(Path(renders).glob("*.npz")):
        if len(scenes) >= limit:
            break
        path = folder / shard.name.replace(".npz", ".npy")
        with np.load(shard) as pictures:
            scenes += pictures["scenes"].tolist()
            noisy = None if path.exists() else pictures["noisy"]
        if noisy is not None:
            means = [vae.encode(torch.from_numpy(to_signed(noisy[i:i + batch])).to(device, memory_format=torch.channels_last)).latent_dist.mean.cpu()
                     for i in range(0, len(noisy), batch)]
            with open(path.with_suffix(".part"), "wb") as out:
                np.save(out, torch.cat(means).numpy().astype(np.float16))
            os.replace(path.with_suffix(".part"), path)
        parts.append(np.load(path))
    if not parts:
        raise SystemExit(f"train: {renders} has no shards; run the stage render first.")
    return np.concatenate(parts), scenes


def digest(vae):
    """Eight hexadecimal digits of the encoder's weights: latents of another one are in other units."""
    total = hashlib.sha256()
    for value in (*vae.encoder.state_dict().values(), *vae.quant_conv.state_dict().values()):
        total.update(value.cpu().numpy().tobytes())
    return total.hexdigest()[:8]


def statistics(latents):
    """(mean, standard deviation) of each latent channel."""
    flat = latents.astype(np.float32)
    return flat.mean(axis=(0, 2, 3)), flat.std(axis=(0, 2, 3))


@torch.no_grad()
def units(vae, latents, step=0.3, count=48):
    """What each channel is divided by before noise is added, so that noise hides details first and layout last.

    With every channel at unit variance, as is usual, noise of one strength hides a picture's block means and its finest lines
    at once, and the denoiser must draw both at once. In pixels, what matters more to the eye is larger and drawn first. Here a
    channel's spread lies half-way between the two (the geometric mean): one, and what noise on it does to the decoded pixels.
    The mean square over all channels is one.
    """
    _, deviation = statistics(latents)
    codes = torch.from_numpy(latents[np.linspace(0, len(latents) - 1, count).astype(int)].astype(np.float32))
    plain = vae.decode(codes).sample
    generator = torch.Generator().manual_seed(0)
    effect = []
    for channel, spread in enumerate(deviation):
        noisy = codes.clone()
        noisy[:, channel] += step * float(spread) * torch.randn(codes[:, channel].shape, generator=generator)
        effect.append(float((vae.decode(noisy).sample - plain).square().mean().sqrt()))
    share = np.sqrt(np.array(effect, np.float32))
    return (deviation / share * np.sqrt(np.mean(share ** 2))).astype(np.float32)
