"""Linear classifiers on the declared features, trained on renders; and the kernel distance on the same features."""
import numpy as np
import torch


class Probe:
    """Multinomial logistic regression with a little weight decay; features are standardised."""

    def __init__(self, features, labels, classes, decay=1e-4, steps=400):
        self.classes = list(classes)
        self.mean, self.spread = features.mean(0), features.std(0) + 1e-3
        x = torch.from_numpy(((features - self.mean) / self.spread).astype(np.float32))
        y = torch.tensor([self.classes.index(value) for value in labels])
        torch.manual_seed(0)
        self.layer = torch.nn.Linear(x.shape[1], len(self.classes))
        optimiser = torch.optim.LBFGS(self.layer.parameters(), max_iter=steps, line_search_fn="strong_wolfe")

        def closure():
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(self.layer(x), y) + decay * self.layer.weight.square().sum()
            loss.backward()
            return loss

        optimiser.step(closure)

    @torch.no_grad()
    def names(self, features):
        x = torch.from_numpy(((np.asarray(features) - self.mean) / self.spread).astype(np.float32))
        return [self.classes[i] for i in self.layer(x).argmax(1).tolist()]


def kernel_distance(first, second, subsets=40, size=100, seed=0):
    """(mean, standard error) of the squared MMD with the cubic kernel (Binkowski and others, 2018), times 1000."""
    rng = np.random.default_rng(seed)
    size = min(size, len(first), len(second))
    values = []
    for _ in range(subsets):
        a = first[rng.choice(len(first), size, replace=False)]
        b = second[rng.choice(len(second), size, replace=False)]
        aa, bb, ab = (_kernel(p, q) for p, q in ((a, a), (b, b), (a, b)))
        values.append((aa.sum() - np.trace(aa) + bb.sum() - np.trace(bb)) / (size * (size - 1)) - 2 * ab.mean())
    return 1000 * float(np.mean(values)), 1000 * float(np.std(values) / np.sqrt(subsets))


def _kernel(a, b):
    return (a.astype(np.float64) @ b.T / a.shape[1] + 1) ** 3
