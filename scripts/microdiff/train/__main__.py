"""One command trains the whole model and exports it; run again, it goes on where it stopped."""
import argparse
from pathlib import Path

import torch

from . import vae
from .data import Shards


def parse():
    parser = argparse.ArgumentParser(prog="python -m scripts.microdiff.train", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for renders, checkpoints, logs and grids")
    parser.add_argument("--stage", choices=("vae", "all"), default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves PyTorch's choice")
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--log-every", type=int, default=100)
    parser.add_argument("--vae-widths", type=int, nargs=4, default=(8, 16, 32, 64))
    parser.add_argument("--vae-batch", type=int, default=2, help="whole pictures a step; crops count a quarter")
    parser.add_argument("--vae-rate", type=float, default=2e-3)
    parser.add_argument("--vae-steps", type=int, default=200000)
    parser.add_argument("--vae-minutes", type=float, default=35)
    parser.add_argument("--vae-divergence", type=float, default=2e-4)
    return parser.parse_args()


def main():
    options = parse()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.threads:
        torch.set_num_threads(options.threads)
    shards = Shards(options.work / "renders")
    vae.train(options.work, shards, options)


if __name__ == "__main__":
    main()
