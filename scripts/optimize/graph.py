"""What of a UNet's graph can be computed in int8, and its copies in which some of that is."""
import copy
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationMethod, QuantType, create_calibrator
from onnxruntime.quantization.calibrate import CalibrationDataReader
from onnxruntime.quantization.onnx_quantizer import ONNXQuantizer
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer
from onnxruntime.quantization.quant_utils import QuantizationMode
from onnxruntime.quantization.registry import IntegerOpsRegistry, QDQRegistry
from onnxruntime.quantization.shape_inference import quant_pre_process

#: Weights of fewer numbers save no time.
FEWEST_WEIGHTS = 1024


def floats(path):
    """The graph with its weights as float32 initializers, shapes inferred: weights that are stored as float16 and cast are widened."""
    model = onnx.load(str(path))
    graph = model.graph
    half = {tensor.name: tensor for tensor in graph.initializer if tensor.data_type == TensorProto.FLOAT16}
    casts = [node for node in graph.node if node.op_type == "Cast" and node.input[0] in half and node.attribute[0].i == TensorProto.FLOAT]
    for node in casts:
        wide = numpy_helper.from_array(numpy_helper.to_array(half[node.input[0]]).astype(np.float32), node.output[0])
        graph.initializer.append(wide)
        graph.node.remove(node)
    used = {name for node in graph.node for name in node.input}
    for name in set(half) - used:
        graph.initializer.remove(half[name])
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared = Path(folder) / "plain.onnx", Path(folder) / "prepared.onnx"
        onnx.save_model(model, plain)
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        return onnx.load(str(prepared))


def candidates(model):
    """(names of convolutions, names of matrix products) with weights that are numbers of the graph."""
    sizes = {tensor.name: int(np.prod(tensor.dims)) for tensor in model.graph.initializer}
    found = {"Conv": [], "MatMul": []}
    for node in model.graph.node:
        if node.op_type in found and sizes.get(node.input[1], 0) >= FEWEST_WEIGHTS:
            found[node.op_type].append(node.name)
    return found["Conv"], found["MatMul"]


class _Feeds(CalibrationDataReader):
    def __init__(self, feeds):
        self.rest = iter(feeds)

    def get_next(self):
        return next(self.rest, None)


def ranges(model, feeds, convolutions):
    """The range of every value around the convolutions, over all feeds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        onnx.save_model(model, path)
        calibrator = create_calibrator(str(path), ["Conv"] if convolutions else [], str(Path(folder) / "augmented.onnx"), CalibrationMethod.MinMax)
        calibrator.set_execution_providers(["CPUExecutionProvider"])
        calibrator.collect_data(_Feeds(feeds))
        return calibrator.compute_data()


def quantized(model, value_ranges, convolutions, products, eight_bits=False):
    """A copy that computes these convolutions in int8 by fixed ranges (QDQ), and these products in int8 by the ranges of each call.

    Weights have 7 bits, since processors without VNNI or AMX add pairs of products in 16 bits, where those of 8 bits saturate; eight_bits: all 8.
    """
    made = copy.deepcopy(model)
    if convolutions:
        quantizer = QDQQuantizer(made, per_channel=True, reduce_range=not eight_bits, weight_qType=QuantType.QInt8, activation_qType=QuantType.QUInt8,
                                 tensors_range=value_ranges, nodes_to_quantize=list(convolutions), nodes_to_exclude=[],
                                 op_types_to_quantize=[name for name in QDQRegistry if name == "Conv"], extra_options={"QuantizeBias": True})
        made = _made(quantizer)
    if products:
        quantizer = ONNXQuantizer(made, per_channel=True, reduce_range=not eight_bits, mode=QuantizationMode.IntegerOps, static=False,
                                  weight_qType=QuantType.QInt8, activation_qType=QuantType.QUInt8, tensors_range=None, nodes_to_quantize=list(products),
                                  nodes_to_exclude=[], op_types_to_quantize=[name for name in IntegerOpsRegistry if name == "MatMul"],
                                  extra_options={"MatMulConstBOnly": True})
        made = _made(quantizer)
    return made


def _made(quantizer):
    quantizer.quantize_model()
    # New nodes stand at the end.
    quantizer.model.topological_sort()
    return quantizer.model.model


def described(model, **words):
    """The same model with words of its maker in it, which any reader of ONNX files finds."""
    helper.set_model_props(model, {**{prop.key: prop.value for prop in model.metadata_props}, **words})
    return model
