"""Linear classifiers on the declared features, trained on renders."""
import numpy as np
import torch

DECAYS = (1e-5, 1e-4, 1e-3, 1e-2)


class Probe:
    """Multinomial logistic regression on standardised features."""

    def __init__(self, classes, mean, spread, weight, bias):
        """classes: n strings; mean, spread: [k]; weight: [n, k]; bias: [n]."""
        self.classes, self.mean, self.spread, self.weight, self.bias = list(map(str, classes)), mean, spread, weight, bias

    @staticmethod
    def fit(features, labels, groups):
        """A probe's arrays by name, from float32 [n, k], n strings, and n numbers that are alike for pictures of one scene.

        Weight decay is the one of DECAYS that does best on every fifth group; the probe is then trained on all of them.
        """
        torch.set_num_threads(1)
        classes = sorted(set(labels))
        numbers = torch.tensor([classes.index(value) for value in labels])
        mean, spread = features.mean(0), features.std(0) + 1e-3
        x = torch.from_numpy(_standard(features, mean, spread))
        left_out = torch.tensor(groups) % 5 == 0
        losses = {}
        for decay in DECAYS:
            layer = _fit(x[~left_out], numbers[~left_out], len(classes), decay)
            with torch.no_grad():
                losses[decay] = torch.nn.functional.cross_entropy(layer(x[left_out]), numbers[left_out]).item()
        layer = _fit(x, numbers, len(classes), min(losses, key=losses.get))
        return {"classes": np.array(classes), "mean": mean, "spread": spread, "weight": layer.weight.detach().numpy(),
                "bias": layer.bias.detach().numpy()}

    def shares(self, features):
        """float [n, classes] probabilities."""
        scores = _standard(np.asarray(features), self.mean, self.spread) @ self.weight.T + self.bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)

    def names(self, features):
        return [self.classes[i] for i in self.shares(features).argmax(1)]


def _standard(features, mean, spread):
    # Clipped, so that a picture unlike any render is judged by all its features and not by the strangest one.
    return np.clip((features - mean) / spread, -6, 6).astype(np.float32)


def _fit(x, numbers, classes, decay, steps=300):
    torch.manual_seed(0)
    layer = torch.nn.Linear(x.shape[1], classes)
    torch.nn.init.zeros_(layer.weight)
    optimiser = torch.optim.LBFGS(layer.parameters(), max_iter=steps, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(layer(x), numbers) + decay * layer.weight.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return layer
