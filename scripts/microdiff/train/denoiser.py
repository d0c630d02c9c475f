"""Trains the text encoder and the UNet together on latents: v-prediction with classifier-free guidance."""
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel

from scripts.microdiff.render import caption
from scripts.microdiff.render.shards import scene_from_json

from . import text, warmup
from .common import Average, Progress, autocast, device, load_state, log, save_grid, save_state
from .data import to_bytes
from .latents import statistics

PROMPTS = ("sparse bright blue nuclei", "dense small green nuclei", "green actin filaments and blue nuclei",
           "aligned red actin filaments", "cyan microtubules", "magenta mitochondria, sharp", "large red cell membranes",
           "dense grey vesicles", "green rod bacteria, phase contrast", "yeast, phase contrast",
           "brightfield histology of nuclei", "electron micrograph of mitochondria", "dim green neurons",
           "dense bright yeast", "red vesicles and blue nuclei", "electron micrograph of vesicles")


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


def scheduler():
    """DPM++ 2M; the cosine schedule's last steps, where next to nothing is left of the picture, are clipped."""
    return DPMSolverMultistepScheduler(beta_schedule="squaredcos_cap_v2", prediction_type="v_prediction",
                                       timestep_spacing="trailing", algorithm_type="dpmsolver++", solver_order=2,
                                       steps_offset=1, lambda_min_clipped=-5.1)


class Pair(torch.nn.Module):
    """The two networks that learn together."""

    def __init__(self, encoder, unet):
        super().__init__()
        self.encoder, self.unet = encoder, unet

    def forward(self, ids, latents, timesteps):
        return self.unet(latents, timesteps, self.encoder(ids).last_hidden_state).sample


def train(folder, latents, scenes, vae, options):
    """Trains until the minutes or steps are used up; returns (text encoder, UNet, tokenizer), averaged."""
    where, folder = device(), Path(folder)
    torch.manual_seed(options.seed)
    tokenizer = text.train_tokenizer(folder / "tokenizer", options.seed)
    mean, deviation = (torch.from_numpy(v)[None, :, None, None] for v in statistics(latents))
    latents = (torch.from_numpy(latents.astype(np.float32)) - mean) / deviation
    scenes = [scene_from_json(scene) for scene in scenes]
    words = text.english_words()
    pair = Pair(text.build(tokenizer), build(options.unet_widths, latents.shape[1], options.unet_attentive)).to(where)
    # The text encoder knows its words already: it only follows.
    optimiser = torch.optim.AdamW([{"params": list(pair.unet.parameters()), "share": 1.0},
                                   {"params": list(pair.encoder.parameters()), "share": 0.2}],
                                  lr=options.unet_rate, betas=(0.9, 0.99), weight_decay=1e-3)
    average = Average(pair, options.unet_decay)
    progress = Progress(options.unet_steps, options.unet_minutes)
    path = folder / "denoiser.pt"
    state = load_state(path)
    if state:
        pair.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.values, average.steps = {k: v.to(where) for k, v in state["average"].items()}, state["step"]
        progress.step, progress.seconds = state["step"], state["seconds"]
    else:
        loss = warmup.warm_up(pair.encoder, tokenizer, where, options.seed)
        average = Average(pair, options.unet_decay)
        log(folder, "denoiser", text_warm_up=loss, text_parameters=count(pair.encoder), unet_parameters=count(pair.unet),
            latents=len(latents), vocabulary=len(tokenizer))
    alphas = scheduler().alphas_cumprod.to(where)
    saved, pictured, losses = time.monotonic(), time.monotonic(), []
    while progress.fraction() < 1:
        rng = np.random.default_rng((options.seed, 31, progress.step))
        chosen = rng.integers(len(latents), size=options.unet_batch)
        texts = ["" if rng.random() < 0.1 else text.disturbed(caption(scenes[i], rng), rng, words) for i in chosen]
        clean = latents[chosen].to(where)
        noise = torch.from_numpy(rng.standard_normal(clean.shape, dtype=np.float32)).to(where)
        # Timesteps are stratified over the batch: the same variance with fewer pictures.
        steps = ((np.arange(len(chosen)) + rng.random(len(chosen))) / len(chosen) * 1000).astype(np.int64)
        steps = torch.from_numpy(steps).to(where)
        signal = alphas[steps].sqrt()[:, None, None, None]
        spread = (1 - alphas[steps]).sqrt()[:, None, None, None]
        for group in optimiser.param_groups:
            group["lr"] = group["share"] * progress.rate(options.unet_rate)
        with autocast():
            output = pair(text.encode(tokenizer, texts).to(where), signal * clean + spread * noise, steps)
        loss = (output.float() - (signal * noise - spread * clean)).square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(pair.parameters(), 1.0)
        optimiser.step()
        average.update(pair)
        progress.advance()
        losses.append(loss.item())
        if progress.step % options.log_every == 0:
            log(folder, "denoiser", step=progress.step, minutes=progress.seconds / 60, loss=float(np.mean(losses)))
            losses.clear()
        done = progress.fraction() >= 1
        if done or time.monotonic() - saved > 60 * options.save_minutes:
            save_state(path, model=pair.state_dict(), optimiser=optimiser.state_dict(), average=average.values,
                       step=progress.step, seconds=progress.seconds)
            saved = time.monotonic()
        if done or time.monotonic() - pictured > 60 * options.grid_minutes:
            encoder, unet = averaged(options, tokenizer, average.values, latents.shape[1])
            pictures = sample(encoder.to(where), unet.to(where), tokenizer, vae.to(where), mean, deviation, PROMPTS)
            save_grid(folder / "samples.png", pictures, 8)
            pictured = time.monotonic()
    return (*averaged(options, tokenizer, average.values, latents.shape[1]), tokenizer)


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def averaged(options, tokenizer, values, channels):
    pair = Pair(text.build(tokenizer), build(options.unet_widths, channels, options.unet_attentive))
    pair.load_state_dict({name: value.cpu() for name, value in values.items()})
    pair.eval()
    return pair.encoder, pair.unet


@torch.no_grad()
def sample(encoder, unet, tokenizer, vae, mean, deviation, prompts, guidance=4.0, steps=15, seed=0, side=16):
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
    pictures = vae.decode(latents * deviation.to(where) + mean.to(where)).sample
    return to_bytes(pictures.float().cpu().numpy())
