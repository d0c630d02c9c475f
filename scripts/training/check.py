"""Compares the training step with torch: same random weights, same batch, gradient by gradient."""
import numpy as np
import onnxruntime
import torch
from diffusers import UNet2DConditionModel
from onnx import numpy_helper

from scripts.export.export import trace
from scripts.export.parts import Part, UNet, takes_odd_sides

#: float32 sums in another order differ by less, relative to a gradient's length; a wrong rule by orders of magnitude more.
TOLERANCE = 2e-4
#: Shorter gradients, relative to all of them together, are rounding alone: that of a key's bias, which softmax takes out again, is 0.
ROUNDING = 1e-4
OPSET = 17


def worst_gradient(step, config, length, factor):
    """(largest relative difference, weight) over all gradients and the losses of a UNet of `config` with random weights."""
    unet = random_unet(config)
    weights, owners = exported(unet, length, weights_of(step))
    feeds = batch(unet.config, length, factor)
    found = run(step, {**weights, **feeds})
    losses = loss(unet, feeds)
    (losses * torch.from_numpy(feeds["weight"])).sum().backward()
    together = float(sum(parameter.grad.square().sum() for parameter in unet.parameters()) ** 0.5)
    worst = _difference(found["losses"], losses.detach().numpy(), 0), "losses"
    for name, (parameters, turned) in owners.items():
        expected = sum(parameter.grad for parameter in parameters).numpy()
        gradient = found[f"grad.{name}"]
        gradient = gradient.T if turned else gradient.reshape(expected.shape)
        worst = max(worst, (_difference(gradient, expected, ROUNDING * together), name))
    return worst


def random_unet(config, seed=1):
    """Weights that torch would begin with, none of them 0, so that no gradient vanishes by chance."""
    unet = UNet2DConditionModel.from_config(config).float().eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in unet.parameters():
            draw = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(draw / parameter[0].numel() ** 0.5 if parameter.ndim > 1 else 0.1 * draw + (parameter.mean() > 0.5).float())
    return unet


def weights_of(step):
    """{weight: its shape}, in the order of the model's file."""
    shapes = {value.name: tuple(side.dim_value for side in value.type.tensor_type.shape.dim) for value in step.graph.input}
    return {output.name.removeprefix("grad."): shapes[output.name.removeprefix("grad.")] for output in step.graph.output if output.name != "losses"}


def exported(unet, length, wanted):
    """({weight: its values}, {weight: (its torch parameters, whether it is transposed)}) of the UNet as scripts.export writes it.

    wanted: {weight: its shape} in the order of the file. The exporter numbers some names, but keeps to one order.
    """
    with torch.no_grad():
        graph = trace(part(unet, length), OPSET).graph
    by_values = {}
    for parameter in unet.parameters():
        by_values.setdefault(_key(parameter.detach().numpy()), []).append(parameter)
    weights, owners = {}, {}
    stored = [values for values in map(numpy_helper.to_array, graph.initializer) if values.ndim and values.dtype == np.float32]
    if [values.shape for values in stored] != list(wanted.values()):
        raise SystemExit("training: the UNet was exported by other means than scripts.export, so it cannot be compared with torch. Export it again.")
    for name, values in zip(wanted, stored):
        parameters = by_values[_key(values)]
        shape = tuple(parameters[0].shape)
        turned = values.ndim == 2 and len(shape) == 2 and not (values.shape == shape and np.array_equal(values, parameters[0].detach().numpy()))
        weights[name], owners[name] = values, (parameters, turned)
    return weights, owners


def part(unet, length):
    """The UNet as scripts.export traces it."""
    def normal(*tail):
        def make(batch, height, width, generator):
            return torch.randn(batch, *({"h": height, "w": width}.get(side, side) for side in tail), generator=generator)
        return make

    picture = {0: "batch", 2: "height", 3: "width"}
    axes = {"sample": picture, "encoder_hidden_states": {0: "batch", 1: "sequence"}, "out_sample": picture}
    inputs = {"sample": normal(unet.config.in_channels, "h", "w"), "timestep": lambda *_: torch.tensor(500.0),
              "encoder_hidden_states": normal(length, unet.config.cross_attention_dim)}
    traced = Part("unet", UNet(unet), inputs, ["out_sample"], axes, {})
    traced.multiple = 1 if takes_odd_sides(traced) else 2 ** (len(unet.config.block_out_channels) - 1)
    return traced


def batch(config, length, factor, count=3, seed=2, sides=None):
    """A training batch of random numbers, float32, as the step takes it; sides: latent height and width."""
    random = np.random.default_rng(seed)
    picture = (count, config.in_channels, *(sides or (2 * factor, 3 * factor)))
    feeds = {"sample": random.standard_normal(picture), "timestep": random.integers(0, 1000, count),
             "encoder_hidden_states": random.standard_normal((count, length, config.cross_attention_dim)),
             "target": random.standard_normal(picture), "weight": random.uniform(0.2, 0.5, count)}
    return {name: value.astype(np.float32) for name, value in feeds.items()}


def loss(unet, feeds):
    """The losses, from torch."""
    given = {name: torch.from_numpy(value) for name, value in feeds.items()}
    output = unet(given["sample"], given["timestep"], given["encoder_hidden_states"]).sample
    return (output - given["target"]).square().mean((1, 2, 3))


def run(step, feeds):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(step.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def _difference(found, expected, rounding):
    return float(np.linalg.norm(found - expected) / max(np.linalg.norm(expected), rounding))


def _key(values):
    return np.sort(values.ravel()).tobytes()
