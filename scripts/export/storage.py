"""How an exported graph lies on disk: float16 storage, external data, checked before it is kept."""

import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

EXTERNAL_NAME = {"optimum": "model.onnx_data", "legacy": "weights.pb"}
# Below protobuf's 2^31 - 1, with room for the nodes.
PROTOBUF_LIMIT = 2_000_000_000
SMALLEST_STORED_AS_HALF = 16


def halve(model):
    """Stores float32 initializers as float16 and casts each back, so that arithmetic stays float32.

    Values outside float16's range keep float32. Returns how many initializers were halved.
    """
    graph = model.graph
    kept, casts = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor) if tensor.data_type == TensorProto.FLOAT else None
        if values is None or values.size < SMALLEST_STORED_AS_HALF or np.abs(values).max() > 65504:
            kept.append(tensor)
            continue
        half = numpy_helper.from_array(values.astype(np.float16), tensor.name + ".half")
        kept.append(half)
        casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    return len(casts)


def tidy(model):
    """Replaces the exporter's long value and node names by short ones; inputs, outputs and weights keep theirs."""
    graph = model.graph
    if any(a.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS) for n in graph.node for a in n.attribute):
        return
    keep = {v.name for v in list(graph.input) + list(graph.output)} | {t.name for t in graph.initializer} | {""}
    short = {}
    for number, node in enumerate(graph.node):
        for output in node.output:
            if output not in keep:
                short[output] = f"v{len(short)}"
        node.name = f"{node.op_type}_{number}"
        node.doc_string = ""
        for values in (node.input, node.output):
            renamed = [short.get(v, v) for v in values]
            del values[:]
            values.extend(renamed)
    del graph.value_info[:]


def save(model, folder, contract, external):
    """Writes folder/model.onnx, with one file of weights beside it when asked for or needed."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "model.onnx")
    name = EXTERNAL_NAME[contract]
    # An earlier export may have used the other contract; its files would be read with ours. An int8 form is that of the earlier graph.
    for stale in ("model.onnx", "model_int8.onnx", "config.json", *EXTERNAL_NAME.values()):
        if os.path.exists(os.path.join(folder, stale)):
            os.remove(os.path.join(folder, stale))
    # ByteSize() itself fails beyond the limit.
    if external or sum(len(t.raw_data) for t in model.graph.initializer) > PROTOBUF_LIMIT:
        onnx.save_model(
            model, path, save_as_external_data=True, all_tensors_to_one_file=True, location=name, size_threshold=256
        )
    else:
        onnx.save_model(model, path)
    onnx.checker.check_model(path)
    return path
