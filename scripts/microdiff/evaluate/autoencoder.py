"""The model's autoencoder by itself: its two exported graphs in ONNX Runtime."""
import hashlib
from pathlib import Path

import numpy as np
import onnxruntime

from scripts.microdiff.train.data import to_bytes, to_signed

from .renders import held_out

BATCH = 8


class Autoencoder:
    """What the model's pictures go through at the end: no picture of the model's can hold more detail than a round trip keeps."""

    def __init__(self, model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder, self.decoder = (
            onnxruntime.InferenceSession(str(Path(model) / part / "model.onnx"), options, providers=["CPUExecutionProvider"])
            for part in ("vae_encoder", "vae_decoder"))
        # Of what it does and not of its files, which hold the same weights in other bytes after each export.
        trial = [p.noisy for place, name in enumerate(("actin", "nuclei", "bacteria")) for p in held_out(2, place, (name,))]
        self.version = hashlib.sha256(self.round_trip(trial).tobytes()).hexdigest()

    def round_trip(self, pictures):
        """uint8 [n, h, w, 3] encoded (mean of the latent distribution) and decoded."""
        return np.concatenate([self._round_trip(pictures[i:i + BATCH]) for i in range(0, len(pictures), BATCH)])

    def _round_trip(self, pictures):
        moments = self.encoder.run(None, {"sample": to_signed(np.stack(pictures))})[0]
        return to_bytes(self.decoder.run(None, {"latent_sample": moments[:, :moments.shape[1] // 2]})[0])
