"""The evaluation's particle count against ImageJ's own, and its other measurements on pictures whose answer is known."""
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.microdiff.evaluate import measures
from scripts.microdiff.evaluate.attributes import median_area
from scripts.microdiff.evaluate.distribution import closest, kernel_distance, small
from scripts.microdiff.evaluate.probe import Probe
from scripts.microdiff.evaluate.renders import held_out, scenes_like
from scripts.microdiff.evaluate.source import ROOT, JavaPipeline
from scripts.microdiff.render.scene import COLOURS

JARS = sorted((Path.home() / ".m2" / "repository" / "net" / "imagej" / "ij").glob("1.54*/ij-1.54*.jar"))


@pytest.mark.skipif(not JARS or not shutil.which("java"), reason="needs Java and the ImageJ jar that the Maven build fetches")
def test_thresholds_and_particles_are_imagej_s(tmp_path):
    rng = np.random.default_rng(0)
    pictures = [p.noisy for density in ("sparse", "", "dense") for p in held_out(8, 1, ("nuclei",), density=density)]
    pictures.append(rng.integers(0, 256, (128, 128, 3), dtype=np.uint8))
    fields = [measures.smoothed(p) for p in pictures]
    for place, field in enumerate(fields):
        Image.fromarray(field).save(tmp_path / f"{place:02d}.png")
    code = Path(measures.__file__).parent / "ImageJCount.java"
    out = subprocess.run(["java", "-Djava.awt.headless=true", "-cp", str(JARS[-1]), str(code), str(measures.SMALLEST_PARTICLE),
                          *map(str, sorted(tmp_path.glob("*.png")))], check=True, capture_output=True, text=True).stdout
    for line, field in zip(out.splitlines(), fields, strict=True):
        lowest, *areas = map(int, line.split())
        assert measures.default_threshold(np.bincount(field.ravel(), minlength=256)) == lowest
        assert sorted(measures.particles(field)) == sorted(areas)


def test_particles_of_two_squares():
    field = np.full((64, 64), 20, np.uint8)
    field[5:15, 5:15] = field[30:50, 30:50] = 200
    field[60, 60] = 200
    assert sorted(measures.particles(field)) == [100, 400]


def test_the_background_of_an_empty_picture_is_no_object():
    empty = np.full((64, 64, 3), 4, np.uint8)
    empty[:8] = 3
    assert measures.particles(measures.smoothed(empty)).max() > 64 * 64 / 2 and np.isnan(median_area(empty))
    empty[20:30, 20:30] = 200
    assert median_area(empty) == pytest.approx(100, abs=15)


@pytest.mark.parametrize("colour", COLOURS)
def test_the_colour_word_of_a_render_is_found(colour):
    for picture in held_out(5, 2, ("yeast",), colours=(colour,)):
        assert measures.colour(picture.noisy) == colour


def test_ssim_of_a_picture_with_itself_is_one_and_falls_with_noise():
    picture = held_out(1, 3, ("actin",), noise="clean")[0].noisy
    rng = np.random.default_rng(0)
    worse = [np.clip(picture + rng.normal(0, s, picture.shape), 0, 255).astype(np.uint8) for s in (5, 20, 60)]
    values = [measures.ssim(picture, w) for w in (picture, *worse)]
    assert values[0] == pytest.approx(1) and all(a > b for a, b in zip(values, values[1:]))


def test_what_a_prompt_does_not_name_is_mostly_the_middle():
    scenes = scenes_like(400, 4, ("nuclei",), density="dense")
    assert {s.subjects[0].density for s in scenes} == {"dense"}
    assert 0.5 < np.mean([s.subjects[0].size == "" for s in scenes]) < 0.75
    assert {s.subjects[0].size for s in scenes} == {"", "small", "large"}
    assert {s.subjects[0].colour for s in scenes} == {"grey"}
    assert {s.subjects[0].colour for s in scenes_like(100, 4, ("nuclei",), unnamed=1.0)} == set(COLOURS)
    with pytest.raises(ValueError, match="no colours for actin and nuclei"):
        scenes_like(1, 4, ("actin", "nuclei"))


def test_a_copy_is_found_however_it_is_turned():
    pictures = np.stack([p.noisy for p in held_out(12, 5, ("mitochondria",))])
    bank = small(pictures)
    assert closest(np.rot90(pictures[:3], 1, (1, 2))[:, ::-1], bank).max() < 1e-5
    assert closest(np.stack([p.noisy for p in held_out(6, 6, ("mitochondria",))]), bank).min() > 0.1


def test_kernel_distance_is_nought_for_one_distribution_and_not_for_two():
    rng = np.random.default_rng(0)
    first, second, moved = rng.normal(0, 1, (200, 20)), rng.normal(0, 1, (200, 20)), rng.normal(0.5, 1, (200, 20))
    near, error = kernel_distance(first, second)
    assert abs(near) < 4 * error and kernel_distance(first, moved)[0] > 10 * abs(near)


def test_a_probe_leaves_no_scene_on_both_sides_and_names_what_it_learned():
    rng = np.random.default_rng(0)
    scenes = rng.normal(0, 1, (60, 8)).astype(np.float32)
    labels = ["left" if scene[0] < 0 else "right" for scene in scenes]
    probe = Probe(**Probe.fit(np.tile(scenes, (2, 1)), labels * 2, [*range(60)] * 2))
    assert np.mean([a == b for a, b in zip(probe.names(scenes), labels)]) > 0.95
    assert probe.shares(scenes).sum(axis=1) == pytest.approx(1)


@pytest.mark.skipif(not (ROOT / "target" / "launch" / "classpath").exists(), reason="needs the build of scripts/diffusionj")
def test_one_process_for_all_prompts_draws_what_the_command_line_draws(tmp_path):
    model = ROOT / "models" / "MicroDiff"
    drawer = JavaPipeline(model, tmp_path, steps=2, guidance=2.5)
    drawn = drawer.draw("red vesicles and blue nuclei", 2, 7)
    redrawn = drawer.redraw(drawn[0], "nuclei", 0.9, 1, 9)
    deep = drawn[0][..., 0].astype(np.uint16) * 16
    natively = drawer.redraw_natively(deep, "nuclei", 0.1, 9)
    assert natively.dtype == np.uint16 and natively.shape == deep.shape
    deep_source = tmp_path / "deep.npy"
    np.save(deep_source, deep)
    source = tmp_path / "source.png"
    Image.fromarray(drawn[0]).save(source)
    steps = ("--steps", "2")
    for words, pictures in ((("txt2img", "--prompt", "red vesicles and blue nuclei", "--seed", "7", "--batch", "2", *steps), drawn),
                            (("img2img", "--input", source, "--fit", "model", "--strength", "0.9", "--prompt", "nuclei", "--seed", "9", *steps), redrawn),
                            (("img2img", "--input", deep_source, "--strength", "0.1", "--prompt", "nuclei", "--seed", "9"), natively)):
        out = tmp_path / "out.npy"
        subprocess.run([ROOT / "scripts" / "diffusionj", *words, "--model", model, "--guidance", "2.5", "--output", out], check=True)
        assert (np.load(out).reshape(pictures.shape) == pictures).all()


@pytest.mark.skipif(not (ROOT / "target" / "launch" / "classpath").exists(), reason="needs the build of scripts/diffusionj")
def test_guidance_at_some_steps_is_the_command_line_s(tmp_path):
    model, out = ROOT / "models" / "MicroDiff", tmp_path / "out.npy"
    drawn = {guided: JavaPipeline(model, tmp_path, steps=2, guided=guided).draw("vesicles", 1, 7) for guided in ((0.0, 0.5), (0.0, 1.0))}
    subprocess.run([ROOT / "scripts" / "diffusionj", "txt2img", "--prompt", "vesicles", "--seed", "7", "--steps", "2", "--model", model, "--guidance-from", "0",
                    "--guidance-to", "0.5", "--output", out], check=True)
    assert (np.load(out)[None] == drawn[0.0, 0.5]).all() and (drawn[0.0, 0.5] != drawn[0.0, 1.0]).any()
