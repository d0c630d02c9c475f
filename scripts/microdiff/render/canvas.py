"""Where objects are drawn: depth planes, instance labels, and maps for pictures that are not fluorescent."""
import numpy as np

PLANES = 3


class Canvas:
    """All maps are float32 [side, side] unless said otherwise; the margin is cut off at the end.

    planes [3, side, side]  fluorophore density at three depths
    body                    0..1 where an object is
    edge                    0..1 where its membrane or wall is
    inner                   0..1 what is inside (cristae, nucleoli, vacuoles)
    labels  int32           instance number, 0 for background
    """

    def __init__(self, pixels, margin=10):
        self.pixels, self.margin, self.side = pixels, margin, pixels + 2 * margin
        self.planes = np.zeros((PLANES, self.side, self.side), np.float32)
        self.body = np.zeros((self.side, self.side), np.float32)
        self.edge = np.zeros_like(self.body)
        self.inner = np.zeros_like(self.body)
        self.labels = np.zeros((self.side, self.side), np.int32)
        self.count = 0

    def area_factor(self):
        """How many times a 128 by 128 picture this one holds; object counts grow with it."""
        return (self.pixels / 128.0) ** 2

    def window(self, x, y, reach):
        """Slices of a square around (x, y) and coordinates relative to it, or None where it misses the canvas."""
        top, left = max(int(y - reach), 0), max(int(x - reach), 0)
        bottom, right = min(int(y + reach) + 2, self.side), min(int(x + reach) + 2, self.side)
        if top >= bottom or left >= right:
            return None
        dy = (np.arange(top, bottom, dtype=np.float32) - y)[:, None]
        dx = (np.arange(left, right, dtype=np.float32) - x)[None, :]
        return (slice(top, bottom), slice(left, right)), dx, dy

    def add(self, where, plane, density, inside, edge=None, inner=None):
        """Adds one object: its density, its signed distance to the outline (positive inside), and its details."""
        body = 1.0 / (1.0 + np.exp(-np.clip(inside, -8, 8) / 0.4))
        self.planes[plane][where] = np.maximum(self.planes[plane][where], density * body)
        cover = 1.0 - body
        self.edge[where] *= cover
        self.inner[where] *= cover
        if edge is not None:
            self.edge[where] = np.maximum(self.edge[where], edge)
        if inner is not None:
            self.inner[where] = np.maximum(self.inner[where], inner * body)
        self.body[where] = np.maximum(self.body[where], body)
        self.count += 1
        self.labels[where][inside > 0] = self.count

    def splat(self, x, y, plane, weight):
        """Adds points, bilinearly, to the depth planes. x, y, plane and weight have one shape."""
        x, y = np.ravel(x), np.ravel(y)
        plane, weight = np.ravel(plane), np.ravel(weight)
        keep = (x >= 0) & (y >= 0) & (x < self.side - 1) & (y < self.side - 1)
        x, y, plane, weight = x[keep], y[keep], plane[keep].astype(np.int64), weight[keep]
        column, row = x.astype(np.int64), y.astype(np.int64)
        fx, fy = x - column, y - row
        base = (plane * self.side + row) * self.side + column
        total = np.zeros(self.planes.size)
        for offset, share in ((0, (1 - fx) * (1 - fy)), (1, fx * (1 - fy)), (self.side, (1 - fx) * fy),
                              (self.side + 1, fx * fy)):
            total += np.bincount(base + offset, weight * share, minlength=self.planes.size)
        return total.reshape(self.planes.shape).astype(np.float32)

    def mark(self, x, y, instance):
        """Writes instance numbers at the nearest pixels of (x, y), without counting anything."""
        column, row = np.rint(np.ravel(x)).astype(int), np.rint(np.ravel(y)).astype(int)
        keep = (column >= 0) & (row >= 0) & (column < self.side) & (row < self.side)
        self.labels[row[keep], column[keep]] = np.ravel(instance)[keep]

    def crop(self, field):
        """The field without the margin."""
        end = self.margin + self.pixels
        return field[..., self.margin:end, self.margin:end]
