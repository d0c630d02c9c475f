"""Compares DiffusionJ with optimum's ONNX Stable Diffusion pipeline: the same files, steps, size, guidance and seeds, in turns.

    python -m scripts.peers.compare --model FOLDER [--steps 20] [--rounds 10] [--repeat 10] [--json FILE]

Each round runs both programs twice: once with everything open (the median of --repeat generations after one that does not count), once from
the shell to the first image on disk. Who goes first changes from round to round. Ratios are of the medians over the rounds; below 1 ours
is faster. Both use ONNX Runtime's default number of threads. Also says how far the two first images are apart, in grey levels.
"""
import argparse
import importlib.metadata
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
OURS = HERE.parent / "diffusionj"
THEIRS = HERE / "optimum_run.py"


def run(command):
    """Runs a program that must succeed; gives its output and its wall time in milliseconds."""
    start = time.perf_counter()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    millis = 1000 * (time.perf_counter() - start)
    if done.returncode:
        sys.exit(f"{command[0]} failed with code {done.returncode}:\n{done.stderr}")
    return done.stdout, millis


class Peers:
    def __init__(self, options, folder):
        self.options = options
        self.folder = pathlib.Path(folder)
        self.report = self.folder / "bench.json"
        self.ours_bench(1)
        told = json.loads(self.report.read_text())
        self.told = told
        self.peer = [sys.executable, THEIRS, "--model", options.model, "--steps", options.steps, "--prompt", options.prompt, "--guidance",
                     told["guidance"], "--width", told["width"], "--height", told["height"]]

    def ours_bench(self, repeat):
        run([OURS, "bench", "--model", self.options.model, "--steps", self.options.steps, "--prompt", self.options.prompt, "--parts", "WARM",
             "--repeat", repeat, "--provider", "cpu", "--json", self.report])
        return json.loads(self.report.read_text())["warm_ms"]

    def ours_warm(self):
        return self.ours_bench(self.options.repeat)

    def theirs_warm(self):
        output, _ = run(self.peer + ["--repeat", self.options.repeat])
        return statistics.median(json.loads(output.strip().splitlines()[-1]))

    def ours_start(self):
        return run([OURS, "txt2img", "--model", self.options.model, "--steps", self.options.steps, "--prompt", self.options.prompt, "--seed", 0,
                    "--guidance", self.told["guidance"], "--guidance-from", 0, "--guidance-to", 1, "--provider", "cpu", "--output",
                    self.folder / "ours.png"])[1]

    def theirs_start(self):
        return run(self.peer + ["--seed", 0, "--output", self.folder / "theirs.png"])[1]

    def apart(self):
        """Mean and largest difference of the first images in grey levels."""
        import numpy
        from PIL import Image

        ours, theirs = (numpy.asarray(Image.open(self.folder / name).convert("RGB"), dtype=float) for name in ("ours.png", "theirs.png"))
        return [round(float(abs(ours - theirs).mean()), 4), float(abs(ours - theirs).max())]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a model folder with model_index.json and a VAE encoder, which optimum wants")
    parser.add_argument("--prompt", default="sparse bright nuclei on a dark background")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=10)
    parser.add_argument("--json")
    options = parser.parse_args()

    times = {name: [] for name in ("ours_warm", "theirs_warm", "ours_start", "theirs_start")}
    with tempfile.TemporaryDirectory() as folder:
        peers = Peers(options, folder)
        for number in range(options.rounds):
            order = list(times) if number % 2 == 0 else list(reversed(times))
            for name in order:
                times[name].append(getattr(peers, name)())
            print(f"round {number + 1} of {options.rounds}: " + ", ".join(f"{name} {times[name][-1]:.0f} ms" for name in times), file=sys.stderr)
        apart = peers.apart()
        told = peers.told
    medians = {name: statistics.median(values) for name, values in times.items()}
    report = {
        "model": told["model"], "steps": options.steps, "size": [told["width"], told["height"]], "scheduler": told["scheduler"],
        "guidance": told["guidance"], "rounds": options.rounds, "repeat": options.repeat, "processors": os.cpu_count(),
        "onnxruntime": {"ours": told["onnxruntime"], "theirs": importlib.metadata.version("onnxruntime")},
        "optimum-onnx": importlib.metadata.version("optimum-onnx"),
        **{f"{name}_ms": round(value, 1) for name, value in medians.items()},
        "warm_ratio": round(medians["ours_warm"] / medians["theirs_warm"], 3),
        "start_ratio": round(medians["ours_start"] / medians["theirs_start"], 3),
        "grey_levels_apart_mean_and_most": apart,
    }
    text = json.dumps(report, indent=2)
    print(text)
    if options.json:
        pathlib.Path(options.json).write_text(text + "\n")


if __name__ == "__main__":
    main()
