"""Models that once ended in a traceback: doubling blocks, float16 weights alone, one checkpoint file."""

import os
import re
import shutil

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import CLIPTextModel

from scripts.fixtures import models, tiny

from .export import export

SPEC = next(spec for spec in models.SPECS if spec.name == "sd1")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "TORCH", str(tmp_path / "torch"))
    return models.build_torch(SPEC)


def test_unets_that_only_double(folder, tmp_path, capsys):
    unet = UNet2DConditionModel(
        sample_size=8, block_out_channels=(8, 16), layers_per_block=1, down_block_types=("CrossAttnDownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "CrossAttnUpBlock2D"), cross_attention_dim=16, attention_head_dim=2, norm_num_groups=4).eval()
    tiny.randomize(unet, 3)
    unet.save_pretrained(os.path.join(folder, "unet"))
    assert export(folder, str(tmp_path / "onnx"))
    assert "multiples of 16 pixels" in capsys.readouterr().out


def test_float16_weights_alone(folder, tmp_path, capsys):
    for name, kind in (("unet", UNet2DConditionModel), ("vae", AutoencoderKL), ("text_encoder", CLIPTextModel)):
        part = kind.from_pretrained(os.path.join(folder, name)).half()
        shutil.rmtree(os.path.join(folder, name))
        part.save_pretrained(os.path.join(folder, name), variant="fp16")
    assert export(folder, str(tmp_path / "onnx"))
    assert "unet: taking its fp16 weights" in capsys.readouterr().out
    os.remove(os.path.join(folder, "vae", "diffusion_pytorch_model.fp16.safetensors"))
    with pytest.raises(SystemExit, match="vae has no weights"):
        export(folder, str(tmp_path / "onnx"))


def test_a_single_checkpoint(folder, tmp_path):
    file = str(tmp_path / "model.safetensors")
    save_file(checkpoint(folder), file)
    with pytest.raises(SystemExit, match="--config"):
        export(file, str(tmp_path / "onnx"))
    whole, single = str(tmp_path / "whole"), str(tmp_path / "single")
    assert export(folder, whole)
    for name in ("unet", "vae", "text_encoder"):
        for weights in os.listdir(os.path.join(folder, name)):
            if weights.endswith(".safetensors"):
                os.remove(os.path.join(folder, name, weights))
    assert export(file, single, config=folder)
    for part in ("text_encoder", "unet", "vae_encoder", "vae_decoder"):
        with open(os.path.join(whole, part, "model.onnx"), "rb") as one, open(os.path.join(single, part, "model.onnx"), "rb") as other:
            assert one.read() == other.read(), part


def checkpoint(folder):
    """The tiny model under the names of a checkpoint of Stable Diffusion 1.x."""
    tensors = {}
    for key, value in UNet2DConditionModel.from_pretrained(os.path.join(folder, "unet")).state_dict().items():
        tensors["model.diffusion_model." + unet_name(key)] = value
    for key, value in AutoencoderKL.from_pretrained(os.path.join(folder, "vae")).state_dict().items():
        name = vae_name(key)
        square = ".attn_1." in name and not name.startswith(("encoder.mid.attn_1.norm", "decoder.mid.attn_1.norm")) and value.ndim == 2
        tensors["first_stage_model." + name] = value[:, :, None, None].clone() if square else value
    for key, value in CLIPTextModel.from_pretrained(os.path.join(folder, "text_encoder")).state_dict().items():
        tensors["cond_stage_model.transformer." + key] = value
    return {key: value.contiguous() for key, value in tensors.items() if isinstance(value, torch.Tensor)}


RESNET = {"norm1": "in_layers.0", "conv1": "in_layers.2", "norm2": "out_layers.0", "conv2": "out_layers.3", "time_emb_proj": "emb_layers.1",
          "conv_shortcut": "skip_connection"}
OUTSIDE = {"conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2", "time_embedding.linear_1": "time_embed.0",
           "time_embedding.linear_2": "time_embed.2"}


def unet_name(key):
    """With one layer a block: two input blocks and two output blocks a level."""
    for ours, theirs in OUTSIDE.items():
        if key.startswith(ours + "."):
            return theirs + key[len(ours):]
    for ours, theirs in RESNET.items():
        key = re.sub(rf"(resnets\.\d+)\.{ours}\.", rf"\1.{theirs}.", key)
    if found := re.fullmatch(r"mid_block\.(resnets|attentions)\.(\d+)\.(.*)", key):
        return f"middle_block.{1 if found[1] == 'attentions' else 2 * int(found[2])}.{found[3]}"
    if found := re.fullmatch(r"down_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.*)", key):
        return f"input_blocks.{2 * int(found[1]) + 1 + int(found[3])}.{int(found[2] == 'attentions')}.{found[4]}"
    if found := re.fullmatch(r"down_blocks\.(\d+)\.downsamplers\.0\.conv\.(.*)", key):
        return f"input_blocks.{2 * int(found[1]) + 2}.0.op.{found[2]}"
    if found := re.fullmatch(r"up_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.*)", key):
        return f"output_blocks.{2 * int(found[1]) + int(found[3])}.{int(found[2] == 'attentions')}.{found[4]}"
    found = re.fullmatch(r"up_blocks\.(\d+)\.upsamplers\.0\.(.*)", key)
    return f"output_blocks.{2 * int(found[1]) + 1}.1.{found[2]}"


def vae_name(key):
    levels = SPEC.vae["levels"]
    key = key.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
    key = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", key).replace("mid_block.attentions.0", "mid.attn_1")
    for ours, theirs in (("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "proj_out")):
        key = key.replace(f"attn_1.{ours}.", f"attn_1.{theirs}.")
    key = re.sub(r"down_blocks\.(\d)\.resnets\.(\d)", r"down.\1.block.\2", key)
    key = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", key)
    key = re.sub(r"up_blocks\.(\d)\.resnets\.(\d)", lambda m: f"up.{levels - 1 - int(m[1])}.block.{m[2]}", key)
    return re.sub(r"up_blocks\.(\d)\.upsamplers\.0", lambda m: f"up.{levels - 1 - int(m[1])}.upsample", key)
