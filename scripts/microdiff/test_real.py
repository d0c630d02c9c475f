"""The rows on real images, on synthetic images whose answer is known."""
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
from scipy import ndimage

from scripts.microdiff.evaluate import distribution, naming
from scripts.microdiff.evaluate.real import crops, kept, objects, roundtrip, segmenter, sets
from scripts.microdiff.evaluate.row import Row, table
from scripts.microdiff.evaluate.source import NoPipeline

FOLDER = sets.SETS[0].folder


def discs(seed=0, count=12, side=200, radius=9, dark=False):
    """uint16 image of discs on a noisy background, and int labels; some discs touch."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((side, side), int)
    y, x = np.mgrid[:side, :side]
    for number in range(1, count + 1):
        for _ in range(200):
            cy, cx = rng.uniform(radius + 2, side - radius - 2, 2)
            own = (y - cy) ** 2 + (x - cx) ** 2 <= radius ** 2
            if not labels[own].any():
                labels[own] = number
                break
    shape = ndimage.gaussian_filter((labels > 0).astype(float), 0.8)
    level = 1000 + (-500 if dark else 2000) * shape * (1 + 0.1 * rng.normal(size=shape.shape)) + rng.normal(0, 30, shape.shape)
    return level.astype(np.uint16), labels


@pytest.fixture
def real(tmp_path):
    """A folder of sets with three test images and two train images of discs."""
    for split, count in (("test", 3), ("train", 2)):
        for seed in range(count):
            image, labels = discs(seed + 10 * count)
            for kind, pixels in (("images", image), ("labels", labels.astype(np.uint16))):
                (tmp_path / FOLDER / split / kind).mkdir(parents=True, exist_ok=True)
                tifffile.imwrite(tmp_path / FOLDER / split / kind / f"{seed}.tif", pixels)
    return tmp_path


def test_an_image_is_stretched_between_its_percentiles():
    image = np.arange(10000, dtype=np.uint16).reshape(100, 100)
    level = sets.stretched(image)
    assert level.shape == (100, 100, 1) and level[0, 0, 0] == 0 and level[-1, -1, 0] == 1
    assert level[50, 0, 0] == pytest.approx((5000 - 10) / (9989 - 10), abs=1e-3)
    assert sets.picture(image).shape == (100, 100, 3)


def test_the_middle_keeps_image_and_labels_together(real):
    example = sets.examples(real, sets.SETS[0])[0]
    middle = sets.central(example, 64)
    assert (middle.image == example.image[68:132, 68:132]).all() and (middle.labels == example.labels[68:132, 68:132]).all()
    assert sets.central(example, 1000).image.shape == example.image.shape
    assert [e.name for e in sets.examples(real, sets.SETS[0], limit=2)] == ["0.tif", "1.tif"]
    with pytest.raises(FileNotFoundError, match="no images in"):
        sets.examples(real, sets.SETS[1])


def test_bright_objects_that_went_are_not_found():
    image, labels = discs()
    numbers = objects.counted(labels)
    assert objects.bright(labels, image).all()
    level = image.astype(float)
    gone = numbers[::3]
    level[ndimage.binary_dilation(np.isin(labels, gone), iterations=2)] = 1000
    assert (objects.bright(labels, level) == ~np.isin(numbers, gone)).all()
    assert not objects.bright(labels, ndimage.shift(image.astype(float), (0, 9), mode="nearest")).any()


def test_small_labels_do_not_count():
    labels = np.zeros((50, 50), int)
    labels[2:7, 2:7], labels[20:30, 20:30] = 1, 3
    assert list(objects.counted(labels)) == [3]
    assert list(objects.segmented(labels, (labels == 3).astype(int))) == [True]
    half = np.zeros_like(labels)
    half[20:24, 20:30] = 5
    assert list(objects.segmented(labels, half)) == [False]


def test_correlation_is_of_fine_detail_only():
    image, labels = discs()
    field = image.astype(float)
    assert np.allclose(objects.correlations(field, field, labels), 1)
    brighter = 0.5 * field + ndimage.gaussian_filter(field, 20)
    assert np.median(objects.correlations(field, brighter, labels)) > 0.97
    other = ndimage.gaussian_filter(field, 3) + np.random.default_rng(1).normal(0, 100, field.shape)
    assert np.median(objects.correlations(field, other, labels)) < 0.5


def test_touching_objects_are_told_apart_and_grow_back():
    labels = np.zeros((40, 60), int)
    labels[10:30, 10:30], labels[10:30, 30:50] = 1, 2
    pieces = segmenter.grown(segmenter.classes_of(labels))
    assert objects.segmented(labels, pieces).all() and len(np.unique(pieces)) == 3
    assert (pieces > 0).sum() == (labels > 0).sum()
    edge = np.zeros((20, 20), int)
    edge[:, :8] = 1
    assert segmenter.classes_of(edge)[10, 0] == 2, "an object that the picture cuts has no rim there"


def test_a_segmenter_learns_objects_and_is_the_same_again(monkeypatch):
    monkeypatch.setattr(segmenter, "BATCH", 4)
    monkeypatch.setattr(segmenter, "PATCH", 64)
    train = [(sets.stretched(image), labels) for image, labels in (discs(seed, dark=True) for seed in range(3))]
    weights = segmenter.trained(train, 60)
    image, labels = discs(9, dark=True)
    found = objects.segmented(labels, segmenter.restored(weights).segments(sets.stretched(image)))
    assert found.mean() >= 0.8
    flat = np.full((60, 70, 1), 0.5, np.float32)
    assert segmenter.restored(weights).segments(flat).shape == (60, 70)
    first, again = segmenter.trained(train, 3), segmenter.trained(train, 3)
    assert all((first[name] == again[name]).all() for name in first)


def test_pieces_go_back_to_the_size_of_the_labels():
    level = np.arange(9 * 10, dtype=float).reshape(9, 10, 1)
    assert kept.shrunk(level, 4).shape == (2, 2, 1) and kept.shrunk(level, 4)[0, 0, 0] == level[:4, :4].mean()
    assert kept.enlarged(np.array([[1, 2], [3, 4]]), (9, 10), 4).shape == (9, 10)


def test_what_is_drawn_unchanged_is_kept_and_what_is_blank_is_not(real, monkeypatch):
    monkeypatch.setattr(kept, "SETS", sets.SETS[:1])
    asked = []

    def bench(change):
        def redraw(image, prompt, strength, seed):
            asked.append((prompt, strength))
            return change(image)
        return SimpleNamespace(real=real, real_images=None, drawer=SimpleNamespace(redraw_natively=redraw))

    unchanged = bench(lambda image: image)
    same = [*kept.rows(unchanged), *kept.more(unchanged)]
    assert [row.reached for row in same] == [True, True, False, None]
    assert same[0].model.startswith("100.0% (") and same[2].model == "1.00"
    assert {strength for _, strength in asked} == {0.2, 0.3, 0.4, 0.5, 0.6} and {prompt for prompt, _ in asked} == {"nuclei"}
    blank = list(kept.rows(bench(lambda image: np.random.default_rng(0).normal(1000, 30, image.shape).astype(np.uint16))))
    assert not blank[0].reached and blank[0].model.startswith("0.0% (0 of ")


def test_what_needs_no_drawn_picture_is_computed_ahead(real, monkeypatch):
    monkeypatch.setattr(kept, "SETS", sets.SETS[:1])
    bench = SimpleNamespace(real=real, real_images=None, drawer=NoPipeline())
    assert [row.images for row in (*kept.rows(bench), *kept.more(bench))] == [3, 3, 3, 3]


def test_crops_are_of_one_size_at_every_scale(real):
    found = crops.crops(real, sets.SETS[0], "test", 24)
    assert found.shape == (3 * 4 * 4, 128, 128, 3)
    assert crops.crops(real, sets.SETS[0], "test", 24, most=10).shape[0] == 10
    assert crops.crops(real, sets.SETS[0], "test", 24, 0.5).shape[0] == 0
    assert crops.crops(real, sets.SETS[0], "test", 64, 2.0).shape[0] == 3 * 5 * 5


def test_a_copy_of_a_train_crop_is_found(real):
    bank = distribution.small(crops.crops(real, sets.SETS[0], "train", 16))
    copy = crops.crops(real, sets.SETS[0], "train", 48)
    assert distribution.closest(np.rot90(copy, 1, (1, 2)), bank).max() < 1e-5
    assert distribution.closest(crops.crops(real, sets.SETS[0], "test", 48), bank).min() > 0.05


def test_psnr_of_an_autoencoder_that_adds_a_level(real):
    off = SimpleNamespace(round_trip=lambda pictures: np.clip(np.stack(pictures).astype(int) + 5, 0, 255).astype(np.uint8))
    image = sets.picture(sets.examples(real, sets.SETS[0])[0].image)
    assert roundtrip.psnr(off, np.minimum(image, 250)) == pytest.approx(20 * np.log10(255 / 5), abs=1e-6)


def test_another_model_s_value_stands_beside_a_row():
    row = Row("a", 3, "0.5", goal="at least 0.4", reached=True)
    assert row.beside(Row("a", 3, "0.3")).cells() == ("a", "3", "0.5", "0.3", "-", "-", "at least 0.4", "yes")
    assert table([row]).splitlines()[0].count("|") == table([row]).splitlines()[2].count("|")
    with pytest.raises(ValueError, match="different measures"):
        row.beside(Row("b", 3, "0.3"))


def test_the_probe_sees_real_crops_of_kinds_that_training_saw(real):
    assert set(naming.REAL_KINDS) <= set(naming.KINDS)
    assert {folder for folders in naming.REAL_KINDS.values() for folder in folders} <= {one.folder for one in sets.SETS}
    kind = ("fluorescence", "nuclei")
    (real / "bbbc038_fluo_nuclei").symlink_to(real / FOLDER)
    found = naming.real_crops(SimpleNamespace(real=real), kind, "train", 10)
    assert found.shape == (10, 128, 128, 3) and found.dtype == np.uint8
