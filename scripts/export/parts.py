"""The four parts of a Stable Diffusion model as torch modules with flat tensor inputs and outputs.

A Part says what the ONNX graph will be called, what goes in and what comes out. It knows both contracts:
`optimum` (what optimum-onnx writes today) and `legacy` (what diffusers' old converter script wrote).
"""

import json
from dataclasses import dataclass

import torch
from torch import nn

TIMESTEPS = ("float32-scalar", "float32-batch", "int64-scalar", "int64-one")


@dataclass
class Part:
    """One graph to export.

    inputs maps a name to a function (batch, height, width) -> tensor; height and width count latent cells.
    axes maps an input or output name to {axis: symbol} for the axes that stay free.
    multiple is what latent height and width must be multiples of.
    """

    name: str
    module: nn.Module
    inputs: dict
    outputs: list
    axes: dict
    config: dict
    sampled: bool = False
    multiple: int = 1

    def sides(self, *wanted):
        """Sides that the part takes, none smaller than wanted."""
        return tuple(-(-side // self.multiple) * self.multiple for side in wanted)

    def example(self, batch, height, width):
        """Example inputs, the same for the same sizes."""
        generator = torch.Generator().manual_seed(batch * 10007 + height * 101 + width)
        return {name: make(batch, height, width, generator) for name, make in self.inputs.items()}


class TextEncoder(nn.Module):
    def __init__(self, text_encoder):
        super().__init__()
        self.text_encoder = text_encoder

    def forward(self, input_ids):
        out = self.text_encoder(input_ids, return_dict=True)
        return out.last_hidden_state, out.pooler_output


class UNet(nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, encoder_hidden_states, timestep_cond=None):
        return self.unet(
            sample, timestep, encoder_hidden_states, timestep_cond=timestep_cond, return_dict=False
        )[0]


class VaeEncoderParameters(nn.Module):
    """Mean and log-variance, one after the other on the channel axis: [batch, 2 * latent channels, h, w]."""

    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, sample):
        return self.vae.encode(sample).latent_dist.parameters


class VaeEncoderSampled(VaeEncoderParameters):
    """A latent drawn inside the graph; two runs differ."""

    def forward(self, sample):
        mean, log_variance = super().forward(sample).chunk(2, dim=1)
        deviation = torch.exp(0.5 * log_variance.clamp(-30.0, 20.0))
        return mean + deviation * torch.randn_like(mean)


class VaeDecoder(nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]


def spatial_factor(vae):
    """Pixels per latent cell along one axis."""
    return 2 ** (len(vae.config.block_out_channels) - 1)


def _normal(*shape_tail):
    def make(batch, height, width, generator):
        shape = [height if s == "h" else width if s == "w" else s for s in shape_tail]
        return torch.randn(batch, *shape, generator=generator)

    return make


def _pixels(channels, factor):
    def make(batch, height, width, generator):
        return torch.rand(batch, channels, height * factor, width * factor, generator=generator) * 2 - 1

    return make


def _ids(vocabulary, length, dtype):
    def make(batch, height, width, generator):
        ids = torch.randint(0, vocabulary, (batch, length), generator=generator)
        return ids.to(dtype)

    return make


def _timestep(kind):
    def make(batch, height, width, generator):
        value = float(100 + 7 * height)
        if kind == "float32-batch":
            return torch.full((batch,), value)
        if kind == "float32-scalar":
            return torch.tensor(value)
        if kind == "int64-one":
            return torch.tensor([int(value)])
        return torch.tensor(int(value))

    return make


def parts_of(text_encoder, unet, vae, contract, timestep):
    """The parts to export, in the order in which a picture passes them."""
    legacy = contract == "legacy"
    factor = spatial_factor(vae)
    text = text_encoder.config
    refuse_unsupported(unet)

    yield Part(
        "text_encoder",
        TextEncoder(text_encoder),
        {"input_ids": _ids(text.vocab_size, text.max_position_embeddings, torch.int32 if legacy else torch.int64)},
        ["last_hidden_state", "pooler_output"],
        {
            "input_ids": {0: "batch", 1: "sequence"},
            "last_hidden_state": {0: "batch", 1: "sequence"},
            "pooler_output": {0: "batch"},
        },
        json.loads(text.to_json_string(use_diff=False)),
    )

    inputs = {
        "sample": _normal(unet.config.in_channels, "h", "w"),
        "timestep": _timestep(timestep),
        "encoder_hidden_states": _normal(text.max_position_embeddings, unet.config.cross_attention_dim),
    }
    axes = {
        "sample": {0: "batch", 2: "height", 3: "width"},
        "encoder_hidden_states": {0: "batch", 1: "sequence"},
        "out_sample": {0: "batch", 2: "height", 3: "width"},
    }
    if timestep == "float32-batch":
        axes["timestep"] = {0: "batch"}
    if unet.config.time_cond_proj_dim is not None:
        inputs["timestep_cond"] = _normal(unet.config.time_cond_proj_dim)
        axes["timestep_cond"] = {0: "batch"}
    part = Part("unet", UNet(unet), inputs, ["out_sample"], axes, json.loads(unet.to_json_string()))
    if not takes_odd_sides(part):
        part.multiple = 2 ** (len(unet.config.block_out_channels) - 1)
        print(f"  unet: has blocks that only double sizes, in diffusers too: pictures must be multiples of {factor * part.multiple} pixels")
    yield part

    latent = "latent_sample" if legacy else "latent_parameters"
    encoder = VaeEncoderSampled(vae) if legacy else VaeEncoderParameters(vae)
    yield Part(
        "vae_encoder",
        encoder,
        {"sample": _pixels(vae.config.in_channels, factor)},
        [latent],
        {"sample": {0: "batch", 2: "height", 3: "width"}, latent: {0: "batch", 2: "latent_height", 3: "latent_width"}},
        json.loads(vae.to_json_string()),
        sampled=legacy,
    )

    yield Part(
        "vae_decoder",
        VaeDecoder(vae),
        {"latent_sample": _normal(vae.config.latent_channels, "h", "w")},
        ["sample"],
        {"latent_sample": {0: "batch", 2: "latent_height", 3: "latent_width"}, "sample": {0: "batch", 2: "height", 3: "width"}},
        json.loads(vae.to_json_string()),
    )


def takes_odd_sides(part):
    """Whether torch itself can; AttnUpBlock2D, for one, does not look at the size that it should come back to."""
    try:
        with torch.no_grad():
            part.module(*part.example(1, 5, 7).values())
    except RuntimeError as problem:
        if "must match" not in str(problem):
            raise
        return False
    return True


def refuse_unsupported(unet):
    """Ends the export where the UNet wants inputs that this exporter does not write."""
    for key in ("addition_embed_type", "class_embed_type", "encoder_hid_dim_type", "num_class_embeds"):
        # "text" pools the hidden states inside the UNet: it adds no input.
        if unet.config.get(key) is not None and (key, unet.config[key]) != ("addition_embed_type", "text"):
            raise SystemExit(
                f"export: this UNet has {key}={unet.config[key]!r}; only Stable Diffusion 1.x and 2.x, Turbo and LCM "
                "UNets are exported. Use optimum-onnx for this model."
            )
