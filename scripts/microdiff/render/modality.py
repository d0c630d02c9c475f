"""How each kind of microscope shows objects: noise-free RGB in 0..1 from canvases."""
import numpy as np
from scipy.ndimage import gaussian_filter

from . import optics
from .scene import LEVELS, pick
from .texture import texture

HUES = {"blue": (0.10, 0.25, 1.0), "green": (0.12, 1.0, 0.18), "red": (1.0, 0.12, 0.10),
        "magenta": (1.0, 0.10, 0.95), "cyan": (0.08, 0.95, 1.0), "grey": (1.0, 1.0, 1.0)}
#: Optical density of haematoxylin and eosin in red, green and blue (directions after Ruifrok and Johnston, 2001).
HAEMATOXYLIN = np.array((0.65, 0.70, 0.29), np.float32)
EOSIN = np.array((0.07, 0.99, 0.11), np.float32)


def fluorescence(rng, scene, canvases):
    """Coloured objects on a dark ground."""
    light = optics.illumination(rng, scene.pixels)
    sigma = optics.psf_sigma(rng, scene)
    level = pick(rng, scene.brightness, LEVELS["brightness"], (0.2, 0.3), (0.5, 0.65), (0.88, 1.0))
    picture = np.zeros((scene.pixels, scene.pixels, 3), np.float32)
    haze = rng.uniform(0.01, 0.05)
    for subject, canvas in zip(scene.subjects, canvases):
        density = canvas.crop(optics.blur_planes(canvas.planes, sigma, 0.45 if scene.sharpness == "sharp" else 0.8))
        lit = density[density > 0.15 * density.max()]
        density = np.clip(density / max(float(np.quantile(lit, 0.93)), 1e-6), 0, 1.12) if lit.size else density
        hue = np.array(HUES[subject.colour], np.float32)
        if subject.colour != "grey":
            hue = np.clip(hue + rng.uniform(-0.06, 0.06, 3), 0, 1)
        background = haze * (1 + 0.35 * texture(rng, scene.pixels, scene.pixels, 20.0))
        picture += (level * light * (density + background.clip(0)))[..., None] * hue
    return np.clip(picture, 0, 1)


def phase(rng, scene, canvases):
    """Dark objects with bright halos on grey."""
    canvas = canvases[0]
    sigma = optics.psf_sigma(rng, scene)
    thickness = canvas.edge if scene.subjects[0].structure == "membranes" else \
        canvas.body * (0.75 - 0.35 * canvas.inner) + 0.3 * canvas.edge
    sharp = gaussian_filter(thickness, sigma, truncate=3)
    halo = gaussian_filter(thickness, sigma + 3.5, truncate=3)
    ground = pick(rng, scene.brightness, LEVELS["brightness"], (0.24, 0.30), (0.42, 0.50), (0.64, 0.72))
    relief = canvas.crop(-0.75 * sharp + 0.85 * halo)
    grain = 0.015 * texture(rng, scene.pixels, scene.pixels, 2.0)
    grey = ground * (1 + relief + grain) * optics.illumination(rng, scene.pixels)
    return _grey(grey)


def dic(rng, scene, canvases):
    """Differential interference contrast: the slope of the optical path along the shear, as light and shadow on grey."""
    canvas = canvases[0]
    sigma = optics.psf_sigma(rng, scene)
    thickness = canvas.edge + 0.3 * canvas.inner if scene.subjects[0].structure == "membranes" else \
        canvas.body * (1 - 0.3 * canvas.inner) + 0.25 * canvas.edge
    # Light comes from the upper left, as most instruments are set.
    angle = np.pi / 4 + rng.uniform(-0.3, 0.3)
    rows, columns = np.gradient(gaussian_filter(thickness, max(sigma, 0.8), truncate=3))
    slope = rows * np.sin(angle) + columns * np.cos(angle)
    ground = pick(rng, scene.brightness, LEVELS["brightness"], (0.24, 0.30), (0.42, 0.50), (0.64, 0.72))
    grain = 0.02 * texture(rng, scene.pixels, scene.pixels, 2.0)
    return _grey(ground * (1 + canvas.crop(1.6 * slope) + grain) * optics.illumination(rng, scene.pixels))


def histology(rng, scene, canvases):
    """Stained tissue in transmitted light: absorption by haematoxylin and eosin (Beer and Lambert)."""
    canvas, structure = canvases[0], scene.subjects[0].structure
    pixels = scene.pixels
    sigma = optics.psf_sigma(rng, scene)
    fibres = np.clip(0.42 + 0.12 * texture(rng, pixels, pixels, 3.0) + 0.13 * texture(rng, pixels, pixels, 20.0), 0.08, 1)
    blue_dye = np.zeros((pixels, pixels), np.float32)
    pink_dye = fibres
    if structure == "membranes":
        pink_dye = 0.22 + 0.1 * fibres + 0.75 * canvas.crop(canvas.edge)
        blue_dye = 0.9 * canvas.crop(canvas.inner) * (1 - canvas.crop(canvas.edge))
    elif structure == "nuclei":
        blue_dye = canvas.crop(canvas.body * (0.65 + 0.4 * canvas.inner))
        pink_dye = fibres * (1 - 0.6 * blue_dye.clip(0, 1))
    elif structure == "bacteria":
        blue_dye = 0.95 * canvas.crop(canvas.body)
        pink_dye = 0.12 + 0.2 * fibres
    else:
        # Golgi's silver stain: black cells on ochre.
        amber = np.array((0.12, 0.32, 0.75), np.float32) * (0.55 + 0.3 * fibres)[..., None]
        silver = 1.9 * canvas.crop(canvas.body)
        return _transmitted(rng, scene, amber + silver[..., None], sigma)
    density = 1.25 * blue_dye[..., None] * HAEMATOXYLIN + 0.85 * pink_dye[..., None] * EOSIN
    return _transmitted(rng, scene, density, sigma)


def _transmitted(rng, scene, density, sigma):
    density = gaussian_filter(density, (sigma, sigma, 0), truncate=3)
    lamp = pick(rng, scene.brightness, LEVELS["brightness"], (0.45, 0.52), (0.72, 0.80), (0.95, 1.0))
    tint = np.array((1.0, 0.985, 0.97), np.float32)
    return np.clip(lamp * optics.illumination(rng, scene.pixels)[..., None] * tint * np.exp(-density), 0, 1)


def electron(rng, scene, canvases):
    """Dark membranes and organelles on grey, granular cytoplasm."""
    canvas, structure = canvases[0], scene.subjects[0].structure
    pixels = canvas.side
    grain = 0.05 * texture(rng, pixels, pixels, 1.5) + 0.05 * texture(rng, pixels, pixels, 6.0)
    grey = 0.78 + grain
    if structure == "membranes":
        grey = grey - 0.55 * canvas.edge - 0.12 * canvas.inner * (1 + 2 * grain)
    elif structure == "yeast":
        grey = np.where(canvas.body > 0.5, grey - 0.28, grey + 0.08) - 0.35 * canvas.edge + 0.42 * canvas.inner
    elif structure == "bacteria":
        grey = grey + 0.05 - 0.34 * canvas.body - 0.3 * canvas.edge + 0.2 * canvas.inner
    elif structure == "vesicles":
        grey = grey - 0.5 * canvas.edge + 0.12 * canvas.inner
    else:
        grey = grey - 0.22 * canvas.body - 0.42 * canvas.edge - 0.2 * canvas.inner
    level = pick(rng, scene.brightness, LEVELS["brightness"], (0.42, 0.5), (0.68, 0.78), (1.0, 1.1))
    grey = gaussian_filter(grey.astype(np.float32), optics.psf_sigma(rng, scene), truncate=3)
    return _grey(level * canvas.crop(grey) * optics.illumination(rng, scene.pixels))


def _grey(field):
    return np.repeat(np.clip(field, 0, 1)[..., None], 3, axis=2).astype(np.float32)


MICROSCOPES = {"fluorescence": fluorescence, "phase": phase, "histology": histology, "electron": electron, "dic": dic}
