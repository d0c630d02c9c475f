"""Teaches the text encoder what captions say before any picture is involved: cheap, and the UNet then has words to listen to.

From the states at the padded end of a caption, linear heads name what the scene holds. The heads are thrown away.
"""
import numpy as np
import torch
import torch.nn.functional as F

from scripts.microdiff.render import caption, sample_scene
from scripts.microdiff.render.scene import COLOURS, LEVELS, MODALITIES, STRUCTURES

from . import text

ARRANGEMENTS = ("", "aligned", "random", "clustered", "spread")
NONE = "none"
OF_SUBJECT = ("structure", "colour", "density", "size", "arrangement")
#: What each head tells apart; a subject's attributes have a head for the first and for the second subject.
HEADS = {"modality": MODALITIES, "brightness": LEVELS["brightness"], "sharpness": LEVELS["sharpness"],
         "noise": LEVELS["noise"]}
for _place in (0, 1):
    HEADS |= {f"structure{_place}": (NONE, *STRUCTURES), f"colour{_place}": (NONE, *COLOURS),
              f"density{_place}": (NONE, *LEVELS["density"]), f"size{_place}": (NONE, *LEVELS["size"]),
              f"arrangement{_place}": (NONE, *ARRANGEMENTS)}
ORDER = ("modality", "brightness", "sharpness", "noise", *(f"{name}{place}" for place in (0, 1) for name in OF_SUBJECT))


def facts(scene):
    """Class number for each head."""
    found = {"modality": scene.modality, "brightness": scene.brightness, "sharpness": scene.sharpness, "noise": scene.noise}
    for place in (0, 1):
        for name in OF_SUBJECT:
            there = place < len(scene.subjects)
            found[f"{name}{place}"] = getattr(scene.subjects[place], name) if there else NONE
    return [HEADS[head].index(value) for head, value in ((head, found[head]) for head in ORDER)]


def warm_up(encoder, tokenizer, device, seed, steps=700, batch=48, rate=2e-3):
    """Trains the encoder in place; returns the mean loss a head over the last steps."""
    heads = torch.nn.ModuleList(torch.nn.Linear(encoder.config.hidden_size, len(HEADS[head])) for head in ORDER).to(device)
    optimiser = torch.optim.AdamW([*encoder.parameters(), *heads.parameters()], lr=rate, betas=(0.9, 0.98))
    losses = []
    for step in range(steps):
        rng = np.random.default_rng((seed, 41, step))
        scenes = [sample_scene(rng) for _ in range(batch)]
        texts = [text.disturbed(caption(scene, rng), rng) for scene in scenes]
        truth = torch.tensor([facts(scene) for scene in scenes], device=device)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 50) * (1 - 0.9 * step / steps)
        # Any of the end positions will do: each must know the whole caption, as the UNet looks at all of them.
        states = encoder(text.encode(tokenizer, texts).to(device)).last_hidden_state[:, -1 - step % 4]
        loss = sum(F.cross_entropy(head(states), truth[:, place]) for place, head in enumerate(heads)) / len(heads)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return float(np.mean(losses[-50:]))

