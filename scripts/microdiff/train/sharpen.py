"""Trains the decoder on by itself, so that its pictures are as sharp as noise-free renders.

A decoder that is asked for small errors alone answers with the mean of all pictures that the latents could stand for, and a mean is smoother
than any of them. Here it is also asked for the power spectrum of the noise-free render in small blocks, and for the strength of its finest
detail place by place. Where a render is smooth, these forbid the patterns that a spectrum of a whole picture would let pass. The encoder stays
as it is, so latents, and a denoiser trained on them, stay valid.
"""
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .common import Average, Progress, autocast, device, keep, load_state, log, resume
from .vae import object_weight, quality

STATE = "sharpen.pt"
#: Pixels a side of a block whose spectrum is compared, twice a latent's, and from one block to the next.
BLOCK, STEP = 16, 8
#: Variance in pictures of -1..1 below which nobody sees detail: half a level of 255, squared.
FLOOR = (1 / 255) ** 2
#: How much the differences of spectra and of places count beside the errors.
SPECTRUM, PLACES = 0.12, 0.12


def colours(pictures):
    """[n, 6, h, w]: red, green, blue, and their differences, so that detail has the picture's hue."""
    return torch.cat([pictures, pictures - pictures.roll(1, dims=1)], dim=1)


def spectrum(pictures):
    """[n, 6, BLOCK, BLOCK // 2 + 1]: variance at each frequency, the mean over overlapping blocks of a picture [n, 3, h, w]."""
    blocks = colours(pictures).unfold(2, BLOCK, STEP).unfold(3, BLOCK, STEP)
    window = torch.hann_window(BLOCK, periodic=False, device=pictures.device)
    window = window[:, None] * window[None]
    found = torch.fft.rfft2((blocks - blocks.mean(dim=(-2, -1), keepdim=True)) * window / window.square().sum().sqrt())
    return (found.real ** 2 + found.imag ** 2).mean(dim=(2, 3))


def places(pictures, side=8):
    """[n, 6, h', w']: variance of the finest detail (three pixels) in squares of `side` pixels that overlap by half."""
    fine = colours(pictures)
    fine = fine - F.avg_pool2d(fine, 3, 1, 1, count_include_pad=False)
    return F.avg_pool2d(fine ** 2, side, side // 2)


def difference(first, second):
    """Mean absolute difference of the logarithms of two variances."""
    return (torch.log(first + FLOOR) - torch.log(second + FLOOR)).abs().mean()


def blurred(pictures):
    """Blurred by a binomial of five pixels: detail that lies a little off is not a large error."""
    line = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], device=pictures.device) / 16
    kernel = (line[:, None] * line[None]).expand(3, 1, 5, 5)
    return F.conv2d(F.pad(pictures, (2, 2, 2, 2), mode="reflect"), kernel, groups=3)


def loss_terms(output, clean):
    """Errors of level and hue of the blurred picture and of the picture, weighted towards objects; differences of spectra and of places."""
    weight = object_weight(clean)
    weight = weight / weight.mean()
    errors = [a - b for a, b in ((blurred(output), blurred(clean)), (output, clean))]
    far, near = ((weight * (error.abs() + (error - error.mean(dim=1, keepdim=True)).abs())).mean() for error in errors)
    return far, near, difference(spectrum(output), spectrum(clean)), difference(places(output), places(clean))


def sharpened(folder, vae):
    """The autoencoder, with the decoder that the work folder has for it, if it has one."""
    state = load_state(Path(folder) / STATE)
    if state:
        _decoder(vae).load_state_dict(state["average"])
    return vae


def _decoder(vae):
    return torch.nn.ModuleList([vae.post_quant_conv, vae.decoder])


def train(folder, vae, shards, options):
    """Trains until `options.sharpen_minutes` or `options.sharpen_steps` are used up, and leaves the averaged decoder in `vae`."""
    where, path = device(), Path(folder) / STATE
    vae = vae.to(where).requires_grad_(False)
    decoder = _decoder(vae).requires_grad_(True)
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=options.sharpen_rate, betas=(0.9, 0.98), weight_decay=1e-4)
    average = Average(decoder, 0.998)
    progress = Progress(options.sharpen_steps, options.sharpen_minutes)
    resume(path, decoder, optimiser, average, progress)
    saved, sums = time.monotonic(), []
    while progress.fraction() < 1:
        rng = np.random.default_rng((options.seed, 13, progress.step))
        noisy, clean = (torch.from_numpy(part).to(where) for part in shards.crops(rng, options.sharpen_batch, 64))
        for group in optimiser.param_groups:
            group["lr"] = progress.rate(options.sharpen_rate)
        with autocast():
            with torch.no_grad():
                codes = vae.encode(noisy).latent_dist.mean
            output = vae.decode(codes).sample
        terms = torch.stack(loss_terms(output.float(), clean))
        optimiser.zero_grad(set_to_none=True)
        (terms * terms.new_tensor((1, 1, SPECTRUM, PLACES))).sum().backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        average.update(decoder)
        progress.advance()
        sums.append(terms.tolist())
        if progress.step % options.log_every == 0:
            means = np.mean(sums, axis=0).tolist()
            sums.clear()
            log(folder, "sharpen", step=progress.step, minutes=progress.seconds / 60,
                **dict(zip(("blurred", "sharp", "spectrum", "places"), means)))
        if time.monotonic() - saved > 60 * options.save_minutes or progress.fraction() >= 1:
            keep(path, decoder, optimiser, average, progress)
            saved = time.monotonic()
    decoder.load_state_dict(average.values)
    vae.eval().requires_grad_(False)
    log(folder, "sharpen", step=progress.step, **quality(vae, shards, Path(folder) / "sharpen.png"))
