"""What every value of a graph looks like: it is run twice, with two sizes of picture and batch, and every value is kept."""
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

#: Batch, latent height, latent width: no two alike, so that an axis that changes shows, and none is 1, so that a broadcast axis shows.
SIZES = ((2, 16, 24), (3, 32, 40))
#: Larger values are pictures and weights; only their shapes matter.
MOST_KEPT = 4096


class Seen:
    """Shapes of every value in both runs, and the values of the small ones."""

    def __init__(self):
        self.shapes = {}
        self.values = {}

    def add(self, name, found):
        self.shapes.setdefault(name, []).append(tuple(found.shape))
        self.values.setdefault(name, []).append(found if found.size <= MOST_KEPT else None)

    def same(self, name):
        """The value, where it was the same in both runs; else None."""
        first, second = self.values[name]
        equal = first is not None and second is not None and first.dtype == second.dtype and np.array_equal(first, second)
        return first if equal else None


def observe(model, length, factor):
    """Runs the UNet `model`.

    length: tokens of a prompt. factor: what latent sides must be multiples of. Weights count as small random numbers, whatever they are, so that
    nothing of them can get into what is made of this.
    """
    model = onnx.ModelProto.FromString(_blank(model).SerializeToString())
    names = [name for node in model.graph.node for name in node.output if name]
    del model.graph.output[:]
    model.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    seen = Seen()
    for batch, height, width in SIZES:
        feeds = _feeds(session, batch, height * factor // 8, width * factor // 8, length)
        for name, value in feeds.items():
            seen.add(name, value)
        for name, value in zip(names, session.run(names, feeds)):
            seen.add(name, value)
    for tensor in model.graph.initializer:
        value = numpy_helper.to_array(tensor)
        for _ in SIZES:
            seen.add(tensor.name, value)
    return seen


def _feeds(session, batch, height, width, length):
    random = np.random.default_rng(batch)
    feeds = {}
    for wanted in session.get_inputs():
        free = {0: batch, 1: length, 2: width} if len(wanted.shape) == 3 else {0: batch, 2: height, 3: width}
        shape = [side if isinstance(side, int) else free[axis] for axis, side in enumerate(wanted.shape)]
        dtype = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(int32)": np.int32}.get(wanted.type)
        if dtype is None:
            raise SystemExit(f"training: the input {wanted.name} is of type {wanted.type}; export the model so that it computes in float32.")
        feeds[wanted.name] = random.standard_normal(shape).astype(dtype) if dtype == np.float32 and len(shape) > 1 else np.full(shape, 500, dtype)
    return feeds


def _blank(model):
    """A copy with other weights."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    random = np.random.default_rng(0)
    for tensor in copy.graph.initializer:
        if tensor.data_type in (TensorProto.FLOAT, TensorProto.FLOAT16) and len(tensor.dims):
            values = (0.1 * random.standard_normal(tuple(tensor.dims))).astype(numpy_helper.to_array(tensor).dtype)
            tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    return copy
