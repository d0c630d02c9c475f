"""Reads the weights of an exported model folder back into torch modules, so that training can go on from a model in the tree.

The exporter renames and transposes some weights. Which initializer holds which parameter is found out by exporting modules of the
same shape with random weights: equal values are the same parameter. Weights stored as float16 come back as float16 can hold them.
"""
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, UNet2DConditionModel
from onnx import numpy_helper
from transformers import CLIPTextConfig, CLIPTextModel

from scripts.export.export import trace
from scripts.export.parts import parts_of

OPSET = 17


def read(folder):
    """(text encoder, UNet, autoencoder) of an optimum-style folder, with its weights, in evaluation mode."""
    folder = Path(folder)
    encoder = CLIPTextModel(CLIPTextConfig.from_dict(_config(folder, "text_encoder"), attn_implementation="eager"))
    unet = UNet2DConditionModel.from_config(_config(folder, "unet"))
    vae = AutoencoderKL.from_config(_config(folder, "vae_decoder"))
    modules = [module.float().eval().requires_grad_(False) for module in (encoder, unet, vae)]
    generator = torch.Generator().manual_seed(0)
    for module in modules:
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    for part in parts_of(*modules, "optimum", "float32-scalar"):
        _fill(part.module, trace(part, OPSET), onnx.load(folder / part.name / "model.onnx"), folder / part.name)
    return tuple(modules)


def noise_schedule(folder):
    """float32 [1000], alphas_cumprod: how much of a picture the model was trained to see at each timestep."""
    return DPMSolverMultistepScheduler.from_pretrained(folder, subfolder="scheduler").alphas_cumprod


def _config(folder, part):
    return json.loads((folder / part / "config.json").read_text(encoding="utf-8"))


def _fill(module, sketch, stored, where):
    """Copies `stored` weights into `module`, whose present random values `sketch` holds under the same names."""
    values = {tensor.name.removesuffix(".half"): numpy_helper.to_array(tensor) for tensor in stored.graph.initializer}
    parameters = {_key(p.numpy()): (name, p) for name, p in module.named_parameters()}
    left = {name for name, _ in module.named_parameters()}
    found = []
    for tensor in sketch.graph.initializer:
        random = numpy_helper.to_array(tensor)
        name, parameter = parameters.get(_key(random), (None, None))
        if name is None:
            continue
        if tensor.name not in values or values[tensor.name].shape != random.shape:
            raise SystemExit(f"train: {where} has no weight {tensor.name} of shape {random.shape}; it was exported otherwise.")
        value = torch.from_numpy(values[tensor.name].astype(np.float32))
        as_is = random.reshape(parameter.shape) if random.ndim != 2 or random.shape == tuple(parameter.shape) else None
        turned = as_is is None or not np.array_equal(as_is, parameter.numpy())
        found.append((parameter, value.T if turned else value.reshape(parameter.shape)))
        left.discard(name)
    unused = {name for name in left if not _is_unused(module, name)}
    if unused:
        raise SystemExit(f"train: {where} has no weights for {', '.join(sorted(unused))}.")
    for parameter, value in found:
        parameter.copy_(value)


def _is_unused(module, name):
    """A VAE's encoder graph does not hold the decoder, and the other way round."""
    halves = ("encoder.", "quant_conv.") if type(module).__name__ == "VaeDecoder" else ("decoder.", "post_quant_conv.")
    return name.removeprefix("vae.").startswith(halves)


def _key(values):
    return np.sort(values.ravel()).tobytes()
