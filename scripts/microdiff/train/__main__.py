"""One command renders, trains and exports the whole model; run again, it goes on where it stopped.

    python -m scripts.microdiff.train --work FOLDER --output models/MicroDiff

Stages: render (shards of pictures, and with --real of crops of real images), vae, adapt (the autoencoder on real images too), sharpen (the
decoder alone), denoiser (text encoder and UNet), export. Each begins with what the one before it left in the work folder, beside logs
(*.jsonl) and grids (vae.png, adapt.png, sharpen.png, samples.png). With --start, the autoencoder of an exported model takes the place of the
stages vae, adapt and sharpen (the last two are run on it if they are asked for by name), and --go-on takes its text encoder and UNet too.
"""
import argparse
import os
import shutil
from pathlib import Path

import numpy as np
import torch

from scripts.microdiff.render.shards import write_shards

from . import adapt, denoiser, emphasis, exported, latents, package, sharpen, text, vae
from .common import device, load_state, log
from .data import Shards
from .real import write_real_shards

STAGES = ("render", "vae", "adapt", "sharpen", "denoiser", "export")


def parse():
    parser = argparse.ArgumentParser(prog="python -m scripts.microdiff.train", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    gpu = torch.cuda.is_available()
    parser.add_argument("--work", type=Path, required=True, help="folder for renders, checkpoints, logs and grids")
    parser.add_argument("--output", type=Path, help="where the exported model goes")
    parser.add_argument("--stages", nargs="+", choices=STAGES, help="all (adapt only with --real), or with --start all but vae, adapt and sharpen")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves PyTorch's choice")
    parser.add_argument("--images", type=int, default=120000 if gpu else 44000, help="pictures to render")
    parser.add_argument("--large-images", type=int, default=15000 if gpu else 5000, help="pictures of --large-pixels to render")
    parser.add_argument("--hard-images", type=int, default=0, help="further pictures of what is hard to learn (emphasis.py)")
    parser.add_argument("--large-pixels", type=int, default=192, help="side of the larger pictures, a multiple of 32")
    parser.add_argument("--large-every", type=int, default=8, help="every so many steps of the denoiser see larger pictures")
    parser.add_argument("--real", type=Path, help="folder of annotated micrographs, whose train images are learned from too")
    parser.add_argument("--real-crops", type=int, default=6000, help="crops of real images to cut")
    parser.add_argument("--real-large-crops", type=int, default=1000, help="crops of --large-pixels to cut")
    parser.add_argument("--start", type=Path, help="an exported model whose autoencoder serves as it is")
    parser.add_argument("--go-on", action="store_true", help="with --start: its text encoder and UNet are trained on")
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
    parser.add_argument("--adapt-batch", type=int, default=64 if gpu else 8, help="crops of renders, and as many of real images")
    parser.add_argument("--adapt-sides", type=int, nargs="+", default=[64], help="sides of crops, in turn")
    parser.add_argument("--adapt-decoder", action="store_true", help="the encoder stays as it is, and latents with it")
    parser.add_argument("--adapt-rate", type=float, default=5e-4)
    parser.add_argument("--adapt-steps", type=int, default=20000)
    parser.add_argument("--adapt-minutes", type=float, default=30)
    parser.add_argument("--sharpen-batch", type=int, default=64 if gpu else 16, help="crops of a quarter of a picture")
    parser.add_argument("--sharpen-rate", type=float, default=8e-4)
    parser.add_argument("--sharpen-steps", type=int, default=20000)
    parser.add_argument("--sharpen-minutes", type=float, default=12)
    parser.add_argument("--latent-images", type=int, default=10 ** 9, help="renders to encode for the denoiser, at most")
    parser.add_argument("--unet-widths", type=int, nargs=3, default=(96, 128, 160) if gpu else (64, 128, 160))
    parser.add_argument("--unet-attentive", type=int, default=2, help="levels that attend to the text")
    parser.add_argument("--unet-batch", type=int, default=256 if gpu else 64)
    parser.add_argument("--unet-rate", type=float, default=2e-3)
    parser.add_argument("--unet-decay", type=float, default=0.9995 if gpu else 0.998)
    parser.add_argument("--text-rate-share", type=float, default=0.2, help="the text encoder's share of --unet-rate")
    parser.add_argument("--unet-steps", type=int, default=400000)
    parser.add_argument("--unet-minutes", type=float, default=90)
    parser.add_argument("--guidance", type=float, default=3.5, help="guidance scale that the model recommends")
    options = parser.parse_args()
    if options.stages is None:
        options.stages = [stage for stage in STAGES if not options.start or stage not in ("vae", "adapt", "sharpen")]
        if not options.real and "adapt" in options.stages:
            options.stages.remove("adapt")
    if "adapt" in options.stages and not options.real:
        parser.error("the adapt stage needs --real")
    if "export" in options.stages and options.output is None:
        parser.error("the export stage needs --output")
    if options.go_on and not options.start:
        parser.error("--go-on needs --start")
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
    renders, large, hard, photographs, large_photographs = (
        options.work / name for name in ("renders", "renders-large", "renders-hard", "real", "real-large"))
    if "render" in options.stages:
        write_shards(renders, options.images, seed=options.seed, workers=options.workers)
        write_shards(large, options.large_images, options.large_pixels, seed=options.seed + 1, workers=options.workers)
        if options.hard_images:
            write_shards(hard, options.hard_images, seed=options.seed + 2, workers=options.workers, sampler=emphasis.hard_scene)
        if options.real:
            write_real_shards(photographs, options.real, options.real_crops, seed=options.seed)
            write_real_shards(large_photographs, options.real, options.real_large_crops, options.large_pixels, seed=options.seed + 1)
    start = exported.read(options.start) if options.start else None
    if options.go_on:
        options.unet_widths, attentive = denoiser.shape(start[1])
        options.unet_attentive = max(options.unet_attentive, attentive)
    if "vae" in options.stages and not start:
        vae.train(options.work, Shards(renders), options)
    if not {"adapt", "sharpen", "denoiser", "export"} & set(options.stages):
        return
    autoencoder = start[2] if start else trained_vae(options)
    if "adapt" in options.stages:
        adapt.train(options.work, autoencoder, Shards(renders), Shards(photographs, adapt.SHARES), options)
    autoencoder = adapt.adapted(options.work, autoencoder.cpu())
    if "sharpen" in options.stages:
        sharpen.train(options.work, autoencoder, Shards(renders), options)
    if not {"denoiser", "export"} & set(options.stages):
        return
    autoencoder = sharpen.sharpened(options.work, autoencoder.cpu())
    codes = options.work / f"latents-{latents.digest(autoencoder)}"
    sets = []
    if "denoiser" in options.stages or not options.go_on:
        for folders in ((photographs, renders, hard), (large_photographs, large)):
            found = [latents.encode_all(codes / folder.name, folder, autoencoder, device(), limit=options.latent_images)
                     for folder in folders[0 if options.real else 1:] if folder != hard or options.hard_images]
            harder = len(found[-1][1]) if hard in folders and options.hard_images else 0
            sets.append((np.concatenate([means for means, _ in found]), [scene for _, scenes in found for scene in scenes], harder))
    autoencoder = autoencoder.cpu()
    if options.go_on:
        # Going on with a denoiser means going on with the units it was trained in: those of the exported autoencoder.
        centre, unit = (np.full(autoencoder.config.latent_channels, value, np.float32) for value in (0, 1))
    else:
        centre, _ = latents.statistics(sets[0][0])
        unit = latents.units(autoencoder, sets[0][0])
    log(options.work, "latents", count=len(sets[0][0]) if sets else 0, centre=centre.tolist(), unit=unit.tolist())
    if options.go_on and not (options.work / "tokenizer").exists():
        shutil.copytree(options.start / "tokenizer", options.work / "tokenizer")
    if "denoiser" in options.stages:
        denoiser.train(options.work, sets, autoencoder.to(device()), centre, unit, options,
                       (*start[:2], exported.noise_schedule(options.start)) if options.go_on else None)
    if "export" in options.stages:
        tokenizer = text.train_tokenizer(options.work / "tokenizer", options.seed)
        state = load_state(options.work / "denoiser.pt")
        if state is None and not options.go_on:
            raise SystemExit(f"train: {options.work} has no denoiser.pt; run the stage denoiser first.")
        encoder, unet = denoiser.averaged(options, tokenizer, state["average"], len(centre)) if state else start[:2]
        package.package(options.work, options.output, package.fold_statistics(autoencoder.cpu(), centre, unit), encoder,
                        unet, tokenizer, options.guidance)


if __name__ == "__main__":
    main()
