"""Makes the training step of a model folder: unet/training.onnx, a graph without weights that DiffusionJ's "Tune on My Images" runs.

    python -m scripts.training MODEL_FOLDER

Into the graph go every weight of the UNet, by its name in unet/model.onnx (without ".half"), and sample [batch, channels, height, width], timestep [batch],
encoder_hidden_states [batch, tokens, width], target [batch, channels, height, width] and weight [batch], all float32. Out of it come losses [batch], each the
mean squared error of one image, and for every weight NAME the gradient "grad.NAME" of the sum of weight * losses. Height and width are multiples of what the
UNet halves them by. The graph depends on the architecture alone: it is the same for every set of weights, and is compared with torch before it is kept.
"""
import argparse
import json
import math
import os
import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

from . import check
from .builder import Builder
from .forward import Forward
from .gradients import add_gradients
from .observe import observe

MOST_BYTES = 500_000
#: The mark by which DiffusionJ knows the graph.
FORMAT = "diffusionj.training", "1"
#: What the forward pass leaves for the backward pass, in bytes for every latent pixel of a batch; DiffusionJ chooses the batch by it.
MEMORY = "diffusionj.bytes_per_latent_pixel"


def training_step(model, length, factor):
    """The graph, as an onnx model.

    model: the UNet. length: tokens of a prompt. factor: what latent sides must be multiples of.
    """
    versions = [opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")]
    if versions != [17]:
        raise SystemExit(f"training: the UNet is of opset {versions}; export it with scripts.export, which writes opset 17.")
    roles = _roles(model)
    seen = observe(model, length, factor)
    b = Builder()
    forward = Forward(model, seen, b, roles)
    forward.take_over()
    prediction = forward.names[model.graph.output[0].name]
    shapes = b.shapes[prediction]
    for name, both in (("target", shapes), ("weight", tuple(shape[:1] for shape in shapes))):
        b.shapes[name] = both
    forward_nodes = list(b.nodes)
    error = b.minus(prediction, "target", prediction)
    losses = b.mean(b.times(error, error, prediction), [1, 2, 3], keep=False)
    gradients = add_gradients(b, {prediction: _gradient_of_losses(b, error, prediction)}, list(forward.weights), forward.normalised)
    outputs = {"losses": losses, **{f"grad.{name}": gradient for name, gradient in gradients.items()}}
    b.without_unused(outputs.values())
    kept = _kept_bytes(b, forward_nodes)
    for name, value in outputs.items():
        b.named(name, value)
    made = _model(b, forward, roles, model, length, outputs)
    helper.set_model_props(made, dict((FORMAT, (MEMORY, str(kept)))))
    return made


def _kept_bytes(b, forward_nodes):
    made = {name for node in forward_nodes for name in node.output}
    backward = [node for node in b.nodes if not made.intersection(node.output)]
    kept = made.intersection(name for node in backward for name in node.input)
    batch, _, height, width = b.shapes["sample"][0]
    return sum(4 * math.prod(b.shapes[name][0]) for name in kept) // (batch * height * width)


def _roles(model):
    inputs = {value.name for value in model.graph.input} - {tensor.name for tensor in model.graph.initializer}
    roles = {"sample": "sample", "timestep": "timestep", "encoder_hidden_states": "encoder_hidden_states"}
    if inputs != set(roles):
        raise SystemExit(f"training: the UNet takes {', '.join(sorted(inputs))}; only sample, timestep and encoder_hidden_states can be trained.")
    return roles


def _gradient_of_losses(b, error, like):
    """2 * weight * error / numbers in an image, which depends on the image's size."""
    shape = b.add("Shape", [like], ((4,),) * 2, start=1)
    count = b.add("Cast", [b.add("ReduceProd", [shape], ((1,),) * 2, axes=[0], keepdims=1)], ((1,),) * 2, to=TensorProto.FLOAT)
    share = b.add("Div", [b.add("Mul", ["weight", b.number(2)], b.shapes["weight"]), count], b.shapes["weight"])
    return b.times(error, b.reshaped(share, tuple((shape[0], 1, 1, 1) for shape in b.shapes[like])), like)


def _model(b, forward, roles, model, length, outputs):
    given = {value.name: value for value in model.graph.input}
    channels = given[roles["sample"]].type.tensor_type.shape.dim[1].dim_value
    width = given[roles["encoder_hidden_states"]].type.tensor_type.shape.dim[2].dim_value
    picture = ["batch", channels, "height", "width"]
    shapes = {"sample": picture, "timestep": ["batch"], "encoder_hidden_states": ["batch", length, width], "target": picture, "weight": ["batch"],
              **forward.weights}
    results = {"losses": ["batch"], **{f"grad.{name}": shape for name, shape in forward.weights.items()}}
    graph = helper.make_graph(
        b.nodes, "training", [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, results[name]) for name in outputs], b.initializers())
    made = helper.make_model(graph, producer_name="DiffusionJ", opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    return made


def length_of(folder):
    """Tokens of a prompt."""
    return config_of(folder / "text_encoder").get("max_position_embeddings", 77)


def factor_of(folder):
    """How often the UNet halves a side, as a factor."""
    return 2 ** (len(config_of(folder / "unet")["block_out_channels"]) - 1)


def config_of(part):
    path = part / "config.json"
    if not path.is_file():
        raise SystemExit(f"training: {path} is missing: without it the UNet cannot be compared with torch. Export the model with scripts.export.")
    return json.loads(path.read_text(encoding="utf-8"))


def make(folder):
    """Writes unet/training.onnx into a model folder once every gradient agrees with torch, and returns its size."""
    folder = Path(folder)
    path = folder / "unet" / "model.onnx"
    if not path.is_file():
        raise SystemExit(f"training: {path} is missing; give the folder of a model that scripts.export has written.")
    step = training_step(onnx.load(path), length_of(folder), factor_of(folder))
    worst, name = check.worst_gradient(step, config_of(folder / "unet"), length_of(folder), factor_of(folder))
    print(f"{folder}: {len(step.graph.node)} nodes, {step.ByteSize()} bytes; of {len(step.graph.output) - 1} gradients the worst differs from torch's by"
          f" {worst:.1e} of its length ({name})")
    if worst > check.TOLERANCE:
        raise SystemExit(f"training: the gradient of {name} is wrong by {worst:.1e}; nothing was written.")
    if step.ByteSize() > MOST_BYTES:
        raise SystemExit(f"training: the graph takes {step.ByteSize()} bytes, more than {MOST_BYTES}; nothing was written.")
    aside = path.with_name("training.onnx.part")
    aside.write_bytes(step.SerializeToString(deterministic=True))
    os.replace(aside, path.with_name("training.onnx"))
    return step.ByteSize()


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL_FOLDER", help="its unet/training.onnx is written; the rest stays as it is")
    make(parser.parse_args(argv).model)
    return 0


if __name__ == "__main__":
    sys.exit(main())
