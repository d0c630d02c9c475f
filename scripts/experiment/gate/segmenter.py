"""A small U-Net for every set, trained on its train images, that knows nothing of the gate.

It tells background, the inside of objects and their rim; pieces of inside are objects, grown into the rim. Training ends after a share of five minutes
of CPU time for all sets together, and the weights are kept under the work folder.
"""

import time

import numpy as np
import torch
from scipy import ndimage
from torch import nn
from torch.nn import functional

#: CPU seconds of training, by set; together five minutes.
SECONDS = {
    "bbbc039_u2os_nuclei": 70,
    "bbbc038_fluo_nuclei": 90,
    "bbbc038_histology_nuclei": 80,
    "yeast_phase_yeastvision": 60,
}
CROP, BATCH, WIDTH = 128, 4, 16
BACKGROUND, INSIDE, RIM = range(3)
SMALLEST_OBJECT = 8
GROWTH = 3


def block(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
    )


class Unet(nn.Module):
    """[n, channels, h, w] to [n, 3, h, w] logits; sides are multiples of 16. Works at half the resolution: minutes of CPU time go further."""

    def __init__(self, channels):
        super().__init__()
        widths = [WIDTH, 2 * WIDTH, 3 * WIDTH, 4 * WIDTH]
        self.enter = nn.Conv2d(channels, WIDTH, 4, stride=2, padding=1)
        self.down = nn.ModuleList(block(a, b) for a, b in zip([WIDTH] + widths[:-1], widths))
        self.up = nn.ModuleList(block(a + b, b) for a, b in zip(widths[:0:-1], widths[-2::-1]))
        self.out = nn.Sequential(nn.Conv2d(WIDTH, 12, 1), nn.PixelShuffle(2))

    def forward(self, x):
        kept, x = [], self.enter(x)
        for level, stage in enumerate(self.down):
            x = stage(x if level == 0 else functional.max_pool2d(x, 2))
            kept.append(x)
        for stage, skipped in zip(self.up, kept[-2::-1]):
            x = stage(torch.cat([functional.interpolate(x, scale_factor=2), skipped], 1))
        return self.out(x)


def scaled(planes, source):
    """[channel, y, x] in the source's own range, so that 0 to 1 is what the source uses."""
    low, high = (np.percentile(source, q, axis=(1, 2), keepdims=True) for q in (1, 99.8))
    return np.clip((planes - low) / np.maximum(high - low, 1e-6), -0.5, 2).astype(np.float32)


def classes(labels):
    """Of every pixel: background, inside or rim; the rim is what touches another number, one pixel wide, and inside of small objects stays."""
    smallest, largest = (f(labels, size=3, mode="nearest") for f in (ndimage.minimum_filter, ndimage.maximum_filter))
    target = np.where(labels == 0, BACKGROUND, np.where(smallest != largest, RIM, INSIDE))
    return target.astype(np.int64)


def trained(name, samples, file, seed=1):
    """samples: list of (planes, labels). Loads the network from the file if it is there."""
    torch.manual_seed(seed)
    net = Unet(samples[0][0].shape[0])
    if file.exists():
        net.load_state_dict(torch.load(file))
        return net.eval()
    drawn = np.random.default_rng(seed)
    data = [(scaled(planes, planes), classes(labels)) for planes, labels in samples]
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    weights = torch.tensor([1.0, 1.0, 2.0])
    start, step, spent = time.process_time(), 0, 0.0
    while spent < SECONDS[name]:
        for group in optimiser.param_groups:
            group["lr"] = 4e-3 * min(1, (step + 1) / 20) * max(0.02, 1 - spent / SECONDS[name])
        x, y = zip(*(crop(*data[drawn.integers(len(data))], drawn) for _ in range(BATCH)))
        loss = functional.cross_entropy(net(torch.from_numpy(np.stack(x))), torch.from_numpy(np.stack(y)), weights)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step, spent = step + 1, time.process_time() - start
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), file)
    print(f"{name}: {step} steps, last loss {loss.item():.3f}", flush=True)
    return net.eval()


def crop(planes, target, drawn):
    """A part of a picture, turned, mirrored, with other contrast, sharpness and noise."""
    pad = [(0, max(0, CROP - side)) for side in target.shape]
    planes, target = np.pad(planes, [(0, 0), *pad], mode="reflect"), np.pad(target, pad, mode="reflect")
    y, x = (drawn.integers(side - CROP + 1) for side in target.shape)
    planes, target = planes[:, y:y + CROP, x:x + CROP], target[y:y + CROP, x:x + CROP]
    if drawn.random() < 0.5:
        planes = ndimage.gaussian_filter(planes, (0, *[drawn.uniform(0.3, 1.5)] * 2))
    planes = planes * drawn.uniform(0.7, 1.3) + drawn.uniform(-0.1, 0.1)
    planes = planes + drawn.normal(0, drawn.uniform(0, 0.05), planes.shape)
    turns = drawn.integers(4)
    planes, target = np.rot90(planes, turns, (1, 2)), np.rot90(target, turns)
    if drawn.random() < 0.5:
        planes, target = planes[:, :, ::-1], target[:, ::-1]
    return planes.astype(np.float32), target.copy()


@torch.no_grad()
def segmented(net, planes, source):
    """[y, x] labels of what the network sees."""
    x = scaled(planes, source)
    height, width = x.shape[1:]
    x = np.pad(x, [(0, 0), (0, -height % 16), (0, -width % 16)], mode="reflect")
    chances = functional.softmax(net(torch.from_numpy(x[None])), 1)[0].numpy()[:, :height, :width]
    seeds, count = ndimage.label(chances[INSIDE] > 0.5)
    sizes = np.bincount(seeds.ravel(), minlength=count + 1)
    seeds[sizes[seeds] < SMALLEST_OBJECT] = 0
    away, (near_y, near_x) = ndimage.distance_transform_edt(seeds == 0, return_indices=True)
    return np.where((away <= GROWTH) & (chances[BACKGROUND] < 0.5), seeds[near_y, near_x], 0)
