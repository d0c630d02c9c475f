"""int8 UNets of tiny models: what is converted, what is kept in float, and what is refused."""
import hashlib
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from scripts.export import storage
from scripts.microdiff.evaluate.source import ROOT
from scripts.optimize import graph, quantize
from scripts.optimize.drawing import Drawing, session

SD1 = ROOT / "src" / "test" / "resources" / "net" / "diffusionj" / "models" / "sd1"


def toy(folder):
    """sample float32 [n, 8, h, w] -> a product over channels and a convolution of it; the product's weights are stored as float16."""
    rng = np.random.default_rng(5)
    product = rng.standard_normal((8, 256)).astype(np.float16)
    kernel = rng.standard_normal((8, 256, 3, 3)).astype(np.float32) / 16
    nodes = [helper.make_node("Cast", ["w.half"], ["w"], to=TensorProto.FLOAT, name="widen"),
             helper.make_node("Transpose", ["sample"], ["last"], perm=[0, 2, 3, 1], name="there"),
             helper.make_node("MatMul", ["last", "w"], ["wide"], name="product"),
             helper.make_node("Transpose", ["wide"], ["first"], perm=[0, 3, 1, 2], name="back"),
             helper.make_node("Conv", ["first", "k"], ["out"], pads=[1, 1, 1, 1], name="convolution")]
    sides = ["n", 8, "h", "w"]
    made = helper.make_model(helper.make_graph(
        nodes, "toy", [helper.make_tensor_value_info("sample", TensorProto.FLOAT, sides)], [helper.make_tensor_value_info("out", TensorProto.FLOAT, sides)],
        [numpy_helper.from_array(product, "w.half"), numpy_helper.from_array(kernel, "k")]), opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save_model(made, folder / "toy.onnx")
    return folder / "toy.onnx"


def feeds(count):
    rng = np.random.default_rng(6)
    return [{"sample": rng.standard_normal((2, 8, 6, 5)).astype(np.float32)} for _ in range(count)]


def run(model, feed):
    return session(model.SerializeToString()).run(None, feed)[0]


def test_half_weights_are_widened_and_nothing_else_changes(tmp_path):
    path, feed = toy(tmp_path), feeds(1)[0]
    model = graph.floats(path)
    assert graph.candidates(model) == (["convolution"], ["product"])
    assert np.allclose(run(model, feed), session(path).run(None, feed)[0], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("convolutions, products, kinds", [
    (["convolution"], [], {"QuantizeLinear", "DequantizeLinear", "MatMul", "Conv"}), ([], ["product"], {"MatMulInteger", "Conv"}),
    (["convolution"], ["product"], {"QuantizeLinear", "MatMulInteger"})])
def test_the_chosen_layers_are_int8_and_predict_nearly_the_same(tmp_path, convolutions, products, kinds):
    model, seen = graph.floats(toy(tmp_path)), feeds(4)
    made = graph.quantized(model, graph.ranges(model, seen, ["convolution"]), convolutions, products)
    assert kinds <= {node.op_type for node in made.graph.node}
    assert ("MatMulInteger" in {node.op_type for node in made.graph.node}) == bool(products)
    wanted = run(model, seen[0])
    moved = np.sqrt(np.mean((run(made, seen[0]) - wanted) ** 2) / np.mean(wanted ** 2))
    assert 1e-5 < moved < 0.03
    assert made.ByteSize() < model.ByteSize()


def test_layers_are_ranked_by_what_they_do_alone(tmp_path):
    model, seen = graph.floats(toy(tmp_path)), feeds(4)
    found = quantize.ranked(model, graph.ranges(model, seen, ["convolution"]), [("Conv", "convolution"), ("MatMul", "product")], seen)
    assert [harm for harm, _, _ in found] == sorted(harm for harm, _, _ in found) and found[0][0] > 0
    # An outlier in the convolution's range leaves few levels for the rest.
    far = [{"sample": 300 * feed["sample"]} for feed in seen]
    worse = quantize.ranked(model, graph.ranges(model, far, ["convolution"]), [("Conv", "convolution"), ("MatMul", "product")], seen)
    assert worse[-1][2] == "convolution" and worse[-1][0] > 10 * found[-1][0]


@pytest.mark.parametrize("right", [0, 1, 4, 6])
def test_as_many_as_hold_are_found(right):
    asked = []
    assert quantize.most(7, lambda count: asked.append(count) or count <= right) == right
    assert len(asked) <= 3 and len(set(asked)) == len(asked)


def test_the_layer_that_does_harm_stays_in_float(tmp_path, few, monkeypatch):
    """Where a judge finds every picture lost for as long as the layer of most harm is in int8."""
    monkeypatch.setattr(graph, "FEWEST_WEIGHTS", 1000)
    folder = Path(shutil.copytree(SD1, tmp_path / "sd1"))
    real, harmful = quantize.ranked, []

    def ranked(*given):
        order = real(*given)
        harmful.append(order[-1][2])
        return order

    monkeypatch.setattr(quantize, "ranked", ranked)
    monkeypatch.setattr(quantize, "judged", lambda pictures, wanted: quantize.Judged((0.5 if converted() else 0.99,), (20.0,)))
    made = []
    plain = graph.quantized
    monkeypatch.setattr(graph, "quantized", lambda model, ranges, convolutions, products, *more: made.append([*convolutions, *products]) or plain(
        model, ranges, convolutions, products, *more))

    def converted():
        return not harmful or harmful[0] in made[-1]

    _, verdict, figures = quantize.quantize(Drawing(folder, steps=2), folder / "unet" / "model.onnx", 0.95)
    layers = sum(map(len, graph.candidates(graph.floats(folder / "unet" / "model.onnx"))))
    assert verdict.mean == 0.99 and figures["convolutions"] + figures["products"] == layers - 1 and layers > 2


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(quantize, "PROMPTS", quantize.PROMPTS[:3])
    monkeypatch.setattr(quantize, "CALIBRATING", 1)
    monkeypatch.setattr(quantize, "CALLS", 5)
    monkeypatch.setattr(graph, "FEWEST_WEIGHTS", 4096)


def test_a_tiny_model_gets_an_int8_unet_that_keeps_the_floor(tmp_path, few, monkeypatch, capsys):
    folder = Path(shutil.copytree(SD1, tmp_path / "sd1"))
    before = (folder / "unet" / "model.onnx").read_bytes()
    monkeypatch.setattr("sys.argv", ["quantize", "--model", str(folder), "--floor", "0.5", "--steps", "2"])
    quantize.main()
    written = onnx.load(str(folder / "unet" / quantize.FILE))
    told = {prop.key: prop.value for prop in written.metadata_props}
    assert told["made_of"] == hashlib.sha256(before).hexdigest()
    assert float(told["ssim"]) >= 0.5 and told["weights"] == "7 bits"
    assert "times as fast" in capsys.readouterr().out
    assert (folder / "unet" / "model.onnx").read_bytes() == before
    assert sorted(path.name for path in (folder / "unet").iterdir()) == ["config.json", "model.onnx", quantize.FILE]
    drawing = Drawing(folder, steps=2)
    plain, small = (drawing.draw(session(folder / "unet" / name), "nuclei", 3) for name in ("model.onnx", quantize.FILE))
    assert plain.shape == small.shape == (64, 64, 3) and not np.array_equal(plain, small)


def test_a_new_export_takes_the_int8_form_of_the_one_before_away(tmp_path):
    made = onnx.load(str(toy(tmp_path)))
    (tmp_path / quantize.FILE).write_bytes(b"of another graph")
    storage.save(made, str(tmp_path), "optimum", external=False)
    assert (tmp_path / "model.onnx").exists() and not (tmp_path / quantize.FILE).exists()


def test_below_the_floor_nothing_is_written(tmp_path, few, monkeypatch):
    folder = Path(shutil.copytree(SD1, tmp_path / "sd1"))
    monkeypatch.setattr("sys.argv", ["quantize", "--model", str(folder), "--floor", "1.01", "--steps", "2"])
    with pytest.raises(SystemExit, match="no layer .* can be int8 at a mean SSIM of 1.01"):
        quantize.main()
    assert not (folder / "unet" / quantize.FILE).exists()
