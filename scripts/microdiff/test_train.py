"""What training relies on: the colour-keeping start, the exact folding of statistics, the tokenizer's format, resumable shards."""
import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from diffusers import DPMSolverMultistepScheduler

from scripts.microdiff.render import Scene, Subject, caption, render, sample_scene
from scripts.microdiff.render.shards import SHARD, write_shard
from scripts.microdiff.train import denoiser, emphasis, exported, latents, package, sharpen, text, timesteps, vae
from scripts.microdiff.train.common import Progress
from scripts.microdiff.train.data import Shards, to_signed
from scripts.microdiff.train.optimiser import Both, orthogonal

MODEL = Path(__file__).resolve().parents[2] / "models" / "MicroDiff"


@pytest.fixture(scope="module")
def autoencoder():
    torch.manual_seed(3)
    return vae.build().eval()


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    return text.train_tokenizer(tmp_path_factory.mktemp("tokenizer"), 1)


@torch.no_grad()
def test_an_untrained_autoencoder_keeps_hue(autoencoder):
    for hue in ((1, -1, -1), (-1, 1, -1), (-1, -1, 1), (1, -1, 1)):
        picture = torch.full((1, 3, 64, 64), -1.0)
        picture[0, :, 16:48, 16:48] = torch.tensor(hue, dtype=torch.float32)[:, None, None]
        result = autoencoder.decode(autoencoder.encode(picture).latent_dist.mode()).sample[0, :, 24:40, 24:40].mean(dim=(1, 2))
        strong = result[torch.tensor(hue) > 0]
        assert strong.min() > result[torch.tensor(hue) < 0].max() + 0.5


@torch.no_grad()
def test_folding_centres_latents_and_changes_no_picture():
    torch.manual_seed(4)
    plain, folded = vae.build().eval(), vae.build().eval()
    folded.load_state_dict(plain.state_dict())
    mean, deviation = torch.linspace(-1, 1, 8), torch.linspace(0.5, 3, 8)
    package.fold_statistics(folded, mean, deviation)
    picture = torch.rand(2, 3, 32, 40) * 2 - 1
    before, after = plain.encode(picture).latent_dist, folded.encode(picture).latent_dist
    expected = (before.mean - mean[:, None, None]) / deviation[:, None, None]
    assert torch.allclose(after.mean, expected, atol=1e-4)
    assert torch.allclose(after.std, before.std / deviation[:, None, None], rtol=1e-3, atol=1e-5)
    assert torch.allclose(folded.decode(after.mean).sample, plain.decode(before.mean).sample, atol=1e-3)


def test_captions_fit_into_the_positions_and_common_words_are_whole(tokenizer):
    rng = np.random.default_rng(2)
    lengths = [len(tokenizer(caption(sample_scene(rng), rng)).input_ids) for _ in range(1000)]
    assert np.quantile(lengths, 0.995) <= text.POSITIONS == tokenizer.model_max_length
    for word in ("nuclei", "sparse", "actin", "filaments", "electron", "blue"):
        assert tokenizer.tokenize(word) == [word + "</w>"]


def test_unknown_words_break_into_pieces_and_decode_again(tokenizer):
    line = "zyxomma é 42 qwrtz!"
    assert tokenizer.unk_token_id not in tokenizer(line, add_special_tokens=False).input_ids
    assert tokenizer.decode(tokenizer(line, add_special_tokens=False).input_ids).replace(" ", "") == line.replace(" ", "")


def test_the_model_keeps_within_its_budget(tokenizer, autoencoder):
    parts = autoencoder, text.build(tokenizer), denoiser.build((32, 64, 128), vae.LATENT_CHANNELS)
    assert sum(map(denoiser.count, parts)) < package.MOST_PARAMETERS


def _shape_and_channels(unet):
    widths, attentive = denoiser.shape(unet)
    return widths, vae.LATENT_CHANNELS, attentive


@torch.no_grad()
def test_an_exported_model_comes_back_into_torch():
    encoder, unet, autoencoder = exported.read(MODEL)
    denoiser.build(*_shape_and_channels(unet)).load_state_dict(unet.state_dict())
    picture, codes = torch.rand(1, 3, 64, 64) * 2 - 1, torch.randn(1, vae.LATENT_CHANNELS, 8, 8)
    ids = torch.arange(text.POSITIONS)[None]
    words = torch.randn(1, text.POSITIONS, encoder.config.hidden_size)
    for part, inputs, expected in (
            ("text_encoder", {"input_ids": ids}, encoder(ids).last_hidden_state),
            ("unet", {"sample": codes, "timestep": torch.tensor(321.0), "encoder_hidden_states": words},
             unet(codes, torch.tensor(321.0), words).sample),
            ("vae_encoder", {"sample": picture}, autoencoder.encode(picture).latent_dist.parameters),
            ("vae_decoder", {"latent_sample": codes}, autoencoder.decode(codes).sample)):
        session = onnxruntime.InferenceSession(MODEL / part / "model.onnx", providers=["CPUExecutionProvider"])
        result = session.run(None, {name: value.numpy() for name, value in inputs.items()})[0]
        assert np.abs(result - expected.numpy()).max() < 2e-3 * np.abs(result).max(), part


def test_units_make_what_the_eye_sees_first_larger():
    _, _, autoencoder = exported.read(MODEL)
    pictures = np.stack([render(sample_scene(np.random.default_rng((7, i))), (8, i)).noisy for i in range(24)])
    with torch.no_grad():
        codes = autoencoder.encode(torch.from_numpy(to_signed(pictures))).latent_dist.mean.numpy()
    _, deviation = latents.statistics(codes)
    spread = deviation / latents.units(autoencoder, codes)
    assert abs(np.mean(spread ** 2) - 1) < 1e-3
    # Latents 0 to 2 hold block means of red, green and blue (vae_start), the others what is finer.
    assert spread[:3].min() > 2 * spread[3:].max()


def test_an_orthogonal_update_has_singular_values_near_one():
    torch.manual_seed(5)
    for shape in ((12, 40), (40, 12)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape) @ torch.diag(torch.logspace(-1, 1, shape[1]))))
        assert values.min() > 0.3 and values.max() < 1.4


def test_both_optimisers_learn_every_parameter(tokenizer):
    torch.manual_seed(6)
    pair = denoiser.Pair(text.build(tokenizer), denoiser.build((16, 16, 16), vae.LATENT_CHANNELS))
    before = {name: value.clone() for name, value in pair.named_parameters()}
    optimiser = Both(pair.unet, pair.encoder, 1e-3)
    ids, target = text.encode(tokenizer, ["red nuclei", "blue yeast"]), torch.randn(2, vae.LATENT_CHANNELS, 8, 8)
    losses = []
    for _ in range(12):
        loss = (pair(ids, target, torch.tensor([400, 700])) - target).square().mean()
        loss.backward()
        losses.append(loss.item())
        optimiser.step(1e-3)
    still = [name for name, value in pair.named_parameters() if torch.equal(value, before[name])]
    assert losses[-1] < losses[0] and not still, still


def test_rates_warm_up_and_fall():
    progress = Progress(1000, 1e9)
    rates = []
    for _ in range(1000):
        rates.append(progress.rate(1.0))
        progress.advance()
    assert rates[0] < 0.02 and max(rates) > 0.95 and rates[-1] < 0.04
    assert progress.fraction() == 1


def test_a_shard_that_is_there_is_not_rendered_again(tmp_path):
    path = tmp_path / "00003.npz"
    path.write_bytes(b"kept")
    assert write_shard((str(tmp_path), 3, 32, 0)) == path and path.read_bytes() == b"kept"
    assert SHARD > 0


def test_timesteps_of_another_schedule_mean_the_same_noise():
    torch.manual_seed(7)
    unet = denoiser.build((64, 16, 16), vae.LATENT_CHANNELS).eval()
    before = DPMSolverMultistepScheduler(beta_schedule="squaredcos_cap_v2").alphas_cumprod
    after = denoiser.scheduler().alphas_cumprod
    codes, words = torch.randn(1, vae.LATENT_CHANNELS, 8, 8), torch.randn(1, text.POSITIONS, 128)
    pairs = [(int((before - after[new]).abs().argmin()), new) for new in (60, 200, 450, 800)]
    with torch.no_grad():
        expected = [unet(codes, old, words).sample for old, _ in pairs]

    def errors():
        with torch.no_grad():
            results = [unet(codes, new, words).sample for _, new in pairs]
        return [float((result - wanted).norm() / wanted.norm()) for result, wanted in zip(results, expected)]

    unmoved = errors()
    timesteps.move(unet, before, after)
    assert max(errors()) < 0.02 < min(unmoved)


def test_half_of_the_drawn_timesteps_are_even_and_half_where_shapes_are():
    alphas = denoiser.scheduler().alphas_cumprod
    drawn = timesteps.drawn(np.random.default_rng(1), 4000, alphas)
    even, shaped = np.sort(drawn[:2000]), timesteps.log_noise(alphas)[drawn[2000:]]
    assert drawn.min() >= 0 and drawn.max() < 1000 and np.abs(even - np.arange(0, 1000, 0.5)).max() < 3
    assert abs(np.median(shaped) - timesteps.MEAN) < 0.05 and abs(np.std(shaped) - timesteps.DEVIATION) < 0.05


def test_the_schedule_ends_in_noise_and_dwells_where_the_whole_picture_is_decided():
    plan = denoiser.scheduler()
    plan.set_timesteps(15)
    noise = plan.sigmas[:-1]
    assert noise[0] > 150 and noise[-1] < 0.2
    assert sum(10 < value < 100 for value in noise.tolist()) >= 3


def test_what_is_hard_to_learn_is_drawn_oftener():
    kinds = ((("nuclei",), "fluorescence"), (("bacteria",), "fluorescence"), (("bacteria",), "histology"),
             (("actin", "nuclei"), "fluorescence"), (("mitochondria", "nuclei"), "fluorescence"))
    scenes = [Scene(tuple(Subject(name, "green") for name in names), modality) for names, modality in kinds]
    plain, rods, rods_in_histology, pair, hard_pair, grey = emphasis.shares([*scenes, Scene((Subject("nuclei", "grey"),))])
    assert plain + rods + rods_in_histology + pair + hard_pair + grey == pytest.approx(1)
    assert rods > 2 * plain and rods > rods_in_histology > plain
    assert pair > 2 * plain and hard_pair == pytest.approx(2 * pair) and grey == pytest.approx(2 * plain)


def test_hard_scenes_add_pictures_of_hard_kinds_and_leave_their_shares():
    rng = np.random.default_rng(19)
    plain = [sample_scene(rng) for _ in range(6000)]
    hard = [emphasis.hard_scene(rng) for _ in range(3000)]
    assert max(map(emphasis.weight, plain + hard)) <= emphasis.MOST
    pairs, rods = (lambda s: len(s.subjects) == 2), (lambda s: s.subjects[0].structure == "bacteria" and s.modality == "fluorescence")
    for kind in (pairs, rods):
        assert np.mean([kind(s) for s in hard]) > 1.5 * np.mean([kind(s) for s in plain])
        alone, beside = (found[[kind(s) for s in scenes]].sum() for scenes, found in (
            (plain, emphasis.shares(plain)), (plain + hard, emphasis.shares(plain + hard, len(hard)))))
        assert beside == pytest.approx(alone, rel=0.1)
    # A hard picture is seen less often where there are more of them.
    assert emphasis.shares(plain + hard, len(hard)).max() < 0.6 * emphasis.shares(plain).max()


def test_a_share_of_the_pictures_is_real():
    scenes = [Scene((Subject("nuclei"),), origin=origin) for origin in ("", "", "", "bbbc039_u2os_nuclei", "yeast_phase_yeastvision")]
    found = emphasis.shares(scenes)
    assert found.sum() == pytest.approx(1) and found[3:].sum() == pytest.approx(emphasis.REAL_SHARE)
    assert emphasis.shares(scenes[:3]).sum() == emphasis.shares(scenes[3:]).sum() == pytest.approx(1)


def test_unknown_words_are_not_those_of_captions_or_held_out():
    rng = np.random.default_rng(16)
    unknown = set(json.loads((Path(__file__).parent / "heldout_wordings.json").read_text())["unknown"])
    empty = set(text.empty_words())
    assert len(empty) > 300 and not unknown & empty
    assert not {"red", "nuclei", "dense", "dic", "vesicle", "phalloidin", "sparse", "electron"} & empty
    line = "bright nuclei"
    changed = [words for words in (text.disturbed(line, rng) for _ in range(2000)) if words != line]
    assert abs(len(changed) / 2000 - text.DISTURBED_SHARE) < 0.05
    assert all({"bright", "nuclei"} <= set(words.replace(",", "").split()) for words in changed)
    assert any(words.startswith("bright nuclei, ") for words in changed)
    assert not unknown & {word for words in changed for word in words.replace(",", "").split()}


def test_a_spectrum_is_the_variance_at_each_frequency():
    torch.manual_seed(8)
    found = sharpen.spectrum(0.1 * torch.randn(4, 3, 128, 128))[..., 2:, 2:].mean(dim=(0, 2, 3))
    assert torch.allclose(found, torch.tensor([0.01] * 3 + [0.02] * 3), rtol=0.1)


def test_a_blurred_picture_and_one_with_a_pattern_differ_in_spectrum_and_places():
    clean = torch.from_numpy(to_signed(np.stack([render(sample_scene(np.random.default_rng((9, i))), (9, i)).clean for i in range(6)])))
    pattern = 0.02 * torch.tensor([1.0, -1.0]).repeat(64)
    for other in (sharpen.blurred(clean), clean + pattern):
        _, near, spectra, places = sharpen.loss_terms(other, clean)
        assert near > 0 and spectra > 0.1 and places > 0.1
    assert max(sharpen.loss_terms(clean, clean)) == 0


def test_sharpening_changes_the_decoder_alone_and_goes_on_where_it_stopped(tmp_path):
    pictures = np.random.default_rng(10).integers(0, 256, (32, 64, 64, 3), dtype=np.uint8)
    np.savez(tmp_path / "00000.npz", noisy=pictures, clean=pictures)
    options = Namespace(seed=1, sharpen_batch=2, sharpen_rate=1e-3, sharpen_steps=3, sharpen_minutes=10, log_every=1, save_minutes=10)
    torch.manual_seed(10)
    autoencoder = vae.build()
    codes, encoder = torch.randn(1, vae.LATENT_CHANNELS, 8, 8), latents.digest(autoencoder)
    before = autoencoder.decode(codes).sample.detach()
    for options.sharpen_steps in (3, 5):
        sharpen.train(tmp_path, autoencoder, Shards(tmp_path), options)
    after = autoencoder.decode(codes).sample
    assert latents.digest(autoencoder) == encoder and not torch.equal(after, before)
    steps = [json.loads(line)["step"] for line in (tmp_path / "sharpen.jsonl").read_text().splitlines()]
    assert steps == [1, 2, 3, 3, 4, 5, 5]
    assert torch.equal(sharpen.sharpened(tmp_path, vae.build()).decode(codes).sample, after)


def test_a_package_is_an_exported_model_with_licence_card_and_checksums(tmp_path, monkeypatch, autoencoder, tokenizer):
    monkeypatch.chdir(tmp_path)
    unet = denoiser.build((32, 32, 64), vae.LATENT_CHANNELS)
    with torch.no_grad():
        for parameter in unet.parameters():
            # The exporter writes equal weights once, such as norms before training; a trained UNet has none.
            parameter += 1e-3 * torch.randn_like(parameter)
    package.package("work", "packed", autoencoder, text.build(tokenizer), unet, tokenizer, 2)
    packed = tmp_path / "packed"
    assert {path.parent.name for path in packed.rglob("model.onnx")} == {"text_encoder", "unet", "vae_decoder", "vae_encoder"}
    assert json.loads((packed / "diffusionj.json").read_text())["guidance"] == 2
    listed = {line.split("  ")[1] for line in (packed / "checksums.sha256").read_text().splitlines()}
    assert listed == {path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()} - {"checksums.sha256"}
    assert {"LICENSE", "README.md"} <= listed
