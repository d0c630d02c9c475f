"""Crops of real images: what they are cut from, what is said of them, and the autoencoder that learns them."""
import json
from argparse import Namespace

import numpy as np
import pytest
import tifffile
import torch

from scripts.microdiff.train import adapt, latents, real, vae
from scripts.microdiff.train.data import Shards


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """Stand-ins for the sets, with bright squares as objects, 20 pixels a side."""
    folder = tmp_path_factory.mktemp("real")
    rng = np.random.default_rng(12)
    for name, (modality, _, _) in real.SETS.items():
        for split in ("train", "test"):
            for part in ("images", "labels"):
                (folder / name / split / part).mkdir(parents=True)
            for number in range(8):
                labels = np.zeros((200, 220), np.uint16)
                for place in range(12):
                    top, left = 5 + 50 * (place // 4), 5 + 50 * (place % 4)
                    labels[top:top + 20, left:left + 20] = place + 1
                pixels = (1000 + 3000 * (labels > 0) + rng.normal(0, 20, labels.shape)).astype(np.uint16)
                if split == "test":
                    pixels[:] = 60000
                pixels = np.stack([pixels // 64] * 3, -1).astype(np.uint8) if modality == "histology" else pixels
                tifffile.imwrite(folder / name / split / "images" / f"{number}.tif", pixels)
                tifffile.imwrite(folder / name / split / "labels" / f"{number}.tif", labels)
    return folder


def test_crops_of_real_images_say_what_their_labels_show(photographs):
    cutter = real.Cutter(photographs)
    assert all(len(images) == 7 for images in cutter.images.values())
    assert all(len(real.read_set(photographs, name, held_out=True)) == 1 for name in real.SETS)
    crops = [cutter.crop(np.random.default_rng((13, i)), 64) for i in range(60)]
    assert {scene.origin for _, scene in crops} == set(real.SETS)
    diameter = cutter.images["bbbc039_u2os_nuclei"][0][0].diameter
    assert abs(diameter - 22.6) < 0.1
    for picture, scene in crops:
        assert picture.shape == (64, 64, 3) and picture.dtype == np.uint8
        assert scene.modality == real.SETS[scene.origin][0] and scene.subjects[0].structure == real.SETS[scene.origin][1]
    assert {scene.subjects[0].size for _, scene in crops} == {"small", "", "large"}


def test_a_crop_is_a_piece_of_its_image(photographs):
    image = real.read_set(photographs, "bbbc039_u2os_nuclei")[0]
    view = real._view(np.random.default_rng(14), image.labels.shape, 128, 1.0, np.pi / 2, True)
    cut = real._sampled(real.spline_filter_channels(image.pixels)[0], view, 128, 1.0)
    labels = real._at(image.labels, *view, 128, 1, order=0)
    whole = [number for number in range(1, 13) if (labels == number).sum() == 400]
    assert len(whole) >= 2
    for number in whole:
        assert cut[labels == number].mean() == pytest.approx(image.pixels[image.labels == number].mean(), rel=0.001)
    small = real._sampled(real.spline_filter_channels(image.pixels)[0], real._view(np.random.default_rng(15), (200, 220), 64, 0.4, 0, False), 64, 0.4)
    assert small.std() > 500 and small.min() > 500


def test_real_shards_are_cut_once_and_need_the_sets(photographs, tmp_path, monkeypatch):
    monkeypatch.setattr(real, "SHARD", 4)
    real.write_real_shards(tmp_path, photographs, 6, 64, seed=3)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["00000.npz", "00001.npz"]
    kept = (tmp_path / "00000.npz").read_bytes()
    (tmp_path / "00001.npz").unlink()
    real.write_real_shards(tmp_path, photographs, 6, 64, seed=3)
    assert (tmp_path / "00000.npz").read_bytes() == kept and (tmp_path / "00001.npz").exists()
    with pytest.raises(SystemExit, match="--real"):
        real.read_set(tmp_path, "bbbc039_u2os_nuclei")


def test_crops_of_a_set_with_a_larger_share_come_oftener(photographs, tmp_path, monkeypatch):
    monkeypatch.setattr(real, "SHARD", 60)
    real.write_real_shards(tmp_path, photographs, 120, 32, seed=5)
    crops = Shards(tmp_path, {"yeast_phase_yeastvision": 5.0})
    origins = [json.loads(str(scene))["origin"] for path in sorted(tmp_path.glob("*.npz")) for scene in np.load(path)["scenes"]]
    rng = np.random.default_rng(20)
    drawn = [origins[crops._drawn(rng)] for _ in range(2000)]
    there = origins.count("yeast_phase_yeastvision")
    assert drawn.count("yeast_phase_yeastvision") / 2000 == pytest.approx(5 * there / (5 * there + len(origins) - there), abs=0.04)


def _with(state):
    autoencoder = vae.build()
    autoencoder.load_state_dict(state)
    return autoencoder


def test_adapting_learns_real_crops_and_holds_the_latents(photographs, tmp_path):
    real.write_real_shards(tmp_path / "real", photographs, 1, 64, seed=4)
    torch.manual_seed(11)
    autoencoder = vae.build()
    options = Namespace(seed=1, real=photographs, adapt_batch=2, adapt_rate=1e-4, adapt_steps=2, adapt_minutes=10, log_every=1, save_minutes=10,
                        adapt_decoder=False, adapt_sides=[64])
    before = {name: value.clone() for name, value in autoencoder.state_dict().items()}
    crops = Shards(tmp_path / "real")
    for options.adapt_steps in (2, 3):
        autoencoder.load_state_dict(before)
        adapt.train(tmp_path, autoencoder, crops, crops, options)
    steps = [json.loads(line)["step"] for line in (tmp_path / "adapt.jsonl").read_text().splitlines()]
    assert steps == [0, 1, 2, 2, 3, 3]
    kept = adapt.adapted(tmp_path, vae.build()).state_dict()
    changed = [name for name, value in kept.items() if not torch.equal(value, before[name])]
    assert any(name.startswith("encoder") for name in changed) and any(name.startswith("decoder") for name in changed)
    autoencoder.load_state_dict(before)
    options.adapt_decoder = True
    adapt.train(tmp_path / "real", autoencoder, crops, crops, options)
    assert latents.digest(autoencoder) == latents.digest(_with(before))
    assert not torch.equal(autoencoder.decoder.conv_in.weight, before["decoder.conv_in.weight"])
    batch = torch.rand(2, 3, 64, 64) * 2 - 1
    same = _with(before)
    terms = adapt.loss_terms(same, same, torch.ones(vae.LATENT_CHANNELS), batch, batch, batch)
    assert terms[2] == terms[3] == 0 and terms[0] > 0
