"""Rows about time: the first image from a shell, and one once the model is warm; this machine's processors."""
import json
import subprocess
import tempfile
from pathlib import Path

from .row import Row
from .source import ROOT

STEPS = 15


def rows(bench):
    """Medians that `scripts/diffusionj bench` measures: of 5 new processes, and of 10 images in one."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "bench.json"
        subprocess.run([str(ROOT / "scripts" / "diffusionj"), "bench", "--model", str(bench.model), "--steps", str(STEPS), "--parts",
                        "START,WARM", "--json", str(found)], check=True, stdout=subprocess.DEVNULL)
        report = json.loads(found.read_text())
    for what, key, count, goal in (("first image from a cold start", "cold_start_ms", 5, 4.0), ("an image once warm", "warm_ms", 10, 1.5)):
        seconds = report[key] / 1000
        yield Row(f"{what}, 128 by 128, {STEPS} steps, {report['processors']} processors", count, f"{seconds:.2f} s", "-", "-",
                  f"at most {goal} s", seconds <= goal)
