"""Collects the nodes of a graph: equal nodes and equal constants once, and what each value's shape was in both runs."""
import numpy as np
from onnx import helper, numpy_helper

LAST = np.iinfo(np.int64).max


class Builder:
    """A graph under construction. Values are known by name; `shapes` has, for each, its shape in the two runs of `observe`."""

    def __init__(self):
        self.nodes = []
        self.constants = {}
        self.shapes = {}
        self._names = {}
        self._made = {}

    def fresh(self):
        """A new short name."""
        return f"t{np.base_repr(len(self.shapes), 36).lower()}"

    def constant(self, value):
        """The name of a constant array."""
        value = np.asarray(value)
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self._names:
            self._names[key] = f"c{len(self._names)}"
            self.constants[self._names[key]] = value
            self.shapes[self._names[key]] = (value.shape, value.shape)
        return self._names[key]

    def number(self, value):
        return self.constant(np.float32(value))

    def whole(self, values):
        return self.constant(np.array(values, np.int64))

    def add(self, kind, inputs, shapes, **attributes):
        """Adds a node of one output and returns that; shapes: the output's in both runs."""
        return self.add_all(kind, inputs, [shapes], **attributes)[0]

    def add_all(self, kind, inputs, shapes, **attributes):
        """Adds a node with as many outputs as `shapes` has entries."""
        key = (kind, tuple(inputs), len(shapes), repr(sorted(attributes.items())))
        if key not in self._made:
            outputs = []
            for both in shapes:
                name = self.fresh()
                self.shapes[name] = both
                outputs.append(name)
            self.nodes.append(helper.make_node(kind, list(inputs), outputs, **attributes))
            self._made[key] = outputs
        return self._made[key]

    def named(self, name, value):
        """Gives a value the name by which it leaves the graph."""
        self.nodes.append(helper.make_node("Identity", [value], [name]))

    # -- The few operations that gradients are made of; shapes of elementwise results are those of `like`.

    def times(self, a, b, like):
        return self.add("Mul", [a, b], self.shapes[like])

    def plus(self, a, b, like):
        return self.add("Add", [a, b], self.shapes[like])

    def minus(self, a, b, like):
        return self.add("Sub", [a, b], self.shapes[like])

    def turned(self, x, order):
        """`x` with its axes in another order."""
        order = list(order)
        return self.add("Transpose", [x], tuple(tuple(shape[a] for a in order) for shape in self.shapes[x]), perm=order)

    def total(self, x, axes, keep):
        """Sums over axes."""
        axes = sorted(axis % len(self.shapes[x][0]) for axis in axes)
        return self.add("ReduceSum", [x, self.whole(axes)], reduced(self.shapes[x], axes, keep), keepdims=int(keep))

    def mean(self, x, axes, keep=True):
        """Averages over axes."""
        axes = sorted(axis % len(self.shapes[x][0]) for axis in axes)
        return self.add("ReduceMean", [x], reduced(self.shapes[x], axes, keep), axes=axes, keepdims=int(keep))

    def reshaped(self, x, shapes):
        """`x` in another shape, of which at most one changing side may be new."""
        if tuple(self.shapes[x]) == tuple(shapes):
            return x
        return self.add("Reshape", [x, self.whole(fixed_shape(self.shapes[x], shapes))], tuple(shapes))

    def reshaped_like(self, x, other):
        """`x` in the shape of `other`, which has as many numbers."""
        if self.shapes[x] == self.shapes[other] or fixed_shape(self.shapes[x], self.shapes[other]):
            return self.reshaped(x, self.shapes[other])
        return self.add("Reshape", [x, self.shape_of(other)], self.shapes[other])

    def shape_of(self, x):
        return self.add("Shape", [x], ((len(self.shapes[x][0]),),) * 2)

    def summed_to(self, x, shapes):
        """Sums over the axes along which a value of `shapes` was repeated to become as large as `x`."""
        missing = len(self.shapes[x][0]) - len(shapes[0])
        if missing:
            x = self.total(x, range(missing), False)
        repeated = [axis for axis, side in enumerate(shapes[0]) if side == 1 and self.shapes[x][0][axis] != 1]
        return self.total(x, repeated, True) if repeated else x

    def without_unused(self, outputs):
        """Drops nodes and constants that no output needs."""
        needed, kept = set(outputs), []
        for node in reversed(self.nodes):
            if needed.intersection(node.output):
                kept.append(node)
                needed.update(node.input)
        self.nodes = kept[::-1]
        self.constants = {name: value for name, value in self.constants.items() if name in needed}

    def initializers(self):
        return [numpy_helper.from_array(value, name) for name, value in self.constants.items()]


def reduced(shapes, axes, keep):
    """Shapes after a reduction."""
    return tuple(tuple(1 if axis in axes else side for axis, side in enumerate(shape) if keep or axis not in axes) for shape in shapes)


def fixed_shape(before, after):
    """A target for Reshape that holds whatever the sizes: numbers, 0 for a side that stays, -1 for one that follows; None if there is none.

    before, after: the shapes of both runs.
    """
    target, free = [], []
    for axis, sides in enumerate(zip(*after)):
        if sides[0] == sides[1]:
            target.append(sides[0])
        elif axis < len(before[0]) and sides == (before[0][axis], before[1][axis]):
            target.append(0)
        else:
            target.append(-1)
            free.append(axis)
    return target if len(free) <= 1 else None
