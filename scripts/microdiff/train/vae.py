"""Trains the autoencoder: noisy renders in, noise-free renders out, weighted towards objects and their hue."""
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL

from .common import Average, Progress, autocast, device, keep, log, resume, save_grid
from .data import to_bytes, to_signed
from .vae_start import start_with_colour

LATENT_CHANNELS = 8


def build(widths=(16, 16, 32, 64)):
    """An 8x AutoencoderKL with few channels where the picture is large; no attention, so any size works."""
    vae = AutoencoderKL(block_out_channels=widths, latent_channels=LATENT_CHANNELS, layers_per_block=1,
                        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
                        norm_num_groups=2, mid_block_add_attention=False, sample_size=128, scaling_factor=1.0)
    start_with_colour(vae)
    return vae


def object_weight(clean, strength=6.0):
    """[n, 1, h, w]: 1 on the background, more where a picture differs from its median colour."""
    ground = clean.flatten(2).median(dim=2).values[..., None, None]
    contrast = (clean - ground).abs().amax(dim=1, keepdim=True)
    return 1 + strength * (contrast / 0.6).clamp(max=1)


def loss_terms(output, clean, posterior):
    """Weighted errors of level, hue and slope, and the divergence of the latents from a normal distribution."""
    weight = object_weight(clean)
    weight = weight / weight.mean()
    error = output - clean
    level = (weight * (error.abs() + 2 * error ** 2)).mean()
    hue = (weight * (error - error.mean(dim=1, keepdim=True)).abs()).mean()
    slope = (error.diff(dim=2).abs() * weight[:, :, 1:]).mean() + (error.diff(dim=3).abs() * weight[..., 1:]).mean()
    divergence = posterior.kl().mean() / posterior.mean[0].numel()
    return level, hue, slope, divergence


def train(folder, shards, options):
    """Trains until `options.vae_minutes` or `options.vae_steps` are used up; returns the averaged model."""
    torch.manual_seed(options.seed)
    where = device()
    vae = build(options.vae_widths).to(where)
    optimiser = torch.optim.AdamW(vae.parameters(), lr=options.vae_rate, betas=(0.9, 0.98), weight_decay=1e-4)
    average = Average(vae, 0.998)
    progress = Progress(options.vae_steps, options.vae_minutes)
    path = Path(folder) / "vae.pt"
    resume(path, vae, optimiser, average, progress)
    saved = time.monotonic()
    sums = []
    while progress.fraction() < 1:
        # Small crops buy steps, which early training needs most; whole pictures at the end set the statistics right.
        side, count = (64, options.vae_batch * 4) if progress.fraction() < 0.75 else (128, options.vae_batch)
        rng = np.random.default_rng((options.seed, 11, progress.step))
        noisy, clean = (torch.from_numpy(part).to(where) for part in shards.crops(rng, count, side))
        for group in optimiser.param_groups:
            group["lr"] = progress.rate(options.vae_rate)
        with autocast():
            posterior = vae.encode(noisy).latent_dist
            output = vae.decode(posterior.sample()).sample
        level, hue, slope, divergence = loss_terms(output.float(), clean, posterior)
        optimiser.zero_grad(set_to_none=True)
        (level + hue + slope + options.vae_divergence * divergence).backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimiser.step()
        average.update(vae)
        progress.advance()
        sums.append([level.item(), hue.item(), slope.item(), divergence.item()])
        if progress.step % options.log_every == 0:
            means = np.mean(sums, axis=0).tolist()
            sums.clear()
            log(folder, "vae", step=progress.step, minutes=progress.seconds / 60, level=means[0], hue=means[1],
                slope=means[2], divergence=means[3])
            shards.refresh()
        if time.monotonic() - saved > 60 * options.save_minutes or progress.fraction() >= 1:
            keep(path, vae, optimiser, average, progress)
            check = averaged(options, average.values).to(where)
            log(folder, "vae", step=progress.step, **quality(check, shards, Path(folder) / "vae.png"))
            saved = time.monotonic()
    return averaged(options, average.values)


def averaged(options, values):
    vae = build(options.vae_widths)
    vae.load_state_dict({name: value.cpu() for name, value in values.items()})
    return vae.eval()


@torch.no_grad()
def quality(vae, shards, grid=None, count=32):
    """PSNR against the noise-free render, over the whole picture and over object pixels, for the first pictures."""
    where = next(vae.parameters()).device
    noisy, clean = (np.stack(part) for part in zip(*(shards.pair(i) for i in range(count))))
    output = vae.decode(vae.encode(torch.from_numpy(to_signed(noisy)).to(where)).latent_dist.mode()).sample
    result = torch.from_numpy(to_bytes(output.float().cpu().numpy())).float()
    target = torch.from_numpy(clean.copy()).float()
    error = (result - target) ** 2
    chosen = (object_weight(torch.from_numpy(to_signed(clean)))[:, 0] > 2.5)[..., None].expand_as(error)
    if grid:
        rows = np.concatenate([np.concatenate([noisy[i:i + 8], clean[i:i + 8], result.numpy().astype(np.uint8)[i:i + 8]])
                               for i in range(0, count, 8)])
        save_grid(grid, rows, 8)
    return {"psnr": float(10 * torch.log10(255 ** 2 / error.mean())),
            "psnr_objects": float(10 * torch.log10(255 ** 2 / error[chosen].mean()))}
