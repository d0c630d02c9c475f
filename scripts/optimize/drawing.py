"""Draws pictures with a model folder's ONNX parts and any form of its UNet, and keeps what the UNet is given on the way."""
import json
from pathlib import Path

import diffusers
import numpy as np
import onnxruntime
import torch
from transformers import CLIPTokenizer

TYPES = {"tensor(int32)": np.int32, "tensor(int64)": np.int64, "tensor(float)": np.float32}
#: Where diffusionj.json says nothing.
STEPS, GUIDANCE = 20, 7.5


def session(model, threads=0):
    """A session on the CPU, of a file or of a serialised model. threads: 0 for one per core."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    # As DiffusionJ has it: after a run threads rest.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model) if isinstance(model, Path) else model, options, providers=["CPUExecutionProvider"])


class Drawing:
    """The parts of a folder but for its UNet, and the settings that its maker recommends. steps, guidance, side (pixels): None for the model's own."""

    def __init__(self, folder, steps=None, guidance=None, side=None, threads=0):
        folder = Path(folder)
        own = folder / "diffusionj.json"
        told = json.loads(own.read_text(encoding="utf-8")) if own.exists() else {}
        self.steps, self.guidance = steps or told.get("steps", STEPS), told.get("guidance", GUIDANCE) if guidance is None else guidance
        self.tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
        self.text = session(folder / "text_encoder" / "model.onnx", threads)
        self.decoder = session(folder / "vae_decoder" / "model.onnx", threads)
        text = json.loads((folder / "text_encoder" / "config.json").read_text(encoding="utf-8"))
        self.positions = text["max_position_embeddings"]
        vae = json.loads((folder / "vae_decoder" / "config.json").read_text(encoding="utf-8"))
        self.channels, self.factor = vae["latent_channels"], 2 ** (len(vae["block_out_channels"]) - 1)
        self.scaling, self.shift = vae.get("scaling_factor", 0.18215), vae.get("shift_factor") or 0.0
        unet = json.loads((folder / "unet" / "config.json").read_text(encoding="utf-8"))
        self.side = side or unet["sample_size"] * self.factor
        self.scheduler_folder = folder / "scheduler"
        self.scheduler = getattr(diffusers, json.loads((self.scheduler_folder / "scheduler_config.json").read_text(encoding="utf-8"))["_class_name"])

    def embeddings(self, text):
        ids = self.tokenizer(text, padding="max_length", max_length=self.positions, truncation=True).input_ids
        declared = self.text.get_inputs()[0]
        return self.text.run(None, {declared.name: np.asarray([ids], TYPES[declared.type])})[0]

    def draw(self, unet, prompt, seed, seen=None):
        """uint8 [side, side, 3]; unet: a session. seen: a list that gets what the UNet is given, a feed of arrays a step."""
        guided = self.guidance > 1
        states = np.concatenate([self.embeddings(text) for text in ([prompt, ""] if guided else [prompt])])
        scheduler = self.scheduler.from_pretrained(self.scheduler_folder)
        scheduler.set_timesteps(self.steps)
        latent_side = self.side // self.factor
        noise = torch.randn((1, self.channels, latent_side, latent_side), generator=torch.Generator("cpu").manual_seed(seed))
        latents = noise * scheduler.init_noise_sigma
        for timestep in scheduler.timesteps:
            sample = scheduler.scale_model_input(latents, timestep).numpy()
            feed = feeds(unet, np.repeat(sample, len(states), 0), float(timestep), states)
            if seen is not None:
                seen.append(feed)
            found = torch.from_numpy(unet.run(None, feed)[0])
            if guided:
                found = found[1:] + self.guidance * (found[:1] - found[1:])
            latents = scheduler.step(found, timestep, latents).prev_sample
        signed = self.decoder.run(None, {"latent_sample": (latents / self.scaling + self.shift).numpy().astype(np.float32)})[0]
        return np.rint((signed[0].transpose(1, 2, 0) / 2 + 0.5).clip(0, 1) * 255).astype(np.uint8)


def feeds(unet, sample, timestep, states):
    """The UNet's inputs in the types and ranks that it declares."""
    values = {"sample": sample, "timestep": np.asarray(timestep), "encoder_hidden_states": states}
    feed = {}
    for declared in unet.get_inputs():
        value = values[declared.name].astype(TYPES[declared.type])
        if declared.name == "timestep" and declared.shape:
            value = np.repeat(value.reshape(1), len(sample) if declared.shape == ["batch"] else 1)
        feed[declared.name] = value
    return feed
