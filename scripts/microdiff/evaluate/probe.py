"""Linear classifiers on the declared features, trained on renders."""
import numpy as np
import torch

DECAYS = (1e-5, 1e-4, 1e-3, 1e-2)


class Probe:
    """Multinomial logistic regression on standardised features.

    Weight decay is the one of DECAYS that does best on every fifth training picture; the probe is then trained on all of them.
    """

    def __init__(self, features, labels):
        """features: float32 [n, k]; labels: n strings."""
        torch.set_num_threads(1)
        self.classes = sorted(set(labels))
        numbers = torch.tensor([self.classes.index(value) for value in labels])
        self.mean, self.spread = features.mean(0), features.std(0) + 1e-3
        x = self._standard(features)
        left_out = torch.arange(len(x)) % 5 == 0
        losses = {}
        for decay in DECAYS:
            layer = _fit(x[~left_out], numbers[~left_out], len(self.classes), decay)
            with torch.no_grad():
                losses[decay] = torch.nn.functional.cross_entropy(layer(x[left_out]), numbers[left_out]).item()
        self.decay = min(losses, key=losses.get)
        self.layer = _fit(x, numbers, len(self.classes), self.decay)

    def _standard(self, features):
        # Clipped, so that a picture unlike any render is judged by all its features and not by the strangest one.
        return torch.from_numpy(np.clip((np.asarray(features) - self.mean) / self.spread, -6, 6).astype(np.float32))

    @torch.no_grad()
    def shares(self, features):
        """float [n, classes] probabilities."""
        return self.layer(self._standard(features)).softmax(1).numpy()

    def names(self, features):
        return [self.classes[i] for i in self.shares(features).argmax(1)]


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
