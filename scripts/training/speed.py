"""Times the training step in ONNX Runtime beside torch's own eager step: same weights, same batch, in turns, so that both see the same machine.

    python -m scripts.training.speed models/MicroDiff [--batch 8] [--rounds 10]

torch's step is forward, backward, clipping and AdamW; the graph's is losses and all gradients (DiffusionJ clips and makes AdamW's step itself, in Java). What
counts is the ratio.
"""
import argparse
import statistics
import time
from pathlib import Path

import onnxruntime
import torch

from . import check, step


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, metavar="MODEL_FOLDER")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    config = step.config_of(options.model / "unet")
    length, factor = step.length_of(options.model), step.factor_of(options.model)
    side = (config["sample_size"], config["sample_size"])
    unet = check.random_unet(config)
    session = onnxruntime.InferenceSession(options.model / "unet" / "training.onnx", providers=["CPUExecutionProvider"])
    weights, _ = check.exported(unet, length, {value.name: tuple(value.shape) for value in session.get_inputs()
                                               if f"grad.{value.name}" in {output.name for output in session.get_outputs()}})
    feeds = check.batch(unet.config, length, factor, options.batch, sides=side)
    optimiser = torch.optim.AdamW(unet.parameters(), lr=1e-4)
    times = {"torch": [], "onnxruntime": []}
    for number in range(options.rounds + 1):
        for name, work in (("torch", lambda: eager(unet, optimiser, feeds)), ("onnxruntime", lambda: session.run(None, {**weights, **feeds}))):
            start = time.perf_counter()
            work()
            if number:
                times[name].append(time.perf_counter() - start)
    middle = {name: statistics.median(found) for name, found in times.items()}
    ratio = middle["onnxruntime"] / middle["torch"]
    print(f"batch {options.batch}: torch {middle['torch']:.3f} s, onnxruntime {middle['onnxruntime']:.3f} s a step; ratio {ratio:.2f}")


def eager(unet, optimiser, feeds):
    optimiser.zero_grad(set_to_none=True)
    (check.loss(unet, feeds) * torch.from_numpy(feeds["weight"])).sum().backward()
    torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
    optimiser.step()


if __name__ == "__main__":
    main()
