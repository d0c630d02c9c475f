"""Writes unet/model_int8.onnx into a model folder: a UNet whose convolutions and matrix products are int8 where that does no harm that is seen.

    python -m scripts.optimize.quantize --model FOLDER [--floor 0.95] [--eight-bits] [--threads N] [--dry]

Convolutions get fixed ranges (QDQ), measured over real denoising steps; matrix products get those of each call. The pictures of 32 prompts and seeds, at the
model's own settings, must keep a mean SSIM of --floor to those of the UNet in float32. Where they do not with every layer in int8, each layer is tried alone
and ranked by how far it moves the UNet's prediction, and the most harmful stay in float, as few as will do. Prints the size, the time of a call and what the
pictures lose, and writes nothing where no layer can be int8. The VAE stays as it is. Weights have 7 bits, which every processor computes alike; with
--eight-bits they have 8, for those with VNNI or AMX alone: on others their products saturate. --dry writes nothing.
"""
import argparse
import hashlib
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from scripts.microdiff.evaluate import measures
from scripts.microdiff.train import checksums

from . import graph
from .drawing import Drawing, session

#: Pictures to judge by are not those that ranges were measured on: these seeds begin elsewhere.
PROMPTS = ("nuclei", "mitochondria", "actin filaments", "microtubules", "cell membranes", "vesicles", "rod bacteria", "yeast cells", "neurons",
           "sparse bright nuclei on a dark background", "dense small nuclei", "large dim nuclei", "green actin filaments and blue nuclei",
           "red mitochondria and blue nuclei", "green microtubules and red vesicles", "red cell membranes and blue nuclei",
           "phase contrast image of yeast cells", "phase contrast image of rod bacteria", "brightfield histology of nuclei",
           "electron micrograph of mitochondria", "electron micrograph of vesicles", "dic image of yeast cells", "dic image of neurons",
           "a noisy image of puncta", "magenta vesicles", "yellow nerve cells", "cyan tubulin", "fluorescence micrograph of a mitochondrial network",
           "epithelial cells", "clustered nuclei", "blurred bright actin", "")
CALIBRATING, JUDGING, RANKING = 8, 1000, 6
CALLS = 30
FILE = "model_int8.onnx"


@dataclass(frozen=True)
class Judged:
    """What pictures lose: SSIM and PSNR (dB) to those in float32, of every picture."""
    ssim: tuple[float, ...]
    psnr: tuple[float, ...]

    @property
    def mean(self):
        return statistics.fmean(self.ssim)

    def __str__(self):
        return (f"SSIM {self.mean:.4f} on average, {min(self.ssim):.4f} at the lowest; PSNR {statistics.fmean(self.psnr):.1f} dB on average, "
                f"{min(self.psnr):.1f} dB at the lowest; {len(self.ssim)} pictures")


def judged(pictures, wanted):
    return Judged(tuple(float(measures.ssim(p, w)) for p, w in zip(pictures, wanted, strict=True)),
                  tuple(min(float(measures.psnr(p, w)), 99.0) for p, w in zip(pictures, wanted, strict=True)))


def ranked(model, value_ranges, layers, feeds, eight_bits=False):
    """[(harm, kind, name)], the least harmful first: the root mean square that one int8 layer adds to the prediction, of the prediction's own."""
    wanted = _predictions(model, feeds)
    found = []
    for kind, name in layers:
        one = graph.quantized(model, value_ranges, [name] if kind == "Conv" else [], [name] if kind == "MatMul" else [], eight_bits)
        moved = _predictions(one, feeds) - wanted
        found.append((float(np.sqrt(np.mean(moved ** 2) / np.mean(wanted ** 2))), kind, name))
    return sorted(found)


def _predictions(model, feeds):
    opened = session(model.SerializeToString())
    return np.stack([opened.run(None, feed)[0] for feed in feeds])


def most(count, holds):
    """The largest number below `count` that holds, asked as seldom as possible; 0 where none does. Every number below one that holds does, too."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def call_ms(sessions, feed):
    """The median time of a call of each, taking turns."""
    times = [[] for _ in sessions]
    for _ in range(CALLS):
        for opened, taken in zip(sessions, times):
            start = time.perf_counter()
            opened.run(None, feed)
            taken.append(1000 * (time.perf_counter() - start))
    return [statistics.median(taken[CALLS // 5:]) for taken in times]


def quantize(drawing, path, floor, eight_bits=False, threads=0, tell=print):
    """(int8 model, Judged, {name: number}) of the UNet at path; None for the model where no layer can be int8."""
    plain = session(path, threads)
    seen = []
    for seed, prompt in enumerate(PROMPTS[:CALIBRATING]):
        drawing.draw(plain, prompt, seed, seen)
    model = graph.floats(path)
    convolutions, products = graph.candidates(model)
    value_ranges = graph.ranges(model, seen, convolutions) if convolutions else None
    layers = [("Conv", name) for name in convolutions] + [("MatMul", name) for name in products]
    tell(f"{len(convolutions)} convolutions and {len(products)} matrix products; ranges over {len(seen)} calls")
    wanted = [drawing.draw(plain, prompt, JUDGING + k) for k, prompt in enumerate(PROMPTS)]
    tried = {}

    def holds(count):
        chosen = {kind: [name for other, name in layers[:count] if other == kind] for kind in ("Conv", "MatMul")}
        made = graph.quantized(model, value_ranges, chosen["Conv"], chosen["MatMul"], eight_bits)
        opened = session(made.SerializeToString(), threads)
        verdict = judged([drawing.draw(opened, prompt, JUDGING + k) for k, prompt in enumerate(PROMPTS)], wanted)
        before, after = call_ms((plain, opened), seen[0])
        tell(f"{len(chosen['Conv'])} convolutions, {len(chosen['MatMul'])} products in int8: {verdict}; a call {after:.1f} ms of {before:.1f}")
        tried[count] = made, verdict, {"convolutions": len(chosen["Conv"]), "products": len(chosen["MatMul"]), "before_ms": before, "after_ms": after}
        return verdict.mean >= floor

    count = len(layers)
    if layers and not holds(count):
        order = ranked(model, value_ranges, layers, seen[::max(1, len(seen) // RANKING)][:RANKING], eight_bits)
        tell("most harm alone: " + ", ".join(f"{name} {harm:.4f}" for harm, _, name in order[:-6:-1]))
        layers = [(kind, name) for _, kind, name in order]
        count = most(count, holds)
    return tried[count] if count else (None, None, None)


def main():
    parser = argparse.ArgumentParser(prog="python -m scripts.optimize.quantize", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--floor", type=float, default=0.95, help="least mean SSIM")
    parser.add_argument("--eight-bits", action="store_true", help="weights of 8 bits instead of 7")
    parser.add_argument("--threads", type=int, default=0, help="threads of ONNX Runtime; 0 for one per core")
    parser.add_argument("--steps", type=int, help="instead of the model's own")
    parser.add_argument("--dry", action="store_true", help="measure and write nothing")
    options = parser.parse_args()
    path = options.model / "unet" / "model.onnx"
    made, verdict, figures = quantize(Drawing(options.model, options.steps, threads=options.threads), path, options.floor, options.eight_bits,
                                      options.threads)
    if made is None:
        raise SystemExit(f"quantize: no layer of {path} can be int8 at a mean SSIM of {options.floor}; nothing is written")
    total = f"{figures['convolutions']} convolutions and {figures['products']} products in int8: {verdict}"
    size = f"{path.stat().st_size / 1e6:.1f} MB in float, {made.ByteSize() / 1e6:.1f} MB in int8"
    before, after = figures["before_ms"], figures["after_ms"]
    print(f"{total}; {size}; a call {after:.1f} ms of {before:.1f}, {before / after:.2f} times as fast, on {os.cpu_count()} processors")
    if not options.dry:
        write(made, verdict, path, options.eight_bits)
        if (options.model / "checksums.sha256").exists():
            checksums.write(options.model)


def write(made, verdict, path, eight_bits):
    """Beside the float UNet, whole or not at all; it says of which file it was made and what it loses."""
    graph.described(made, made_of=hashlib.sha256(path.read_bytes()).hexdigest(), ssim=f"{verdict.mean:.4f}", lowest_ssim=f"{min(verdict.ssim):.4f}",
                    weights="8 bits" if eight_bits else "7 bits")
    aside = path.with_name(FILE + ".part")
    onnx.save_model(made, aside)
    onnx.checker.check_model(str(aside))
    session(aside)
    os.replace(aside, path.with_name(FILE))


if __name__ == "__main__":
    main()
