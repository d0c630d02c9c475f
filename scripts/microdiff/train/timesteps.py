"""Noise levels: which of them training draws, and how a UNet that learned one schedule is told of another's."""
import numpy as np
import torch
from scipy.stats import norm

#: Of the logarithm of noise over signal, that half of the training draws.
MEAN, DEVIATION = 0.3, 1.1


def log_noise(alphas):
    """float64 [1000]: the logarithm of noise over signal at each timestep; rises."""
    alphas = np.asarray(torch.as_tensor(alphas).cpu(), dtype=np.float64)
    return 0.5 * np.log((1 - alphas) / alphas)


def drawn(rng, count, alphas):
    """int64 [count] training timesteps, in no order that matters; alphas: the schedule's alphas_cumprod.

    Half are even over the schedule, which dwells on high noise, where colour, brightness and how much there is are decided; half are
    log-normal about the levels where shapes are (Karras and others, 2022). Both are stratified: the same variance with fewer pictures.
    """
    levels = log_noise(alphas)
    places = (np.arange(count) + rng.random(count)) / count
    even = places[::2]
    shaped = norm.ppf(places[1::2], MEAN, DEVIATION)
    return np.concatenate([(even * len(levels)).astype(np.int64),
                           np.abs(levels[None, :] - shaped[:, None]).argmin(axis=1)])


def move(unet, before, after, steps=4000, rate=3e-3):
    """Teaches `unet`, which knows the timesteps of `before`, those of `after` (alphas_cumprod both): at every new timestep its
    embedding becomes the one that it had for the same noise level. Nothing else in it changes. Returns the largest relative error."""
    old, new = log_noise(before), log_noise(after)
    embedding = unet.time_embedding
    where = next(embedding.parameters()).device
    same = torch.from_numpy(np.interp(new, old, np.arange(len(old)))).float().to(where)
    now = torch.arange(len(new), dtype=torch.float32, device=where)
    with torch.no_grad():
        wanted = embedding(unet.time_proj(same))
        seen = unet.time_proj(now)
    parameters = [p.requires_grad_(True) for p in embedding.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=rate)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * 0.5 * (1 + np.cos(np.pi * step / steps))
        ((embedding(seen) - wanted) ** 2).mean().backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    with torch.no_grad():
        error = (embedding(seen) - wanted).norm(dim=1) / wanted.norm(dim=1)
    return float(error.max())
