"""One command renders, trains and exports the whole model; run again, it goes on where it stopped.

    python -m scripts.microdiff.train --work FOLDER --output models/MicroDiff

Stages: render (shards of pictures), vae, denoiser (text encoder and UNet), export. Each begins with what the one before it
left in the work folder, beside logs (*.jsonl) and grids (vae.png, samples.png).
"""
import argparse
import os
from pathlib import Path

import torch

from scripts.microdiff.render.shards import write_shards

from . import denoiser, latents, package, text, vae
from .common import device, load_state, log
from .data import Shards

STAGES = ("render", "vae", "denoiser", "export")


def parse():
    parser = argparse.ArgumentParser(prog="python -m scripts.microdiff.train", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    gpu = torch.cuda.is_available()
    parser.add_argument("--work", type=Path, required=True, help="folder for renders, checkpoints, logs and grids")
    parser.add_argument("--output", type=Path, help="where the exported model goes")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=STAGES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves PyTorch's choice")
    parser.add_argument("--images", type=int, default=120000 if gpu else 20000, help="pictures to render")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1), help="rendering processes")
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--grid-minutes", type=float, default=10)
    parser.add_argument("--log-every", type=int, default=50)
    parser.add_argument("--vae-widths", type=int, nargs=4, default=(32, 64, 96, 128) if gpu else (16, 16, 32, 64))
    parser.add_argument("--vae-batch", type=int, default=32 if gpu else 2, help="whole pictures; a crop is a quarter")
    parser.add_argument("--vae-rate", type=float, default=6e-4)
    parser.add_argument("--vae-steps", type=int, default=200000)
    parser.add_argument("--vae-minutes", type=float, default=25)
    parser.add_argument("--vae-divergence", type=float, default=2e-4)
    parser.add_argument("--latent-images", type=int, default=10 ** 9, help="renders to encode for the denoiser, at most")
    parser.add_argument("--unet-widths", type=int, nargs=3, default=(96, 128, 160) if gpu else (32, 64, 128))
    parser.add_argument("--unet-attentive", type=int, default=2 if gpu else 1, help="levels that attend to the text")
    parser.add_argument("--unet-batch", type=int, default=256 if gpu else 16)
    parser.add_argument("--unet-rate", type=float, default=1e-3 if gpu else 1.5e-3)
    parser.add_argument("--unet-decay", type=float, default=0.9995 if gpu else 0.99)
    parser.add_argument("--unet-steps", type=int, default=400000)
    parser.add_argument("--unet-minutes", type=float, default=50)
    parser.add_argument("--guidance", type=float, default=3.5, help="guidance scale that the model recommends")
    options = parser.parse_args()
    if "export" in options.stages and options.output is None:
        parser.error("the export stage needs --output")
    return options


def trained_vae(options):
    state = load_state(options.work / "vae.pt")
    if state is None:
        raise SystemExit(f"train: {options.work} has no vae.pt; run the stage vae first.")
    return vae.averaged(options, state["average"])


def main():
    options = parse()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.threads:
        torch.set_num_threads(options.threads)
    if "render" in options.stages:
        write_shards(options.work / "renders", options.images, seed=options.seed, workers=options.workers)
    if "vae" in options.stages:
        vae.train(options.work, Shards(options.work / "renders"), options)
    if not {"denoiser", "export"} & set(options.stages):
        return
    autoencoder = trained_vae(options)
    codes, scenes = latents.encode_all(options.work / "latents", Shards(options.work / "renders", options.latent_images),
                                       autoencoder, device())
    mean, deviation = latents.statistics(codes)
    log(options.work, "latents", count=len(codes), mean=[float(v) for v in mean], deviation=[float(v) for v in deviation])
    if "denoiser" in options.stages:
        denoiser.train(options.work, codes, scenes, autoencoder.to(device()), options)
    if "export" in options.stages:
        tokenizer = text.train_tokenizer(options.work / "tokenizer", options.seed)
        state = load_state(options.work / "denoiser.pt")
        if state is None:
            raise SystemExit(f"train: {options.work} has no denoiser.pt; run the stage denoiser first.")
        encoder, unet = denoiser.averaged(options, tokenizer, state["average"], codes.shape[1])
        package.package(options.work, options.output, package.fold_statistics(autoencoder.cpu(), mean, deviation), encoder,
                        unet, tokenizer, options.guidance)


if __name__ == "__main__":
    main()
