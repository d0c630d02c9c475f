"""The autoencoder alone: its exported graphs in ONNX Runtime, on held-out renders, against the noise-free ones."""
from pathlib import Path

import numpy as np
import onnxruntime

from scripts.microdiff.render.scene import COLOURS, STRUCTURES
from scripts.microdiff.train.data import to_bytes, to_signed

from . import measures
from .rows import Row
from .source import held_out


def rows(model, count):
    model = Path(model)
    encoder, decoder = (onnxruntime.InferenceSession(str(model / part / "model.onnx"), providers=["CPUExecutionProvider"])
                        for part in ("vae_encoder", "vae_decoder"))
    pictures = [p for place, name in enumerate(STRUCTURES) for p in held_out(max(2, -(-count // 9)), 9500 + place, (name,))]
    results = []
    for picture in pictures:
        codes = encoder.run(None, {"sample": to_signed(picture.noisy[None])})[0]
        results.append(to_bytes(decoder.run(None, {"latent_sample": codes[:, :codes.shape[1] // 2]})[0])[0])
    chosen = [measures.object_pixels(p.clean) for p in pictures]
    whole = np.mean([measures.psnr(r, p.clean) for r, p in zip(results, pictures)])
    objects = np.mean([measures.psnr(r, p.clean, c) for r, p, c in zip(results, pictures, chosen) if c.sum() > 20])
    yield Row("autoencoder: PSNR over object pixels", len(pictures), f"{objects:.1f} dB", "-", "at least 26 dB", objects >= 26)
    yield Row("autoencoder: PSNR over the picture", len(pictures), f"{whole:.1f} dB", "-", "at least 28 dB", whole >= 28)

    kept = np.mean([measures.colour(r) == measures.colour(p.clean) for r, p in zip(results, pictures)])
    yield Row("autoencoder: colour kept", len(pictures), f"{kept:.1%}", "-", "at least 99.5%", kept >= 0.995)

    ratios = []
    for place, (name, hue) in enumerate((n, COLOURS[i % 6]) for i, n in enumerate(("actin", "microtubules") * 3)):
        for p in held_out(max(2, count // 12), 9700 + place, (name,), colours=(hue,), density="sparse", size="small",
                          sharpness="sharp"):
            lines = p.labels[0] > 0
            lines &= measures.grey(p.clean) > 0.5 * measures.grey(p.clean).max()
            if lines.sum() < 30:
                continue
            codes = encoder.run(None, {"sample": to_signed(p.noisy[None])})[0]
            result = to_bytes(decoder.run(None, {"latent_sample": codes[:, :codes.shape[1] // 2]})[0])[0]
            ratios.append(measures.line_contrast(result, lines) / measures.line_contrast(p.clean, lines))
    contrast = np.mean(ratios)
    yield Row("autoencoder: contrast of thin lines kept", len(ratios), f"{contrast:.2f}", "1.00", "at least 0.7",
              contrast >= 0.7)
