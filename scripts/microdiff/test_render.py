"""Measures rendered pictures against the words of their captions: what a caption says must be seen."""
import numpy as np
import pytest
from scipy.ndimage import gaussian_laplace, label

from scripts.microdiff.render import Scene, Subject, caption, render, sample_scene
from scripts.microdiff.render.captions import COLOUR_WORDS, LEVEL_WORDS, MODALITY_WORDS, PAIRED, PROTEINS, STAINS, customary, held_out_pieces
from scripts.microdiff.render.scene import COLOURS, MODALITIES, SHOWN_IN, STRUCTURES
from scripts.microdiff.render.shards import scene_from_json, scene_to_json

PICTURES = 12
KINDS = [(modality, structure) for modality in MODALITIES for structure in SHOWN_IN[modality]]
COUNTED = [name for name in STRUCTURES if name != "membranes"]


def pictures(structure, modality="fluorescence", count=PICTURES, subject=None, **attributes):
    scene = Scene((Subject(structure, **({"colour": "green"} | (subject or {}))),), modality, **attributes)
    return [render(scene, seed) for seed in range(count)]


def instances(picture):
    return len(np.unique(picture.labels[0])) - 1


def mean(values):
    return float(np.mean(list(values)))


@pytest.mark.parametrize("structure", COUNTED)
def test_dense_has_at_least_two_and_a_half_times_the_instances_of_sparse(structure):
    dense = mean(instances(p) for p in pictures(structure, subject={"density": "dense"}))
    sparse = mean(instances(p) for p in pictures(structure, subject={"density": "sparse"}))
    assert dense >= 2.5 * sparse


def test_dense_nuclei_can_be_told_apart_by_threshold():
    def count(picture):
        grey = picture.clean.max(axis=2)
        return label(grey > 0.35 * grey.max())[1]

    dense = mean(count(p) for p in pictures("nuclei", subject={"density": "dense"}))
    sparse = mean(count(p) for p in pictures("nuclei", subject={"density": "sparse"}))
    assert dense >= 2.5 * sparse


@pytest.mark.parametrize("structure", ("nuclei", "vesicles", "bacteria", "yeast", "mitochondria", "membranes"))
def test_large_objects_have_at_least_1_8_times_the_area_of_small_ones(structure):
    def area(picture):
        labels = picture.labels[0]
        whole = np.unique(labels[2:-2, 2:-2])
        edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
        sizes = [np.sum(labels == number) for number in np.setdiff1d(whole, edge) if number > 0]
        return np.mean(sizes) if sizes else np.nan

    large = np.nanmean([area(p) for p in pictures(structure, subject={"size": "large"})])
    small = np.nanmean([area(p) for p in pictures(structure, subject={"size": "small"})])
    assert large >= 1.8 * small


@pytest.mark.parametrize("structure", ("actin", "microtubules", "neurons"))
def test_large_lines_are_wider_than_small_ones(structure):
    def width(picture):
        grey = picture.clean.max(axis=2).astype(float)
        return np.mean(grey > 0.5 * grey.max())

    same = {"density": "sparse"}
    large = mean(width(p) for p in pictures(structure, subject=same | {"size": "large"}, sharpness="sharp"))
    small = mean(width(p) for p in pictures(structure, subject=same | {"size": "small"}, sharpness="sharp"))
    assert large > 1.3 * small


@pytest.mark.parametrize("modality", MODALITIES)
def test_bright_pictures_have_at_least_1_5_times_the_mean_of_dim_ones(modality):
    for structure in SHOWN_IN[modality]:
        bright = mean(p.clean.mean() for p in pictures(structure, modality, 6, brightness="bright"))
        dim = mean(p.clean.mean() for p in pictures(structure, modality, 6, brightness="dim"))
        assert bright >= 1.5 * dim, structure


@pytest.mark.parametrize("colour", COLOURS)
def test_the_colour_word_names_the_channels_that_dominate(colour):
    strong = {"blue": "001", "green": "010", "red": "100", "magenta": "101", "cyan": "011", "grey": "111"}[colour]
    for structure in STRUCTURES:
        for picture in pictures(structure, count=3, subject={"colour": colour}):
            level = picture.clean.reshape(-1, 3).astype(float)
            level = np.quantile(level, 0.99, axis=0) - np.median(level, axis=0)
            assert "".join("1" if v > 0.6 * level.max() else "0" for v in level) == strong, structure


@pytest.mark.parametrize("modality, structure", KINDS)
def test_noise_words_order_the_noise(modality, structure):
    def noise(picture):
        return np.std(picture.noisy.astype(float) - picture.clean)

    levels = [mean(noise(p) for p in pictures(structure, modality, noise=word)) for word in ("clean", "", "noisy")]
    assert levels[0] * 2 < levels[1] and levels[1] * 2 < levels[2], levels


@pytest.mark.parametrize("modality, structure", KINDS)
def test_sharpness_words_order_the_sharpness(modality, structure):
    def sharpness(picture):
        grey = picture.clean.max(axis=2).astype(float)
        return np.std(gaussian_laplace(grey, 0.8)) / np.std(grey)

    levels = [mean(sharpness(p) for p in pictures(structure, modality, sharpness=word)) for word in ("blurred", "", "sharp")]
    assert levels[0] < levels[1] < levels[2] and levels[2] > 2 * levels[0]


@pytest.mark.parametrize("structure", ("actin", "bacteria", "mitochondria"))
def test_aligned_objects_share_a_direction(structure):
    def coherence(picture):
        rows, columns = np.gradient(picture.clean.max(axis=2).astype(float))
        return np.hypot(np.mean(columns ** 2 - rows ** 2), 2 * np.mean(rows * columns)) / np.mean(rows ** 2 + columns ** 2)

    aligned = mean(coherence(p) for p in pictures(structure, subject={"arrangement": "aligned"}))
    random = mean(coherence(p) for p in pictures(structure, subject={"arrangement": "random"}))
    assert aligned > 1.5 * random


@pytest.mark.parametrize("structure", ("nuclei", "vesicles", "bacteria", "yeast"))
def test_clustered_objects_lie_closer_together_than_spread_ones(structure):
    def spread(picture):
        rows, columns = np.nonzero(picture.labels[0])
        return np.std(rows) + np.std(columns)

    clustered = mean(spread(p) for p in pictures(structure, subject={"arrangement": "clustered"}))
    spread_out = mean(spread(p) for p in pictures(structure, subject={"arrangement": "spread"}))
    assert clustered < 0.85 * spread_out


def test_two_structures_show_in_their_own_colours_with_a_mask_each():
    scene = Scene((Subject("actin", "green"), Subject("nuclei", "blue")))
    for seed in range(6):
        picture = render(scene, seed)
        clean = picture.clean.astype(float)
        inside = picture.labels[1] > 0
        assert clean[inside, 2].mean() > 3 * clean[~inside, 2].mean()
        inside = picture.labels[0] > 0
        assert clean[inside, 1].mean() > 1.5 * clean[~inside, 1].mean()


def test_modalities_look_as_they_should():
    for structure in SHOWN_IN["fluorescence"]:
        assert mean(np.median(p.clean) for p in pictures(structure, count=4)) < 90
    for modality in ("phase", "electron", "dic"):
        for structure in SHOWN_IN[modality]:
            for picture in pictures(structure, modality, 4):
                assert (np.ptp(picture.noisy.astype(int), axis=2) == 0).all()
                assert np.median(picture.clean) > 60
    for picture in pictures("nuclei", "histology"):
        red, green, blue = picture.clean.reshape(-1, 3).mean(axis=0)
        assert green < red and green < blue


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    scene = sample_scene(np.random.default_rng(5))
    first, again, other = render(scene, 9), render(scene, 9), render(scene, 10)
    assert (first.noisy == again.noisy).all() and (first.noisy != other.noisy).any()


@pytest.mark.parametrize("pixels", (128, 192, 256))
def test_larger_pictures_show_more_objects_of_the_same_size(pixels):
    scene = Scene((Subject("nuclei", "blue"),), pixels=pixels)
    found = [render(scene, seed) for seed in range(4)]
    assert found[0].noisy.shape == (pixels, pixels, 3)
    assert 6 * (pixels / 128) ** 2 < mean(instances(p) for p in found) < 15 * (pixels / 128) ** 2


def test_captions_say_only_what_the_scene_has():
    contrary = {"sparse": "dense", "dense": "sparse", "small": "large", "large": "small", "dim": "bright",
                "bright": "dim", "sharp": "blurred", "blurred": "sharp", "noisy": "clean", "clean": "noisy",
                "clustered": "spread", "spread": "clustered", "aligned": "random", "random": "aligned"}
    rng = np.random.default_rng(3)
    phrasings = set()
    for _ in range(400):
        scene = sample_scene(rng)
        text = caption(scene, rng)
        phrasings.add(text)
        asked = {level for s in scene.subjects for level in (s.density, s.size, s.arrangement)}
        asked |= {scene.brightness, scene.sharpness, scene.noise}
        words = f" {text.replace(',', ' ')} "
        for level, denied in contrary.items():
            if denied in asked and level not in asked:
                assert not any(f" {word} " in words for word in LEVEL_WORDS[level]), text
        for colour in COLOURS:
            if f" {colour} " in words:
                assert colour in {s.colour for s in scene.subjects} and scene.modality == "fluorescence"
    assert len(phrasings) > 350


def test_a_caption_without_colour_or_modality_means_one_kind_of_picture():
    rng = np.random.default_rng(4)
    silent, colours = 0, {word for colour in COLOURS for word in COLOUR_WORDS.get(colour, (colour,))}
    stains = {stain for names in (*STAINS.values(), *PROTEINS.values()) for stain in names}
    for _ in range(1500):
        scene = sample_scene(rng)
        text = caption(scene, rng)
        if not any(frame.replace("{}", "").strip(" ,") in text for frame in MODALITY_WORDS[scene.modality]):
            assert scene.modality == "fluorescence", text
            if not colours & set(text.replace(",", "").split()) and not any(stain in text for stain in stains):
                silent += 1
                assert customary(scene.subjects), text
    assert silent > 20
    assert customary((Subject("yeast", "grey"),)) and not customary((Subject("yeast", "green"),))
    assert customary((Subject("actin", "green"), Subject("nuclei", "blue")))
    assert not customary((Subject("actin", "blue"), Subject("nuclei", "green")))


def test_no_caption_has_a_held_out_wording():
    pieces = held_out_pieces()
    assert {"densely packed ", "hela cells stained with dapi and phalloidin", " shown in blue", "tem micrograph of "} < set(pieces)
    rng = np.random.default_rng(6)
    texts = [caption(sample_scene(rng), rng) for _ in range(4000)]
    assert not [text for text in texts if any(piece in text for piece in pieces)]


def test_two_stains_are_two_structures():
    rng = np.random.default_rng(7)
    scene = Scene((Subject("actin", "green"), Subject("nuclei", "blue")))
    texts = [caption(scene, rng) for _ in range(200)]
    assert sum("stained with" in text and "phalloidin" in text and ("dapi" in text or "hoechst" in text) for text in texts) > 5
    assert all(key in STAINS for key in PAIRED)


def test_dic_shows_light_and_shadow_along_the_shear():
    for picture in pictures("bacteria", "dic", 4, noise="clean"):
        grey = picture.clean[..., 0].astype(float)
        inside = picture.labels[0] > 0
        assert (grey[inside] > np.median(grey) + 8).any() and (grey[inside] < np.median(grey) - 8).any()
        assert abs(grey[inside].mean() - grey.mean()) < 8


def test_scenes_survive_json():
    rng = np.random.default_rng(8)
    for _ in range(50):
        scene = sample_scene(rng)
        assert scene_from_json(scene_to_json(scene)) == scene
