"""The UNet's own graph, taken over into a Builder: what depends on nothing but constants and fixed shapes becomes a constant."""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

from .builder import fixed_shape

#: What such a node gives says nothing of the values that it is given.
SHAPE_ONLY = ("Shape", "Size")
HALF = ".half"


class Forward:
    """After `take_over`: `names` leads from the UNet's values to the builder's, `weights` lists the inputs that are trained."""

    def __init__(self, model, seen, builder, roles):
        self.graph, self.seen, self.builder, self.roles = model.graph, seen, builder, roles
        self.names = {}
        self.weights = {}
        #: Results of normalisation without weights, each with (what was normalised, its deviation): their gradient is taken in one piece.
        self.normalised = {}
        self._initializers = {tensor.name: tensor for tensor in model.graph.initializer}
        self._split = {}
        self._consumers = {}
        for node in self.graph.node:
            for name in node.input:
                self._consumers.setdefault(name, []).append(node)
        self._varying = self._find_varying()

    def take_over(self):
        self._inputs()
        self._plan_splits()
        for node in self.graph.node:
            self._take(node)

    def _find_varying(self):
        """Values that depend on what goes in or on weights, by more than its shape."""
        varying = {value.name for value in self.graph.input}
        varying.update(name for name, tensor in self._initializers.items() if _is_weight(tensor))
        for node in self.graph.node:
            if node.op_type not in SHAPE_ONLY and varying.intersection(node.input):
                varying.update(node.output)
        return varying

    def _inputs(self):
        for role in ("sample", "encoder_hidden_states"):
            self._enter(self.roles[role], role)
        self._enter(self._repeated_timestep(), "timestep")
        for name, tensor in self._initializers.items():
            if _is_weight(tensor):
                weight = name.removesuffix(HALF)
                self.weights[weight] = tuple(tensor.dims)
                self._enter(name, weight)
            else:
                self.names[name] = self.builder.constant(numpy_helper.to_array(tensor))

    def _enter(self, theirs, ours):
        self.names[theirs] = ours
        self.builder.shapes[ours] = tuple(self.seen.shapes[theirs])

    def _repeated_timestep(self):
        """The timestep, one an image: what comes of the input after it was repeated along the batch."""
        name = self.roles["timestep"]
        batches = tuple((shape[0],) for shape in self.seen.shapes[self.roles["sample"]])
        waiting, found = [name], []
        while waiting:
            name = waiting.pop()
            if tuple(self.seen.shapes[name]) == batches:
                found.append(name)
            for node in self._consumers.get(name, ()):
                if node.op_type in ("Cast", "Unsqueeze", "Reshape", "Identity", "Expand"):
                    waiting.extend(node.output)
        if not found:
            raise SystemExit("training: this UNet does not repeat its timestep along the batch as diffusers' UNets do. Export the model with scripts.export.")
        return found[-1]

    def _plan_splits(self):
        """Slices that together take all of a value along an axis of a fixed side become one Split, whose gradient is one Concat."""
        for name, nodes in self._consumers.items():
            cuts = [(self._cut(node), node) for node in nodes if node.op_type == "Slice"]
            cuts = sorted(((cut, node) for cut, node in cuts if cut), key=lambda found: found[0][1])
            if len(cuts) < 2 or name not in self._varying:
                continue
            axes = {cut[0] for cut, _ in cuts}
            ends = [0, *(cut[2] for cut, _ in cuts)]
            axis = cuts[0][0][0]
            whole = all(cut[1] == end for (cut, _), end in zip(cuts, ends)) and ends[-1] == self.seen.shapes[name][0][axis]
            if len(axes) == 1 and whole:
                for number, (_, node) in enumerate(cuts):
                    self._split[node.output[0]] = (axis, [end - start for (_, start, end), _ in cuts], number,
                                                   [tuple(self.seen.shapes[other.output[0]]) for _, other in cuts])

    def _cut(self, node):
        """(axis, start, end) of a Slice of step 1 along one axis whose side and whose limits are fixed; else None."""
        limits = [self.seen.same(name) for name in node.input[1:]]
        if any(found is None or found.size != 1 for found in limits) or len(limits) < 3 or len(limits) == 4 and limits[3].item() != 1:
            return None
        shapes = self.seen.shapes[node.input[0]]
        axis = limits[2].item() % len(shapes[0])
        side = shapes[0][axis]
        if side != shapes[1][axis]:
            return None
        start, end = (min(side, at + side if at < 0 else at) for at in (limits[0].item(), limits[1].item()))
        return axis, start, end

    def _take(self, node):
        if node.output[0] in self.names:
            return
        if not self._varying.intersection(node.output) and len(node.output) == 1:
            fixed = self.seen.same(node.output[0])
            if fixed is not None:
                self.names[node.output[0]] = self.builder.constant(fixed)
                return
        if any(name and name not in self.names for name in node.input):
            return  # It leads to the timestep alone, from before that is repeated.
        inputs = [self.names[name] if name else "" for name in node.input]
        shapes = [tuple(self.seen.shapes[name]) for name in node.output]
        kept = getattr(self, "_" + node.op_type.lower(), self._copy)
        for name, made in zip(node.output, kept(node, inputs, shapes)):
            self.names[name] = made

    def _copy(self, node, inputs, shapes):
        return self.builder.add_all(node.op_type, inputs, shapes, **attributes(node))

    def _identity(self, node, inputs, shapes):
        return [inputs[0]]

    _dropout = _identity

    def _cast(self, node, inputs, shapes):
        """Everything that is trained, and all that comes of it, is float32 here."""
        if node.input[0] not in self._varying:
            return self._copy(node, inputs, shapes)
        if attributes(node)["to"] != TensorProto.FLOAT and self._consumers_but_casts(node.output[0]):
            raise SystemExit("training: this UNet computes in float16. Export it with scripts.export, whose --storage float16 keeps arithmetic in float32.")
        return [inputs[0]]

    def _consumers_but_casts(self, name):
        return [node for node in self._consumers.get(name, ()) if node.op_type not in ("Cast", "Unsqueeze", "Expand")]

    def _reshape(self, node, inputs, shapes):
        before = self.builder.shapes[inputs[0]]
        if before == shapes[0]:
            return [inputs[0]]
        target = fixed_shape(before, shapes[0])
        return [self.builder.reshaped(inputs[0], shapes[0])] if target else self._copy(node, inputs, shapes)

    _unsqueeze = _squeeze = _flatten = _reshape

    def _slice(self, node, inputs, shapes):
        if node.output[0] not in self._split:
            return self._copy(node, inputs, shapes)
        axis, sizes, number, all_shapes = self._split[node.output[0]]
        return [self.builder.add_all("Split", [inputs[0], self.builder.whole(sizes)], all_shapes, axis=axis)[number]]

    def _resize(self, node, inputs, shapes):
        """Only doubling has a gradient here; it is what every size that suits the UNet needs."""
        before, after = self.builder.shapes[inputs[0]], shapes[0]
        doubled = all(a == tuple((*b[:2], 2 * b[2], 2 * b[3])) for a, b in zip(after, before))
        if not doubled or attributes(node).get("mode", b"nearest") != b"nearest":
            raise SystemExit(f"training: this UNet enlarges {before[0]} to {after[0]}; only doubling, nearest neighbour, can be trained.")
        scales = self.builder.constant(np.array([1, 1, 2, 2], np.float32))
        return [self.builder.add("Resize", [inputs[0], "", scales], after, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")]

    def _instancenormalization(self, node, inputs, shapes):
        """Group normalisation as torch exports it: each group a channel, which is then scaled and shifted by other nodes."""
        scale, shift = (self.builder.constants.get(name) for name in inputs[1:])
        if scale is None or shift is None or not (scale == 1).all() or shift.any():
            raise SystemExit("training: this UNet has instance normalisation with weights of its own, which cannot be trained.")
        b, x = self.builder, inputs[0]
        axes = range(2, len(shapes[0][0]))
        centred = b.minus(x, b.mean(x, axes), x)
        variance = b.mean(b.times(centred, centred, x), axes)
        spread = b.add("Sqrt", [b.plus(variance, b.number(attributes(node).get("epsilon", 1e-5)), variance)], b.shapes[variance])
        result = b.add("Div", [centred, spread], shapes[0])
        self.normalised[result] = (x, spread)
        return [result]

    def _layernormalization(self, node, inputs, shapes):
        """With its mean and deviation, which the gradient wants."""
        axis = attributes(node).get("axis", -1) % len(shapes[0][0])
        if axis != len(shapes[0][0]) - 1:
            raise SystemExit("training: this UNet normalises layers over several axes, which cannot be trained.")
        statistics = tuple((*shape[:-1], 1) for shape in shapes[0])
        return self.builder.add_all("LayerNormalization", inputs, [shapes[0], statistics, statistics], **attributes(node))[:1]


def attributes(node):
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def _is_weight(tensor):
    return tensor.data_type in (TensorProto.FLOAT, TensorProto.FLOAT16) and len(tensor.dims) > 0
