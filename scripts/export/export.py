"""Exports a diffusers Stable Diffusion folder (1.x, 2.x, Turbo, LCM) to ONNX parts.

    python -m scripts.export --model DIFFUSERS_FOLDER --output FOLDER

Every part is run in ONNX Runtime beside torch; the exit status is 1 when one disagrees.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import warnings

import onnx
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel

from . import check, storage
from .parts import TIMESTEPS, parts_of

DEFAULT_TIMESTEP = {"optimum": "float32-scalar", "legacy": "float32-batch"}
PIPELINE = {"optimum": "StableDiffusionPipeline", "legacy": "OnnxStableDiffusionPipeline"}


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a diffusers folder with torch weights")
    parser.add_argument("--output", required=True, help="where the ONNX folder goes; its parts are replaced")
    parser.add_argument("--contract", choices=("optimum", "legacy"), default="optimum")
    parser.add_argument("--storage", choices=("float32", "float16"), default="float32",
                        help="float16 halves the files; arithmetic stays float32")
    parser.add_argument("--timestep", choices=TIMESTEPS, help="type and rank of the UNet's timestep")
    parser.add_argument("--external-data", default="", metavar="PART,PART",
                        help="parts whose weights lie beside the graph; those over 2 GB always do")
    parser.add_argument("--opset", type=int, default=17)
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest difference from torch, relative")
    return parser.parse_args(argv)


def load(folder, contract, storage_type):
    if not os.path.isfile(os.path.join(folder, "model_index.json")):
        raise SystemExit(f"export: {folder} has no model_index.json; give a folder saved by diffusers.")
    # The exporter traces plain attention; the fused kernel of transformers gives the same numbers.
    text_encoder = CLIPTextModel.from_pretrained(folder, subfolder="text_encoder", attn_implementation="eager")
    unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet")
    vae = AutoencoderKL.from_pretrained(folder, subfolder="vae")
    for module in (text_encoder, unet, vae):
        module.float().eval().requires_grad_(False)
        if storage_type == "float16":
            for parameter in module.parameters():
                parameter.data = parameter.data.half().float()
    return text_encoder, unet, vae


def trace(part, opset):
    """The ONNX graph of one part, its weights in memory.

    Odd sides make diffusers resize each upsampled level to its skip connection, so the graph takes every size; with
    even ones it would double, and only multiples of the UNet's own factor would run.
    """
    inputs = part.example(2, 5, 7)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        path = os.path.join(folder, "part.onnx")
        torch.onnx.export(
            part.module, tuple(inputs.values()), path, dynamo=False, opset_version=opset, do_constant_folding=True,
            input_names=list(inputs), output_names=part.outputs, dynamic_axes=part.axes,
        )
        return onnx.load(path)


def copy_plain_files(source, target, contract):
    """Tokenizer, scheduler and index: what a reader needs besides the graphs."""
    for name in ("tokenizer", "scheduler"):
        shutil.rmtree(os.path.join(target, name), ignore_errors=True)
        shutil.copytree(os.path.join(source, name), os.path.join(target, name))
    with open(os.path.join(source, "model_index.json"), encoding="utf-8") as file:
        index = json.load(file)
    if contract == "legacy":
        model = ["diffusers", "OnnxRuntimeModel"]
        index.pop("vae", None)
        index.update(_class_name=PIPELINE[contract], text_encoder=model, unet=model, vae_encoder=model, vae_decoder=model)
    write_json(os.path.join(target, "model_index.json"), index)


def write_json(path, value):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        json.dump(value, file, indent=2, sort_keys=True)
        file.write("\n")


def export(model, output, contract="optimum", storage_type="float32", timestep=None, external=(), opset=17,
           tolerance=1e-4):
    """Exports and checks all parts; returns whether every part agrees with torch."""
    timestep = timestep or DEFAULT_TIMESTEP[contract]
    print(f"{model} -> {output} ({contract}, {storage_type}, timestep {timestep}, opset {opset})")
    os.makedirs(output, exist_ok=True)
    agreed = True
    for part in parts_of(*load(model, contract, storage_type), contract, timestep):
        graph = trace(part, opset)
        storage.tidy(graph)
        if storage_type == "float16":
            storage.halve(graph)
        folder = os.path.join(output, part.name)
        path = storage.save(graph, folder, contract, part.name in external)
        if contract == "optimum":
            config = {k: v for k, v in part.config.items() if k != "_name_or_path"}
            write_json(os.path.join(folder, "config.json"), config)
        agreed &= check.compare(part, path, tolerance)
    copy_plain_files(model, output, contract)
    return agreed


def main(argv=None):
    args = arguments(argv)
    external = {name for name in args.external_data.split(",") if name}
    unknown = external - {"text_encoder", "unet", "vae_encoder", "vae_decoder"}
    if unknown:
        raise SystemExit(f"export: --external-data names no part: {', '.join(sorted(unknown))}.")
    agreed = export(args.model, args.output, args.contract, args.storage, args.timestep, external, args.opset,
                    args.tolerance)
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
