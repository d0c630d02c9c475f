"""Would it pay to decode one image while the next is denoised? Runs UNet steps and a VAE decoding in turn and at the same time, alternating.

    python scripts/peers/decode_ahead.py --model FOLDER [--latents 64] [--rounds 10]

Prints medians and their ratio: below 1 the two at once are faster. Only a machine that does nothing else gives a true answer, since more
threads get a larger share of a busy one.
"""
import argparse
import json
import pathlib
import statistics
import threading
import time

import numpy
import onnxruntime


def feed(session, size, batch):
    """Random inputs; the UNet's batch is 2 for the guidance pass."""
    values = {}
    for given in session.get_inputs():
        kind = numpy.int64 if "int64" in given.type else numpy.float32
        if len(given.shape) < 2:
            values[given.name] = numpy.full([1] * len(given.shape), 500, kind)
        elif len(given.shape) == 3:
            width = given.shape[2] if isinstance(given.shape[2], int) else 768
            values[given.name] = numpy.random.standard_normal((batch, 77, width)).astype(kind)
        else:
            channels = given.shape[1] if isinstance(given.shape[1], int) else 4
            values[given.name] = numpy.random.standard_normal((batch, channels, size, size)).astype(kind)
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--latents", type=int, default=64, help="side of the latents")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    unet, decoder = (onnxruntime.InferenceSession(pathlib.Path(options.model) / part / "model.onnx") for part in ("unet", "vae_decoder"))
    latents, image = feed(unet, options.latents, 2), feed(decoder, options.latents, 1)

    def denoise():
        for _ in range(options.steps):
            unet.run(None, latents)

    def decode():
        decoder.run(None, image)

    times = {"in_turn": [], "at_once": []}
    for _ in range(options.rounds):
        start = time.perf_counter()
        denoise()
        decode()
        times["in_turn"].append(time.perf_counter() - start)
        start = time.perf_counter()
        beside = threading.Thread(target=decode)
        beside.start()
        denoise()
        beside.join()
        times["at_once"].append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(json.dumps({**{f"{name}_ms": round(1000 * value, 1) for name, value in medians.items()},
                      "ratio": round(medians["at_once"] / medians["in_turn"], 3)}))


if __name__ == "__main__":
    main()
