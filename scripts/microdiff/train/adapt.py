"""Trains the encoder and the decoder of a trained autoencoder on, on renders and on real images, close to the old latents.

Half of a batch is renders: noisy ones in, noise-free ones out, with the losses that keep pictures sharp, and the latents are held to those of
the autoencoder it began with, so that a UNet that knows these need only follow. The other half is real crops, which are their own target
(nobody knows them without noise), judged by the logarithm of their squared error: that is PSNR. No spectrum is asked of them, since
a decoder that is asked for noise draws a pattern (the diary, fifth round).
"""
import copy
import time
from pathlib import Path

import numpy as np
import torch

from . import real, sharpen
from .common import Average, Progress, device, keep, load_state, log, resume
from .data import to_signed
from .vae import quality

STATE = "adapt.pt"
#: Weights of what is asked beside the errors on renders: PSNR on real crops, and the old latents of renders and of real crops.
REAL, HELD, HELD_REAL = 1.0, 0.5, 0.02
#: Mean square error (pictures of -1..1) below which a crop counts no more: 53 dB, since most of a picture of few objects is dark ground.
FLOOR = 2e-5
#: How often a crop of a set is drawn beside others: texture that needs most of what latents hold comes oftenest.
SHARES = {"yeast_phase_yeastvision": 4.0}
#: Noise on latents, as a share of a channel's spread, that the decoder is to bear.
LATENT_NOISE = 0.005


def adapted(folder, vae):
    """The autoencoder, with the weights that this stage left in the work folder, if it was run."""
    state = load_state(Path(folder) / STATE)
    if state:
        vae.load_state_dict(state["average"])
    return vae


def loss_terms(vae, before, spread, noisy, clean, crops, generator=None):
    """[4]: errors on renders (with spectrum and places), log of the real crops' errors, and drift of latents on renders and real crops.

    spread: [c] standard deviation of the old latents, the unit of drift.
    """
    count = len(noisy)
    moments = vae.quant_conv(vae.encoder(torch.cat([noisy, crops])))
    mean, variance = moments.chunk(2, dim=1)
    with torch.no_grad():
        old, old_variance = before.quant_conv(before.encoder(torch.cat([noisy, crops]))).chunk(2, dim=1)
    drift = ((mean - old) / spread[:, None, None]).square().mean(dim=(1, 2, 3))
    wobble = LATENT_NOISE * spread[:, None, None] * torch.randn(mean.shape, generator=generator).to(mean.device)
    output = vae.decode(mean + wobble).sample
    far, near, spectra, places = sharpen.loss_terms(output[:count], clean)
    errors = (output[count:] - crops).square().mean(dim=(1, 2, 3))
    held = drift[:count].mean() + 0.01 * (variance - old_variance).square().mean()
    return torch.stack([far + near + sharpen.SPECTRUM * spectra + sharpen.PLACES * places, torch.log10(errors + FLOOR).mean(),
                        held, drift[count:].mean()])


def train(folder, vae, renders, crops, options):
    """Trains until `options.adapt_minutes` or `options.adapt_steps` are used up; returns the averaged autoencoder.

    With `options.adapt_decoder` the encoder stays as it is, so that latents, and a denoiser trained on them, stay valid.
    renders, crops: Shards; a batch has as many pixels of each as `options.adapt_batch` crops of 64 pixels a side. Crops take the sides
    `options.adapt_sides` in turn: small ones buy steps, but norms that saw only these give other latents for whole images.
    """
    torch.manual_seed(options.seed)
    where, path = device(), Path(folder) / STATE
    before = copy.deepcopy(vae).to(where).eval().requires_grad_(False)
    vae = vae.to(where).requires_grad_(True)
    if options.adapt_decoder:
        vae.encoder.requires_grad_(False)
        vae.quant_conv.requires_grad_(False)
    for module in (before, vae):
        module.to(memory_format=torch.channels_last)
    spread = _spread(before, renders, where)
    optimiser = torch.optim.AdamW([p for p in vae.parameters() if p.requires_grad], lr=options.adapt_rate, betas=(0.9, 0.98), weight_decay=1e-4)
    average = Average(vae, 0.997)
    progress = Progress(options.adapt_steps, options.adapt_minutes)
    if not resume(path, vae, optimiser, average, progress):
        log(folder, "adapt", step=0, **measured(vae, renders, options.real))
    saved, sums = time.monotonic(), []
    while progress.fraction() < 1:
        rng = np.random.default_rng((options.seed, 17, progress.step))
        side = options.adapt_sides[progress.step % len(options.adapt_sides)]
        count = max(1, round(options.adapt_batch * (64 / side) ** 2))
        noisy, clean = (torch.from_numpy(part).to(where) for part in renders.crops(rng, count, side))
        photographs = torch.from_numpy(crops.crops(rng, count, side, swap_hues=False)[0]).to(where)
        for group in optimiser.param_groups:
            group["lr"] = progress.rate(options.adapt_rate)
        terms = loss_terms(vae, before, spread, *(part.to(memory_format=torch.channels_last) for part in (noisy, clean, photographs)))
        optimiser.zero_grad(set_to_none=True)
        (terms * terms.new_tensor((1, REAL, HELD, HELD_REAL))).sum().backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimiser.step()
        average.update(vae)
        progress.advance()
        sums.append(terms.tolist())
        if progress.step % options.log_every == 0:
            means = np.mean(sums, axis=0).tolist()
            sums.clear()
            log(folder, "adapt", step=progress.step, minutes=progress.seconds / 60, **dict(zip(("renders", "real", "held", "held_real"), means)))
            renders.refresh()
            crops.refresh()
        if time.monotonic() - saved > 60 * options.save_minutes or progress.fraction() >= 1:
            keep(path, vae, optimiser, average, progress)
            check = copy.deepcopy(vae)
            check.load_state_dict(average.values)
            log(folder, "adapt", step=progress.step, **measured(check, renders, options.real, Path(folder) / "adapt.png"))
            saved = time.monotonic()
    vae.load_state_dict(average.values)
    return vae.eval().requires_grad_(False).to(memory_format=torch.contiguous_format)


@torch.no_grad()
def _spread(vae, renders, where, count=64):
    pictures = np.stack([renders.pair(i)[0] for i in range(min(count, len(renders)))])
    return vae.encode(torch.from_numpy(to_signed(pictures)).to(where)).latent_dist.mean.std(dim=(0, 2, 3))


@torch.no_grad()
def measured(vae, renders, folder, grid=None):
    """PSNR on renders, and on the images of each real set that are kept from training."""
    result = quality(vae, renders, grid)
    for name, pictures in real.validation(folder).items():
        result[name.split("_")[0] + "_" + name.split("_")[1]] = float(np.mean([psnr(vae, picture) for picture in pictures]))
    return result


@torch.no_grad()
def psnr(vae, picture):
    """dB between a picture [h, w, 3] of 0..1 and itself after a round trip, as bytes."""
    where = next(vae.parameters()).device
    source = to_signed((picture * 255 + 0.5).astype(np.uint8)[None])
    output = vae.decode(vae.encode(torch.from_numpy(source).to(where)).latent_dist.mean).sample.cpu().numpy()
    return float(10 * np.log10(4 / np.mean((np.clip(output, -1, 1) - source) ** 2)))
