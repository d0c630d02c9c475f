"""Exports a diffusers Stable Diffusion folder (1.x, 2.x, Turbo, LCM), or a checkpoint file, to ONNX parts.

    python -m scripts.export --model DIFFUSERS_FOLDER --output FOLDER
    python -m scripts.export --model FILE.safetensors --config DIFFUSERS_FOLDER --output FOLDER

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

from . import check, loading, storage
from .parts import TIMESTEPS, parts_of

DEFAULT_TIMESTEP = {"optimum": "float32-scalar", "legacy": "float32-batch"}
PIPELINE = {"optimum": "StableDiffusionPipeline", "legacy": "OnnxStableDiffusionPipeline"}


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a diffusers folder with torch weights, or a single checkpoint")
    parser.add_argument("--config", metavar="FOLDER", help="a diffusers folder that describes the checkpoint; its weights are not read")
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


def trace(part, opset):
    """The ONNX graph of one part, its weights in memory.

    Odd sides make diffusers resize each upsampled level to its skip connection, so the graph takes every size. With even ones it
    doubles, and only multiples of the UNet's own factor run; a few of diffusers' blocks know no other way.
    """
    inputs = part.example(2, *part.sides(5, 7))
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
           tolerance=1e-4, config=None):
    """Exports and checks all parts; returns whether every part agrees with torch."""
    timestep = timestep or DEFAULT_TIMESTEP[contract]
    print(f"{model} -> {output} ({contract}, {storage_type}, timestep {timestep}, opset {opset})")
    loaded = loading.load(model, config, storage_type)
    os.makedirs(output, exist_ok=True)
    agreed = True
    for part in parts_of(*loaded, contract, timestep):
        graph = trace(part, opset)
        storage.tidy(graph)
        if storage_type == "float16":
            storage.halve(graph)
        folder = os.path.join(output, part.name)
        path = storage.save(graph, folder, contract, part.name in external)
        if contract == "optimum":
            values = {k: v for k, v in part.config.items() if k != "_name_or_path"}
            write_json(os.path.join(folder, "config.json"), values)
        agreed &= check.compare(part, path, tolerance)
    copy_plain_files(loading.described_by(model, config), output, contract)
    return agreed


def main(argv=None):
    args = arguments(argv)
    external = {name for name in args.external_data.split(",") if name}
    unknown = external - {"text_encoder", "unet", "vae_encoder", "vae_decoder"}
    if unknown:
        raise SystemExit(f"export: --external-data names no part: {', '.join(sorted(unknown))}.")
    agreed = export(args.model, args.output, args.contract, args.storage, args.timestep, external, args.opset,
                    args.tolerance, args.config)
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
