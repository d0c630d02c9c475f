"""Puts the trained parts into a diffusers folder and exports it with the project's own exporter."""
import json
import shutil
import subprocess
import sys
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline

from scripts.training import step

from . import checksums, denoiser

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = 25_000_000
MOST_PARAMETERS = 12_000_000
#: What diffusionj.json recommends; diffusers' files have no place for it.
STEPS = 15
#: Nuclei of this diameter keep their place and outline at strength 0.3 (docs/real-images.md); smaller ones are enlarged for the model.
OBJECT_SIZE_PX = 56


@torch.no_grad()
def fold_statistics(vae, mean, deviation):
    """Makes the autoencoder's own latents centred and of unit variance, by its 1x1 convolutions, exactly.

    So scaling_factor is 1 and every pipeline, with or without support for latents_mean, gets them right.
    """
    mean, deviation = torch.as_tensor(mean), torch.as_tensor(deviation)
    channels = len(mean)
    quant, post = vae.quant_conv, vae.post_quant_conv
    post.bias += post.weight[:, :, 0, 0] @ mean
    post.weight *= deviation[None, :, None, None]
    quant.weight[:channels] /= deviation[:, None, None, None]
    quant.bias[:channels] = (quant.bias[:channels] - mean) / deviation
    quant.bias[channels:] -= 2 * torch.log(deviation)
    return vae


def package(work, output, vae, encoder, unet, tokenizer, guidance):
    """Writes the ONNX folder `output` with float16 weights, licence and card; returns its size in bytes."""
    parameters = sum(denoiser.count(part) for part in (vae, encoder, unet))
    if parameters > MOST_PARAMETERS:
        raise SystemExit(f"train: MicroDiff may have {MOST_PARAMETERS} parameters, and these parts have {parameters}.")
    source, output = Path(work).resolve() / "diffusers", Path(output).resolve()
    shutil.rmtree(source, ignore_errors=True)
    StableDiffusionPipeline(vae=vae, text_encoder=encoder, tokenizer=tokenizer, unet=unet, scheduler=denoiser.scheduler(),
                            safety_checker=None, feature_extractor=None,
                            requires_safety_checker=False).save_pretrained(source)
    subprocess.run([sys.executable, "-m", "scripts.export", "--model", source, "--output", output, "--storage", "float16"], cwd=ROOT, check=True)
    shutil.copy(Path(__file__).parent / "LICENSE", output / "LICENSE")
    shutil.copy(Path(__file__).parent / "CARD.md", output / "README.md")
    preferences = {"steps": STEPS, "guidance": guidance, "objectSizePx": OBJECT_SIZE_PX}
    (output / "diffusionj.json").write_text(json.dumps(preferences, indent=2) + "\n", encoding="utf-8")
    # What tuning on other images is not to forget; one prompt in that list has words that mean nothing.
    prompts = [prompt for prompt in denoiser.PROMPTS if "parliament" not in prompt]
    (output / "rehearsal.txt").write_text("".join(f"{prompt}\n" for prompt in prompts), encoding="utf-8")
    step.make(output)
    checksums.write(output)
    size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    if size > MOST_BYTES:
        raise SystemExit(f"train: MicroDiff may take {MOST_BYTES} bytes, and {output} takes {size}.")
    print(f"{output}: {parameters} parameters, {size} bytes")
    return size
