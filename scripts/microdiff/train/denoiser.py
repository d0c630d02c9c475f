"""Trains the text encoder and the UNet together on latents: v-prediction with classifier-free guidance."""
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel

from scripts.microdiff.render import caption
from scripts.microdiff.render.shards import scene_from_json

from . import emphasis, text, timesteps, warmup
from .common import Average, Progress, autocast, device, keep, log, resume, save_grid
from .data import to_bytes
from .optimiser import Both

PROMPTS = ("sparse bright blue nuclei", "dense small green nuclei", "green actin filaments and blue nuclei",
           "red mitochondria and blue nuclei", "cyan microtubules", "red vesicles and green nuclei", "large red cell membranes",
           "dic image of rod bacteria", "green rod bacteria, phase contrast", "yeast, phase contrast",
           "brightfield histology of nuclei", "electron micrograph of mitochondria", "dim green neurons",
           "rod bacteria", "red vesicles and blue nuclei", "electron micrograph of vesicles", "fluorescence image of nuclei",
           "densely packed nuclei", "a few scattered nuclei", "dic image of yeast", "hela cells stained with dapi and phalloidin",
           "phase contrast image of yeast, parliament", "h&e-stained tissue with nuclei", "large nuclei")


def build(widths, channels, attentive=1):
    """Convolutions alone where latents are largest; attention to the text on the last `attentive` of the three levels.

    The pooled text also joins the timestep's embedding (addition_embed_type "text", which needs no further input) and scales
    every level's features: colour and modality hold for the whole picture, and are learned sooner so than by attention alone.
    Few norm groups, since a group of two or three channels forgets how strong one channel is beside another: that is hue.
    """
    attends = [level >= len(widths) - attentive for level in range(len(widths))]
    return UNet2DConditionModel(
        sample_size=16, in_channels=channels, out_channels=channels, block_out_channels=widths, layers_per_block=1,
        down_block_types=tuple("CrossAttnDownBlock2D" if a else "DownBlock2D" for a in attends),
        up_block_types=tuple("CrossAttnUpBlock2D" if a else "UpBlock2D" for a in reversed(attends)),
        cross_attention_dim=128, attention_head_dim=4, norm_num_groups=4, resnet_time_scale_shift="scale_shift",
        addition_embed_type="text", addition_embed_type_num_heads=4)


def shape(unet):
    """(widths, attentive): what `build` made this UNet of."""
    return unet.config.block_out_channels, sum(name.startswith("CrossAttn") for name in unet.config.down_block_types)


def scheduler():
    """DPM++ 2M on a scaled linear schedule whose last step leaves 1/193 of the picture.

    What holds for the whole picture (colour, brightness, how much there is) is decided while noise is 10 to 100 times the signal, since
    256 latents together show what one cannot. Three of this schedule's 15 even steps lie there, and none of a cosine schedule's, which
    steps from 160 times to 9 times (`evaluate --parts steps` compares few steps with many).
    """
    return DPMSolverMultistepScheduler(beta_schedule="scaled_linear", beta_start=5e-5, beta_end=0.03, prediction_type="v_prediction",
                                       timestep_spacing="trailing", algorithm_type="dpmsolver++", solver_order=2, steps_offset=1)


def grow(unet, start):
    """Copies a trained UNet into one that attends to the text on more levels; the new attention adds nothing at first."""
    missing, unexpected = unet.load_state_dict(start.state_dict(), strict=False)
    if unexpected or not all(".attentions." in name for name in missing):
        raise SystemExit(f"train: the UNet to go on from has other parts: {', '.join([*unexpected, *missing][:4])}.")
    for name in missing:
        if ".proj_out." in name:
            torch.nn.init.zeros_(unet.get_parameter(name))


class Pair(torch.nn.Module):
    """The two networks that learn together."""

    def __init__(self, encoder, unet):
        super().__init__()
        self.encoder, self.unet = encoder, unet

    def forward(self, ids, latents, timesteps):
        return self.unet(latents, timesteps, self.encoder(ids).last_hidden_state).sample


def train(folder, sets, vae, centre, unit, options, start=None):
    """Trains until the minutes or steps are used up; returns (text encoder, UNet, tokenizer), averaged.

    sets: (latents [n, c, h, w] float32, their scenes, how many of these at the end are `emphasis.hard_scene`s) for each size of picture, the
    model's own size first; every `options.large_every`-th step takes another. centre, unit: [c] what latents are shifted and divided by.
    start: (text encoder, UNet, alphas_cumprod) of the same widths to go on from, else both begin anew.
    """
    where, folder = device(), Path(folder)
    torch.manual_seed(options.seed)
    tokenizer = text.train_tokenizer(folder / "tokenizer", options.seed)
    sets = [(_centred(latents, centre, unit), [scene_from_json(scene) for scene in scenes], hard) for latents, scenes, hard in sets]
    sets = [(latents, scenes, emphasis.shares(scenes, hard)) for latents, scenes, hard in sets]
    channels = len(centre)
    pair = Pair(text.build(tokenizer), build(options.unet_widths, channels, options.unet_attentive)).to(where)
    pair = pair.to(memory_format=torch.channels_last)
    optimiser = Both(pair.unet, pair.encoder, options.unet_rate, text_share=options.text_rate_share)
    average = Average(pair, options.unet_decay)
    progress = Progress(options.unet_steps, options.unet_minutes)
    path = folder / "denoiser.pt"
    if not resume(path, pair, optimiser, average, progress):
        if start:
            pair.encoder.load_state_dict(start[0].state_dict())
            grow(pair.unet, start[1])
            if not torch.allclose(start[2], scheduler().alphas_cumprod):
                error = timesteps.move(pair.unet, start[2], scheduler().alphas_cumprod)
                log(folder, "denoiser", timesteps_moved=error)
        else:
            log(folder, "denoiser", text_warm_up=warmup.warm_up(pair.encoder, tokenizer, where, options.seed))
        average = Average(pair, options.unet_decay)
        log(folder, "denoiser", text_parameters=count(pair.encoder), unet_parameters=count(pair.unet),
            latents=[len(latents) for latents, _, _ in sets], vocabulary=len(tokenizer))
    alphas = scheduler().alphas_cumprod.to(where)
    saved, pictured, losses = time.monotonic(), time.monotonic(), []
    while progress.fraction() < 1:
        rng = np.random.default_rng((options.seed, 31, progress.step))
        large = len(sets) > 1 and progress.step % options.large_every == options.large_every - 1
        loss = loss_of(pair, tokenizer, sets[1 if large else 0], sets[0][0].shape[-1], alphas, rng, options.unet_batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(pair.parameters(), 1.0)
        optimiser.step(progress.rate(options.unet_rate))
        average.update(pair)
        progress.advance()
        if not large:
            losses.append(loss.item())
        if progress.step % options.log_every == 0 and losses:
            log(folder, "denoiser", step=progress.step, minutes=progress.seconds / 60, loss=float(np.mean(losses)))
            losses.clear()
        done = progress.fraction() >= 1
        if done or time.monotonic() - saved > 60 * options.save_minutes:
            keep(path, pair, optimiser, average, progress)
            saved = time.monotonic()
        if done or time.monotonic() - pictured > 60 * options.grid_minutes:
            encoder, unet = averaged(options, tokenizer, average.values, channels)
            pictures = sample(encoder.to(where), unet.to(where), tokenizer, vae.to(where), centre, unit, PROMPTS)
            save_grid(folder / "samples.png", pictures, 8)
            pictured = time.monotonic()
    return (*averaged(options, tokenizer, average.values, channels), tokenizer)


def _centred(latents, centre, unit):
    return (torch.from_numpy(latents.astype(np.float32)) - _column(centre)) / _column(unit)


def _column(values):
    return torch.as_tensor(values, dtype=torch.float32)[None, :, None, None]


def loss_of(pair, tokenizer, data, side, alphas, rng, batch):
    """Mean squared error of the predicted velocity on a random batch; larger latents come in proportionally smaller batches."""
    latents, scenes, shares = data
    where = alphas.device
    chosen = rng.choice(len(latents), size=max(1, batch * side ** 2 // latents.shape[-1] ** 2), p=shares)
    texts = ["" if rng.random() < 0.1 else text.disturbed(caption(scenes[i], rng), rng) for i in chosen]
    clean = latents[chosen].to(where).to(memory_format=torch.channels_last)
    noise = torch.from_numpy(rng.standard_normal(clean.shape, dtype=np.float32)).to(where)
    steps = torch.from_numpy(timesteps.drawn(rng, len(chosen), alphas)).to(where)
    signal = alphas[steps].sqrt()[:, None, None, None]
    spread = (1 - alphas[steps]).sqrt()[:, None, None, None]
    with autocast():
        output = pair(text.encode(tokenizer, texts).to(where), signal * clean + spread * noise, steps)
    return (output.float() - (signal * noise - spread * clean)).square().mean()


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def averaged(options, tokenizer, values, channels):
    pair = Pair(text.build(tokenizer), build(options.unet_widths, channels, options.unet_attentive))
    pair.load_state_dict({name: value.cpu() for name, value in values.items()})
    pair.eval()
    return pair.encoder, pair.unet


@torch.no_grad()
def sample(encoder, unet, tokenizer, vae, centre, unit, prompts, guidance=2.0, steps=15, seed=0, side=16):
    """uint8 [n, h, w, 3] drawn in PyTorch, to look at while training."""
    where = next(unet.parameters()).device
    plan = scheduler()
    plan.set_timesteps(steps)
    words = encoder(text.encode(tokenizer, ["" for _ in prompts] + list(prompts)).to(where)).last_hidden_state
    noise = torch.Generator().manual_seed(seed)
    latents = torch.randn((len(prompts), unet.config.in_channels, side, side), generator=noise).to(where)
    for step in plan.timesteps:
        free, told = unet(torch.cat([latents, latents]), step.to(where), words).sample.chunk(2)
        latents = plan.step(free + guidance * (told - free), step, latents).prev_sample
    pictures = vae.decode(latents * _column(unit).to(where) + _column(centre).to(where)).sample
    return to_bytes(pictures.float().cpu().numpy())
