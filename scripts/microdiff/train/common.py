"""What both trainings share: a clock that survives interruption, moving averages, checkpoints and pictures."""
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image


def device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast():
    """bfloat16 on a GPU; float32 on a CPU, where few processors compute bfloat16 faster."""
    cuda = torch.cuda.is_available()
    return torch.autocast("cuda", dtype=torch.bfloat16, enabled=cuda)


class Average:
    """Exponential moving average of a module's parameters; warms up so that early steps do not linger."""

    def __init__(self, module, decay):
        self.decay, self.steps = decay, 0
        self.values = {name: value.detach().clone() for name, value in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module):
        self.steps += 1
        keep = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in module.state_dict().items():
            if value.dtype.is_floating_point:
                self.values[name].lerp_(value, 1 - keep)
            else:
                self.values[name].copy_(value)


class Progress:
    """How far a training is: by steps or by minutes of training time, whichever is used up first."""

    def __init__(self, steps, minutes):
        self.limit_steps, self.limit_seconds = steps, minutes * 60
        self.step, self.seconds = 0, 0.0
        self._mark = time.monotonic()

    def advance(self):
        now = time.monotonic()
        self.seconds += now - self._mark
        self._mark = now
        self.step += 1

    def fraction(self):
        return min(1.0, max(self.step / self.limit_steps, self.seconds / self.limit_seconds))

    def rate(self, peak, warm_steps=100, floor=0.03):
        """Learning rate: linear warm-up, then cosine down to a small share of the peak."""
        cosine = 0.5 * (1 + np.cos(np.pi * self.fraction()))
        return peak * min(1.0, (self.step + 1) / warm_steps) * (floor + (1 - floor) * cosine)


def load_state(path):
    return torch.load(path, map_location="cpu", weights_only=False) if Path(path).exists() else None


def keep(path, module, optimiser, average, progress):
    """Writes a training's checkpoint, whole or not at all: what `resume` reads."""
    aside = Path(str(path) + ".part")
    torch.save({"model": module.state_dict(), "optimiser": optimiser.state_dict(), "average": average.values,
                "step": progress.step, "seconds": progress.seconds}, aside)
    os.replace(aside, path)


def resume(path, module, optimiser, average, progress):
    """Goes on from a checkpoint, if there is one; says whether there was."""
    state = load_state(path)
    if state is None:
        return False
    module.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    average.values = {name: value.to(average.values[name].device) for name, value in state["average"].items()}
    average.steps = progress.step = state["step"]
    progress.seconds = state["seconds"]
    return True


def log(folder, name, **values):
    """Appends one JSON line to NAME.jsonl and prints it."""
    line = json.dumps({key: round(value, 5) if isinstance(value, float) else value for key, value in values.items()})
    with open(Path(folder) / f"{name}.jsonl", "a", encoding="utf-8") as out:
        out.write(line + "\n")
    print(name, line, flush=True)


def save_grid(path, pictures, columns):
    """pictures: uint8 [n, h, w, 3]; n a multiple of columns."""
    rows = [np.concatenate(list(pictures[i:i + columns]), axis=1) for i in range(0, len(pictures), columns)]
    Image.fromarray(np.concatenate(rows, axis=0)).save(path)
