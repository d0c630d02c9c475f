"""What a classifier sees of an image: the spectrum of its residual and how the residual's variance goes with brightness."""

import numpy as np
from scipy import ndimage

#: Takes away every plane and every product of a function of x with one of y (Immerkaer, Computer Vision and Image Understanding, 1996);
#: keeps the variance of white noise.
RESIDUAL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]]) / 6
BAND = 0.05
SIDE = 128


def crops(image):
    """Squares of SIDE pixels side by side."""
    rows, columns = (range(0, length - SIDE + 1, SIDE) for length in image.shape)
    return [image[y:y + SIDE, x:x + SIDE] for y in rows for x in columns]


def features(crop, lowest):
    """Of a crop in grey values: powers of the residual in bands from `lowest` cycles a pixel to the corner of the spectrum, as parts of their
    sum; in five ranges of brightness the residual's variance, its median square and the mean; the straight line of square over mean; the
    kurtosis; and how often neighbours are equal, which tells rounding."""
    residual = ndimage.convolve(crop, RESIDUAL)[2:-2, 2:-2]
    mean = ndimage.uniform_filter(crop, 5)[2:-2, 2:-2]
    return [*spectrum(residual, lowest), *transfer(residual, mean), *np.polyfit(mean.ravel(), residual.ravel() ** 2, 1),
            np.mean((residual / (residual.std() + 1e-9)) ** 4), np.mean(crop == np.roll(crop, 1, 1))]


def names(lowest):
    """Of the features, in order."""
    return [*(f"spectrum from {low:.2f}" for low in bands(lowest)),
            *(f"{what} in brightness range {k + 1} of 5" for k in range(5) for what in ("log variance", "log median square", "mean")),
            "slope of square over mean", "its offset", "kurtosis", "equal neighbours"]


def bands(lowest):
    return np.arange(lowest, 0.7 - 1e-9, BAND)


def spectrum(residual, lowest):
    window = np.outer(np.hanning(residual.shape[0]), np.hanning(residual.shape[1]))
    power = np.abs(np.fft.fft2((residual - residual.mean()) * window)) ** 2
    frequency = np.hypot(np.fft.fftfreq(residual.shape[0])[:, None], np.fft.fftfreq(residual.shape[1])[None])
    powers = [np.log(power[(frequency >= low) & (frequency < low + BAND)].mean() + 1e-9) for low in bands(lowest)]
    return np.array(powers) - np.mean(powers)


def transfer(residual, mean):
    edges = np.quantile(mean, [0, 0.25, 0.5, 0.75, 0.9, 1])
    values = []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        here = (mean >= low) & (mean <= high)
        values += [np.log(residual[here].var() + 1e-3), np.log(np.median(np.abs(residual[here])) ** 2 + 1e-3), mean[here].mean()]
    return values
