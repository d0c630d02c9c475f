"""Reads the torch model to export: a diffusers folder, or one checkpoint file beside a folder that describes it."""

import os
import re

from diffusers import AutoencoderKL, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextModel

# model.safetensors, diffusion_pytorch_model.fp16.safetensors, model.fp16-00001-of-00002.safetensors, and the same as .bin
WEIGHTS = re.compile(r"(?:pytorch_model|diffusion_pytorch_model|model)(?:\.(\w+))?(?:-\d+-of-\d+)?\.(?:safetensors|bin)")
CHECKPOINTS = (".safetensors", ".ckpt")


def load(model, config, storage_type):
    """Text encoder, UNet and VAE, computing in float32."""
    if os.path.isfile(model):
        parts = from_file(model, config)
    else:
        require_folder(model, "--model")
        parts = from_folder(model)
    for part in parts:
        part.float().eval().requires_grad_(False)
        if storage_type == "float16":
            for parameter in part.parameters():
                parameter.data = parameter.data.half().float()
    return parts


def described_by(model, config):
    """The folder with tokenizer, scheduler and index."""
    return config if os.path.isfile(model) else model


def require_folder(folder, option):
    if os.path.isfile(os.path.join(folder, "model_index.json")):
        return
    if not os.path.exists(folder):
        raise SystemExit(f"export: {folder} does not exist; give {option} a folder saved by diffusers.")
    raise SystemExit(f"export: {folder} has no model_index.json; give {option} a folder saved by diffusers.")


def from_folder(folder):
    # The exporter traces plain attention; the fused kernel of transformers gives the same numbers.
    text_encoder = CLIPTextModel.from_pretrained(folder, subfolder="text_encoder", attn_implementation="eager",
                                                 variant=variant(folder, "text_encoder"))
    unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet", variant=variant(folder, "unet"))
    vae = AutoencoderKL.from_pretrained(folder, subfolder="vae", variant=variant(folder, "vae"))
    return text_encoder, unet, vae


def variant(folder, part):
    """None where the part has plain weights; otherwise the variant that it has, such as fp16."""
    path = os.path.join(folder, part)
    found = {match[1] for name in (os.listdir(path) if os.path.isdir(path) else ()) if (match := WEIGHTS.fullmatch(name))}
    if not found:
        raise SystemExit(f"export: {path} has no weights (*.safetensors or *.bin). Download that part of the model too.")
    if None in found:
        return None
    if len(found) > 1 and "fp16" not in found:
        raise SystemExit(f"export: {path} has weights in several variants ({', '.join(sorted(found))}). Keep one of them.")
    chosen = "fp16" if "fp16" in found else found.pop()
    print(f"  {part}: taking its {chosen} weights")
    return chosen


def from_file(file, config):
    if not file.endswith(CHECKPOINTS):
        raise SystemExit(f"export: {file} is neither a folder nor a checkpoint ({' or '.join(CHECKPOINTS)}).")
    if config is None:
        raise SystemExit(f"export: {file} holds weights alone. Say with --config which diffusers folder describes the model: model_index.json, "
                         "tokenizer/, scheduler/ and the config.json of unet, vae and text_encoder; weights need not lie in it.")
    require_folder(config, "--config")
    pipeline = StableDiffusionPipeline.from_single_file(file, config=config, local_files_only=True, safety_checker=None)
    pipeline.text_encoder.set_attn_implementation("eager")
    return pipeline.text_encoder, pipeline.unet, pipeline.vae
