"""Reverse-mode differentiation of a graph: for every kind of node, the nodes that lead a gradient from its output to its inputs.

`RULES[kind](b, node, dy)` gives one gradient, or None, for each input; `b` is the Builder, `dy` the name of the gradient of the node's first output.
A gradient has the shape of its value. `wanted` tells which values need one, so that nothing is made in vain.
"""
import math

import numpy as np

from .builder import LAST, reduced
from .forward import attributes


def add_gradients(b, loss_gradients, wanted_weights, normalised):
    """Appends the backward pass and returns {weight: its gradient}.

    loss_gradients: {value: its gradient} to begin from. normalised: see Forward.
    """
    forward = list(b.nodes)
    wanted = _wanted(forward, wanted_weights)
    parts = {name: [gradient] for name, gradient in loss_gradients.items()}
    for node in reversed(forward):
        if node.op_type == "Split":
            gradients = _split(b, node, parts) if node.input[0] in wanted and any(name in parts for name in node.output) else ()
        else:
            name = node.output[0]
            if name not in parts or name not in wanted:
                continue
            dy = _sum(b, name, parts)
            gradients = _normalised(b, name, *normalised[name], dy) if name in normalised else _rule(node)(b, node, dy, wanted)
        for value, gradient in gradients:
            if value in wanted:
                parts.setdefault(value, []).append(gradient)
    missing = [name for name in wanted_weights if name not in parts]
    if missing:
        raise SystemExit(f"training: the picture does not depend on {', '.join(missing[:3])}.")
    return {name: _sum(b, name, parts) for name in wanted_weights}


def _wanted(nodes, weights):
    wanted = set(weights)
    for node in nodes:
        if wanted.intersection(node.input) and node.op_type not in ("Shape", "Size"):
            wanted.update(node.output)
    return wanted


def _rule(node):
    if node.op_type not in RULES:
        raise SystemExit(f"training: this UNet has a node of kind {node.op_type}, whose gradient scripts/training does not know.")
    return RULES[node.op_type]


def _sum(b, name, parts):
    found = parts[name]
    if len(found) > 1:
        total = found[0]
        for other in found[1:]:
            total = b.plus(total, other, name)
        parts[name] = [total]
    return parts[name][0]


def _normalised(b, z, x, spread, dy):
    """z = (x - mean) / spread over all axes from the third on. Ioffe and Szegedy (2015), written for z."""
    axes = range(2, len(b.shapes[x][0]))
    level = b.minus(dy, b.mean(dy, axes), x)
    slope = b.times(z, b.mean(b.times(dy, z, x), axes), x)
    return [(x, b.add("Div", [b.minus(level, slope, x), spread], b.shapes[x]))]


def _split(b, node, parts):
    """A piece that nothing depends on counts as zeros."""
    pieces = []
    for name in node.output:
        pieces.append(_sum(b, name, parts) if name in parts else b.add("Sub", [name, name], b.shapes[name]))
    return [(node.input[0], b.add("Concat", pieces, b.shapes[node.input[0]], axis=attributes(node)["axis"]))]


def add(b, node, dy, wanted):
    return [(name, b.summed_to(dy, b.shapes[name])) for name in node.input if name in wanted]


def sub(b, node, dy, wanted):
    left, right = node.input
    found = [(left, b.summed_to(dy, b.shapes[left]))] if left in wanted else []
    if right in wanted:
        found.append((right, b.add("Neg", [b.summed_to(dy, b.shapes[right])], b.shapes[right])))
    return found


def mul(b, node, dy, wanted):
    left, right = node.input
    return [(name, b.summed_to(b.times(dy, other, node.output[0]), b.shapes[name]))
            for name, other in ((left, right), (right, left)) if name in wanted]


def div(b, node, dy, wanted):
    left, right = node.input
    quotient = b.add("Div", [dy, right], b.shapes[node.output[0]])
    found = [(left, b.summed_to(quotient, b.shapes[left]))] if left in wanted else []
    if right in wanted:
        product = b.times(quotient, node.output[0], node.output[0])
        found.append((right, b.add("Neg", [b.summed_to(product, b.shapes[right])], b.shapes[right])))
    return found


def sigmoid(b, node, dy, wanted):
    y = node.output[0]
    return [(node.input[0], b.times(dy, b.times(y, b.minus(b.number(1), y, y), y), y))]


def erf(b, node, dy, wanted):
    x = node.input[0]
    bell = b.add("Exp", [b.add("Neg", [b.times(x, x, x)], b.shapes[x])], b.shapes[x])
    return [(x, b.times(dy, b.times(bell, b.number(2 / math.sqrt(math.pi)), x), x))]


def softmax(b, node, dy, wanted):
    y = node.output[0]
    axis = attributes(node).get("axis", -1)
    product = b.times(dy, y, y)
    return [(node.input[0], b.minus(product, b.times(y, b.total(product, [axis], True), y), y))]


def same_numbers(b, node, dy, wanted):
    """Reshape, Unsqueeze, Squeeze."""
    return [(node.input[0], b.reshaped_like(dy, node.input[0]))]


def transpose(b, node, dy, wanted):
    return [(node.input[0], b.turned(dy, np.argsort(attributes(node)["perm"])))]


def concat(b, node, dy, wanted):
    axis = attributes(node)["axis"] % len(b.shapes[dy][0])
    sizes = [{shape[axis] for shape in b.shapes[name]} for name in node.input]
    if any(len(size) > 1 for size in sizes):
        raise SystemExit("training: this UNet joins values along an axis whose side changes with the picture, which cannot be trained.")
    pieces = b.add_all("Split", [dy, b.whole([size.pop() for size in sizes])], [b.shapes[name] for name in node.input], axis=axis)
    return [(name, piece) for name, piece in zip(node.input, pieces)]


def slice_(b, node, dy, wanted):
    """Zeros around; axes and limits are constants, of step 1."""
    x = node.input[0]
    limits = [b.constants.get(name) for name in node.input[1:]]
    if any(limit is None for limit in limits) or len(limits) < 3 or len(limits) == 4 and (limits[3] != 1).any():
        raise SystemExit("training: this UNet cuts values at places that change with the picture, which cannot be trained.")
    before, after = [0] * len(b.shapes[x][0]), [0] * len(b.shapes[x][0])
    for start, end, axis in zip(*(limit.ravel().tolist() for limit in limits[:3])):
        side = b.shapes[x][0][axis]
        start, end = (min(side, at + side if at < 0 else at) for at in (start, end))
        before[axis], after[axis] = start, side - end
    return [(x, b.add("Pad", [dy, b.whole(before + after)], b.shapes[x]))]


def gather(b, node, dy, wanted):
    """One place along an axis of a fixed side."""
    x, at = node.input[0], b.constants.get(node.input[1])
    axis = attributes(node).get("axis", 0) % len(b.shapes[x][0])
    side = b.shapes[x][0][axis]
    if at is None or at.size != 1 or side != b.shapes[x][1][axis]:
        raise SystemExit("training: this UNet picks values at places that change with the picture, which cannot be trained.")
    place = at.item() % side
    thin = tuple(tuple(1 if a == axis else s for a, s in enumerate(shape)) for shape in b.shapes[x])
    before, after = [0] * len(thin[0]), [0] * len(thin[0])
    before[axis], after[axis] = place, side - 1 - place
    return [(x, b.add("Pad", [b.reshaped(dy, thin), b.whole(before + after)], b.shapes[x]))]


def reduce_mean(b, node, dy, wanted):
    x = node.input[0]
    axes = [axis % len(b.shapes[x][0]) for axis in attributes(node)["axes"]]
    counts = {math.prod(shape[axis] for axis in axes) for shape in b.shapes[x]}
    if len(counts) > 1:
        raise SystemExit("training: this UNet averages over an axis whose side changes with the picture, which cannot be trained.")
    kept = b.reshaped(dy, reduced(b.shapes[x], axes, True))
    share = b.times(kept, b.number(1 / counts.pop()), kept)
    return [(x, b.add("Expand", [share, b.shape_of(x)], b.shapes[x]))]


def matmul(b, node, dy, wanted):
    left, right = node.input
    turn = {name: [*range(len(b.shapes[name][0]) - 2), len(b.shapes[name][0]) - 1, len(b.shapes[name][0]) - 2] for name in (left, right)}
    found = []
    if left in wanted:
        shapes = tuple((*y[:-1], r[-2]) for y, r in zip(b.shapes[dy], b.shapes[right]))
        found.append((left, b.summed_to(b.add("MatMul", [dy, b.turned(right, turn[right])], shapes), b.shapes[left])))
    if right in wanted and len(b.shapes[right][0]) == 2:
        # One product over all rows instead of one an image, which would have to be summed.
        rows = [b.reshaped(value, tuple((math.prod(shape[:-1]), shape[-1]) for shape in b.shapes[value])) for value in (left, dy)]
        found.append((right, b.add("Gemm", rows, b.shapes[right], transA=1)))
    elif right in wanted:
        shapes = tuple((*y[:-2], x[-1], y[-1]) for x, y in zip(b.shapes[left], b.shapes[dy]))
        found.append((right, b.summed_to(b.add("MatMul", [b.turned(left, turn[left]), dy], shapes), b.shapes[right])))
    return found


def gemm(b, node, dy, wanted):
    """y = x W^T + bias, or x W + bias."""
    x, weight = node.input[:2]
    said = attributes(node)
    if said.get("transA", 0) or said.get("alpha", 1) != 1 or said.get("beta", 1) != 1:
        raise SystemExit("training: this UNet has a Gemm with factors, which cannot be trained.")
    turned = said.get("transB", 0)
    found = []
    if x in wanted:
        found.append((x, b.add("Gemm", [dy, weight], b.shapes[x], transB=1 - turned)))
    if weight in wanted:
        found.append((weight, b.add("Gemm", [dy, x] if turned else [x, dy], b.shapes[weight], transA=1)))
    if len(node.input) > 2 and node.input[2] in wanted:
        found.append((node.input[2], b.summed_to(dy, b.shapes[node.input[2]])))
    return found


def einsum(b, node, dy, wanted):
    """Of two values, each of whose letters is in the result or in the other value."""
    terms, result = attributes(node)["equation"].decode().replace(" ", "").split("->")
    left, right = terms.split(",")
    found = []
    for name, own, other, its in ((node.input[0], left, node.input[1], right), (node.input[1], right, node.input[0], left)):
        if name in wanted:
            if set(own) - set(result) - set(its):
                raise SystemExit(f"training: this UNet has an Einsum {terms}->{result}, whose gradient scripts/training does not know.")
            found.append((name, b.add("Einsum", [dy, other], b.shapes[name], equation=f"{result},{its}->{own}")))
    return found


def resize(b, node, dy, wanted):
    """Each value was copied to four places."""
    x = node.input[0]
    apart = tuple((n * c, h, 2, w, 2) for n, c, h, w in b.shapes[x])
    return [(x, b.add("ReduceSum", [_apart(b, dy, apart), b.whole([3, 5])], b.shapes[x], keepdims=0))]


def _apart(b, dy, apart):
    """[n, c, h, 2, w, 2]: two free sides, so the shape is computed from that of the gradient."""
    shape = b.shape_of(dy)
    halves = b.add("Div", [shape, b.whole([1, 1, 2, 2])], ((4,),) * 2)
    places = b.add("Gather", [b.add("Concat", [halves, b.whole([2])], ((5,),) * 2, axis=0), b.whole([0, 1, 2, 4, 3, 4])], ((6,),) * 2)
    return b.add("Reshape", [dy, places], tuple((s[0][0], s[0][1], a[1], 2, a[3], 2) for s, a in zip(zip(b.shapes[dy]), apart)))


def conv(b, node, dy, wanted):
    x, weight = node.input[:2]
    said = attributes(node)
    kernel, strides, pads = b.shapes[weight][0][2:], said.get("strides", [1, 1]), said.get("pads", [0, 0, 0, 0])
    if said.get("group", 1) != 1 or set(said.get("dilations", [1])) != {1} or len({*strides}) > 1 or len({*pads}) > 1:
        raise SystemExit("training: this UNet has a grouped, dilated or uneven convolution, which cannot be trained.")
    found = []
    if x in wanted:
        found.append((x, _conv_input(b, dy, x, weight, kernel, strides[0], pads[0])))
    if weight in wanted:
        found.append((weight, _conv_weight(b, dy, x, weight, kernel, strides[0], pads[0])))
    if len(node.input) > 2 and node.input[2] in wanted:
        found.append((node.input[2], b.total(dy, [0, 2, 3], False)))
    return found


def _conv_input(b, dy, x, weight, kernel, stride, pad):
    if stride == 1 and kernel[0] - 1 >= pad:
        turned = b.turned(weight, [1, 0, 2, 3])
        if kernel != (1, 1):
            turned = b.add("Slice", [turned, b.whole([-1, -1]), b.whole([-kernel[0] - 1, -kernel[1] - 1]), b.whole([2, 3]), b.whole([-1, -1])],
                           b.shapes[turned])
        return b.add("Conv", [dy, turned], b.shapes[x], kernel_shape=list(kernel), pads=[kernel[0] - 1 - pad, kernel[1] - 1 - pad] * 2)
    over = {tuple((s[2 + a] + 2 * pad - kernel[a]) % stride for a in (0, 1)) for s in b.shapes[x]}
    if len(over) > 1:
        raise SystemExit("training: this UNet halves sides that are odd for some pictures; that cannot be trained.")
    return b.add("ConvTranspose", [dy, weight], b.shapes[x], kernel_shape=list(kernel), pads=[pad] * 4, strides=[stride] * 2, output_padding=list(over.pop()))


def _conv_weight(b, dy, x, weight, kernel, stride, pad):
    """Each place of the kernel has seen a shifted copy of the input: all of them, one below another, in one product with the gradient."""
    outputs, channels = b.shapes[weight][0][:2]
    rows = b.reshaped(b.turned(dy, [1, 0, 2, 3]), tuple((s[1], s[0] * s[2] * s[3]) for s in b.shapes[dy]))
    across = b.turned(x, [1, 0, 2, 3])
    if pad:
        padded = tuple((*s[:2], s[2] + 2 * pad, s[3] + 2 * pad) for s in b.shapes[across])
        across = b.add("Pad", [across, b.whole([0, 0, pad, pad] * 2)], padded)
    copies = []
    for down in range(kernel[0]):
        for right in range(kernel[1]):
            seen = across if kernel == (1, 1) and stride == 1 else _shifted(b, dy, across, (down, right), stride)
            copies.append(b.reshaped(seen, tuple((channels, s[0] * s[2] * s[3]) for s in b.shapes[dy])))
    all_copies = copies[0] if len(copies) == 1 else b.add(
        "Concat", copies, tuple((len(copies) * channels, s[0] * s[2] * s[3]) for s in b.shapes[dy]), axis=0)
    product = b.add("Gemm", [rows, all_copies], ((outputs, len(copies) * channels),) * 2, transB=1)
    if len(copies) == 1:
        return b.reshaped(product, b.shapes[weight])
    apart = b.reshaped(product, ((outputs, len(copies), channels),) * 2)
    return b.reshaped(b.turned(apart, [0, 2, 1]), b.shapes[weight])


def _shifted(b, dy, across, place, stride):
    """[channels, batch, h, w]: what one place of the kernel has seen. Ends are counted from the end, so that they hold for every size."""
    ends = []
    for axis, start in zip((2, 3), place):
        left = {padded[axis] - (start + stride * (out[axis] - 1) + 1) for padded, out in zip(b.shapes[across], b.shapes[dy])}
        if len(left) > 1:
            raise SystemExit("training: this UNet halves sides that are odd for some pictures; that cannot be trained.")
        beyond = left.pop()
        ends.append(-beyond if beyond else LAST)
    shapes = tuple((c, n, o[2], o[3]) for (c, n, _, _), o in zip(b.shapes[across], b.shapes[dy]))
    return b.add("Slice", [across, b.whole(list(place)), b.whole(ends), b.whole([2, 3]), b.whole([stride, stride])], shapes)


def layer_normalisation(b, node, dy, wanted):
    """y = z * scale + shift, z = (x - mean) / deviation over the last axis; Ba and others (2016)."""
    x, scale = node.input[:2]
    _, mean, inverse = node.output
    z = b.times(b.minus(x, mean, x), inverse, x)
    found = []
    if x in wanted:
        scaled = b.times(dy, scale, x)
        level = b.minus(scaled, b.mean(scaled, [-1]), x)
        slope = b.times(z, b.mean(b.times(scaled, z, x), [-1]), x)
        found.append((x, b.times(b.minus(level, slope, x), inverse, x)))
    if scale in wanted:
        found.append((scale, b.summed_to(b.times(dy, z, x), b.shapes[scale])))
    if len(node.input) > 2 and node.input[2] in wanted:
        found.append((node.input[2], b.summed_to(dy, b.shapes[node.input[2]])))
    return found


RULES = {
    "Add": add, "Sub": sub, "Mul": mul, "Div": div, "Sigmoid": sigmoid, "Erf": erf, "Softmax": softmax, "Reshape": same_numbers,
    "Unsqueeze": same_numbers, "Squeeze": same_numbers, "Transpose": transpose, "Concat": concat, "Slice": slice_, "Gather": gather,
    "ReduceMean": reduce_mean, "MatMul": matmul, "Gemm": gemm, "Einsum": einsum, "Resize": resize, "Conv": conv,
    "LayerNormalization": layer_normalisation,
}
