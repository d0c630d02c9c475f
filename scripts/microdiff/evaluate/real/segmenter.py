"""A small U-Net that finds the objects of one set of real images; it is trained on the set's train images alone.

It tells background, rim and core of objects apart. Cores are numbered, and grow back over the rims. A fixed seed and number of steps make it the
same on every run of one machine; three sets together take under five minutes of one processor.
"""
import numpy as np
import torch
from scipy import ndimage
from torch import nn
from torch.nn import functional

BATCH, PATCH, WIDTH, RATE = 8, 96, 16, 3e-3
#: An object's pixels at most this far from its edge are rim.
RIM = 1.5
#: Cores grow back by this many pixels.
GROWTH = 3.0
SMALLEST_CORE = 6


class Segmenter(nn.Module):
    """[n, channels, h, w] of 0 to 1 to logits [n, 3, h, w]; h and w are multiples of 4."""

    def __init__(self, channels):
        super().__init__()
        self.first, self.second, self.third = _block(channels, WIDTH), _block(WIDTH, 2 * WIDTH), _block(2 * WIDTH, 4 * WIDTH)
        self.back, self.last = _block(6 * WIDTH, 2 * WIDTH), _block(3 * WIDTH, WIDTH)
        self.out = nn.Conv2d(WIDTH, 3, 1)

    def forward(self, x):
        one = self.first(x)
        two = self.second(functional.max_pool2d(one, 2))
        three = self.third(functional.max_pool2d(two, 2))
        two = self.back(torch.cat([functional.interpolate(three, scale_factor=2), two], 1))
        return self.out(self.last(torch.cat([functional.interpolate(two, scale_factor=2), one], 1)))

    @torch.no_grad()
    def segments(self, level):
        """int [h, w] instances of float [h, w, channels] of 0 to 1."""
        height, width = level.shape[:2]
        padded = np.pad(level, ((0, -height % 4), (0, -width % 4), (0, 0)), mode="reflect")
        classes = self(_tensor(padded[None]))[0].argmax(0).numpy()[:height, :width]
        return grown(classes)


def _block(inside, outside):
    return nn.Sequential(nn.Conv2d(inside, outside, 3, padding=1), nn.GroupNorm(4, outside), nn.SiLU(),
                         nn.Conv2d(outside, outside, 3, padding=1), nn.GroupNorm(4, outside), nn.SiLU())


def grown(classes):
    """int [h, w] instances of classes (0 background, 1 rim, 2 core): every core, and the rim pixels that are nearest to it."""
    cores, count = ndimage.label(classes == 2)
    small = np.flatnonzero(np.bincount(cores.ravel()) < SMALLEST_CORE)
    cores[np.isin(cores, small)] = 0
    if not cores.any():
        return cores
    distance, nearest = ndimage.distance_transform_edt(cores == 0, return_indices=True)
    return np.where((classes > 0) & (distance <= GROWTH), cores[tuple(nearest)], 0)


def classes_of(labels):
    """What the network is to say of int [h, w] instances."""
    depth = np.zeros(labels.shape)
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        if box is not None:
            window = tuple(slice(max(0, side.start - 1), side.stop + 1) for side in box)
            # Outside the picture an object goes on.
            own = np.pad(labels[window] == number, 1, mode="edge")
            inside = ndimage.distance_transform_edt(own)[1:-1, 1:-1]
            depth[window] = np.maximum(depth[window], inside)
    return np.where(depth > RIM, 2, np.where(labels > 0, 1, 0))


def trained(examples, steps, seed=0):
    """The weights, arrays by name, after so many steps on pairs of float [h, w, channels] of 0 to 1 and int [h, w] instances."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    pairs = [(level, classes_of(labels)) for level, labels in examples]
    network = Segmenter(pairs[0][0].shape[2])
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    weights = torch.tensor([1.0, 2.0, 1.0])
    for _ in range(steps):
        patches = [_patch(rng, *pairs[rng.integers(len(pairs))]) for _ in range(BATCH)]
        wanted = torch.from_numpy(np.stack([classes for _, classes in patches]).astype(np.int64))
        loss = functional.cross_entropy(network(_tensor(np.stack([level for level, _ in patches]))), wanted, weights)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    torch.set_num_threads(threads)
    return {name: value.numpy() for name, value in network.state_dict().items()}


def restored(weights):
    """The segmenter with these weights."""
    network = Segmenter(weights["first.0.weight"].shape[1])
    network.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    return network.eval()


def _patch(rng, level, classes):
    """A square piece, turned or mirrored, its levels, sharpness and noise changed: what is drawn anew differs from the source in these."""
    size = [min(PATCH, length // 4 * 4) for length in classes.shape]
    top, left = (rng.integers(length - side + 1) for length, side in zip(classes.shape, size))
    part = (slice(top, top + size[0]), slice(left, left + size[1]))
    level, classes = level[part], classes[part]
    if size[0] == size[1]:
        turn = rng.integers(4)
        level, classes = np.rot90(level, turn), np.rot90(classes, turn)
    if rng.random() < 0.5:
        level, classes = level[:, ::-1], classes[:, ::-1]
    blur = rng.uniform(0, 1.2) * (rng.random() < 0.5)
    level = ndimage.gaussian_filter(level, (blur, blur, 0)) ** rng.uniform(0.7, 1.4)
    level = level * rng.uniform(0.8, 1.2) + rng.uniform(-0.1, 0.1) + rng.normal(0, rng.uniform(0, 0.06), level.shape)
    return np.clip(level, 0, 1).astype(np.float32), classes


def _tensor(levels):
    return torch.from_numpy(np.ascontiguousarray(levels.transpose(0, 3, 1, 2), np.float32))
