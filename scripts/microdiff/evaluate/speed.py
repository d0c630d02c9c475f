"""Rows about time on this machine's processors: the first image from a shell, and one once the model is warm."""
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from .row import Row
from .source import ROOT

STEPS, STARTS, REPEATS = 15, 5, 10
COMMAND = str(ROOT / "scripts" / "diffusionj")


def rows(bench):
    """The median of new shells that each write a picture, after one that is not counted; and of images in one process.

    Files are in the system's cache by then, and the model's optimised form in DiffusionJ's.
    """
    with tempfile.TemporaryDirectory() as folder:
        picture, report = Path(folder) / "picture.png", Path(folder) / "bench.json"
        model = ("--model", str(bench.model), "--steps", str(STEPS))
        starts = [_seconds("txt2img", *model, "--prompt", f"{k} nuclei", "--seed", "1", "--output", str(picture))
                  for k in range(STARTS + 1)][1:]
        _seconds("bench", *model, "--parts", "WARM", "--repeat", str(REPEATS), "--json", str(report))
        warm = json.loads(report.read_text())["warm_ms"] / 1000
    for what, count, found, goal in (("first image from a shell, written as PNG", STARTS, statistics.median(starts), 4.0),
                                     ("an image once warm", REPEATS, warm, 1.5)):
        yield Row(f"{what}: 128 by 128, {STEPS} steps, {os.cpu_count()} processors", count, f"{found:.2f} s", "-", "-",
                  f"at most {goal} s", found <= goal)


def _seconds(*words):
    start = time.monotonic()
    subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start
