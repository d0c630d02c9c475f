"""The training step against torch, on UNets of each kind that scripts.export writes; no weight gets into it."""
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from diffusers import UNet2DConditionModel

from scripts.export import storage
from scripts.export.export import trace
from scripts.fixtures import tiny

from . import check, gradients, step

LENGTH = 7
MICRODIFF = Path(__file__).resolve().parents[2] / "models" / "MicroDiff"


def like_microdiff(seed):
    """Pooled text, scale and shift by the timestep, attention below the first level; three levels."""
    unet = UNet2DConditionModel(
        sample_size=8, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(8, 12, 16), cross_attention_dim=8, attention_head_dim=2,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"), norm_num_groups=4, resnet_time_scale_shift="scale_shift",
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"), addition_embed_type="text", addition_embed_type_num_heads=2).eval()
    tiny.randomize(unet, seed)
    return unet


UNETS = {
    "like Stable Diffusion 1": lambda seed: tiny.unet(seed, 16, "epsilon"),
    "like Stable Diffusion 2": lambda seed: tiny.unet(seed, 24, "v_prediction", linear_projection=True, levels=3),
    "like MicroDiff": like_microdiff,
}


def exported(unet, half=False):
    with torch.no_grad():
        graph = trace(check.part(unet, LENGTH), check.OPSET)
    storage.tidy(graph)
    if half:
        storage.halve(graph)
    return graph


def made(unet, half=False):
    return step.training_step(exported(unet, half), LENGTH, factor(unet))


def factor(unet):
    return 2 ** (len(unet.config.block_out_channels) - 1)


@pytest.mark.parametrize("kind", UNETS)
def test_every_gradient_is_torchs(kind):
    unet = UNETS[kind](3)
    worst, name = check.worst_gradient(made(unet), unet.config, LENGTH, factor(unet))
    assert worst < check.TOLERANCE, name


def test_only_the_architecture_counts():
    graphs = [made(like_microdiff(3)), made(like_microdiff(4)), made(like_microdiff(3), half=True)]
    assert len({graph.SerializeToString(deterministic=True) for graph in graphs}) == 1
    assert not any(np.prod(tensor.dims) > 16 for tensor in graphs[0].graph.initializer), "a weight is inside"


def test_microdiffs_own_is_what_this_makes():
    graph = step.training_step(onnx.load(MICRODIFF / "unet" / "model.onnx"), step.length_of(MICRODIFF), step.factor_of(MICRODIFF))
    data = graph.SerializeToString(deterministic=True)
    assert data == (MICRODIFF / "unet" / "training.onnx").read_bytes()
    assert len(data) <= step.MOST_BYTES


@pytest.fixture
def folder(tmp_path):
    unet = UNETS["like Stable Diffusion 1"](3)
    onnx_model = exported(unet)
    for part, config in (("unet", json.loads(unet.to_json_string())), ("text_encoder", {"max_position_embeddings": LENGTH})):
        (tmp_path / part).mkdir()
        (tmp_path / part / "config.json").write_text(json.dumps(config), encoding="utf-8")
    onnx.save(onnx_model, tmp_path / "unet" / "model.onnx")
    return tmp_path


def test_it_is_written_beside_the_model(folder, capsys):
    step.main([str(folder)])
    assert "the worst differs from torch" in capsys.readouterr().out
    written = onnx.load(folder / "unet" / "training.onnx")
    assert dict((entry.key, entry.value) for entry in written.metadata_props)[step.FORMAT[0]] == step.FORMAT[1]


def test_a_wrong_gradient_is_not_written(folder, monkeypatch):
    right = gradients.RULES["Erf"]
    monkeypatch.setitem(gradients.RULES, "Erf", lambda b, node, dy, wanted: [(x, b.times(g, b.number(1.01), x)) for x, g in right(b, node, dy, wanted)])
    with pytest.raises(SystemExit, match="is wrong by"):
        step.main([str(folder)])
    assert not (folder / "unet" / "training.onnx").exists()


def test_what_cannot_be_trained_is_said(folder, tmp_path):
    with pytest.raises(SystemExit, match="model.onnx is missing"):
        step.main([str(tmp_path / "nothing")])
    model = onnx.load(folder / "unet" / "model.onnx")
    next(node for node in model.graph.node if node.op_type == "Erf").op_type = "Tanh"
    onnx.save(model, folder / "unet" / "model.onnx")
    with pytest.raises(SystemExit, match="kind Tanh"):
        step.main([str(folder)])
