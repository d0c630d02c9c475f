"""Point-spread function, depth blur, illumination and camera noise."""
import numpy as np
from scipy.ndimage import gaussian_filter

from .scene import LEVELS, pick


def psf_sigma(rng, scene):
    """Width of the in-focus point-spread function in pixels."""
    return pick(rng, scene.sharpness, LEVELS["sharpness"], (2.3, 3.0), (1.0, 1.4), (0.5, 0.75))


def blur_planes(planes, sigma, defocus):
    """Sums depth planes [3, h, w], each blurred by the PSF and by how far it is out of focus."""
    total = np.zeros(planes.shape[1:], np.float32)
    for depth, plane in enumerate(planes):
        if plane.any():
            width = float(np.hypot(sigma, defocus * depth))
            total += gaussian_filter(plane, width, truncate=3)
    return total


def illumination(rng, pixels):
    """[pixels, pixels] uneven lighting: vignetting around a random centre and a slope; at most 1."""
    axis = np.linspace(-1, 1, pixels, dtype=np.float32)
    cx, cy = rng.uniform(-0.3, 0.3, 2)
    radius2 = (axis[None, :] - cx) ** 2 + (axis[:, None] - cy) ** 2
    slope = rng.uniform(-0.08, 0.08) * axis[None, :] + rng.uniform(-0.08, 0.08) * axis[:, None]
    light = 1 - rng.uniform(0, 0.16) * radius2 + slope
    return (light / light.max()).astype(np.float32)


def camera(rng, clean, scene):
    """Adds shot and read noise to a picture [h, w, 3] in 0..1; grey pictures get the same noise in each channel."""
    photons = pick(rng, scene.noise, LEVELS["noise"], (2500, 5000), (350, 700), (45, 90))
    read = pick(rng, scene.noise, LEVELS["noise"], (0.002, 0.005), (0.01, 0.018), (0.035, 0.06))
    grey = bool((clean[..., 0] == clean[..., 1]).all() and (clean[..., 0] == clean[..., 2]).all())
    source = clean[..., :1] if grey else clean
    # Normal noise of the Poisson variance: at these photon counts the difference is invisible, and it is fast.
    deviation = np.sqrt(np.maximum(source, 0) / photons + read ** 2)
    noisy = source + deviation * rng.standard_normal(source.shape, dtype=np.float32)
    return np.clip(np.broadcast_to(noisy, clean.shape), 0, 1)
