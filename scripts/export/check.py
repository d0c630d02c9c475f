"""Runs an exported graph in ONNX Runtime beside its torch module and compares them."""

import numpy as np
import onnxruntime
import torch

# Batch, latent height, latent width: one picture, a batch, and sides that are odd and not square, where the part takes them.
SIZES = ((1, 8, 8), (2, 5, 7), (3, 6, 4))


def compare(part, path, tolerance):
    """Prints one line and returns whether every output agrees within tolerance, relative to the largest value."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    expected_names = set(part.inputs)
    found_names = {i.name for i in session.get_inputs()}
    if expected_names != found_names:
        print(f"  {part.name}: inputs should be {sorted(expected_names)}, are {sorted(found_names)}")
        return False
    worst = 0.0
    for batch, *sides in SIZES:
        inputs = part.example(batch, *part.sides(*sides))
        found = session.run(part.outputs, {name: value.numpy() for name, value in inputs.items()})
        with torch.no_grad():
            worst = max(worst, _sampled_excess(part, inputs, found[0]) if part.sampled else _difference(part, inputs, found))
    agreed = bool(worst <= (1.0 if part.sampled else tolerance))
    unit = "of the allowed spread" if part.sampled else "of the largest value"
    print(f"  {part.name}: differs from torch by at most {worst:.2e} {unit}: {'ok' if agreed else 'TOO MUCH'}")
    return agreed


def _difference(part, inputs, found):
    out = part.module(*inputs.values())
    expected = [out] if isinstance(out, torch.Tensor) else list(out)
    worst = 0.0
    for e, f in zip(expected, found, strict=True):
        e = e.numpy()
        if e.shape != f.shape or not np.isfinite(f).all():
            return float("inf")
        worst = max(worst, float(np.abs(e - f).max() / np.abs(e).max()))
    return worst


def _sampled_excess(part, inputs, found):
    """A draw can't be compared; it must lie within six deviations of the mean (1 stands for six)."""
    mean, log_variance = part.module.vae.encode(inputs["sample"]).latent_dist.parameters.chunk(2, dim=1)
    deviation = torch.exp(0.5 * log_variance.clamp(-30, 20))
    return float(((torch.from_numpy(found) - mean).abs() / deviation).max() / 6)
