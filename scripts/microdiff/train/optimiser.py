"""Muon for weight matrices and AdamW for the rest, behind one step().

Muon (Jordan and others, 2024) moves each weight matrix along its momentum made orthogonal by five Newton-Schulz iterations, so
that directions which gradients seldom show are learned too; convolutions count as matrices [out, in * height * width]. The factor
0.2 * sqrt(longer side) gives updates of AdamW's size (Liu and others, 2025), so both share one learning rate. PyTorch's own Muon
takes no convolutions.
"""
import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


class MatrixMomentum(torch.optim.Optimizer):
    """Muon with Nesterov momentum; every parameter has two dimensions or more."""

    def __init__(self, groups, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                gradient = parameter.grad
                state = self.state[parameter]
                if not state:
                    state["moment"] = torch.zeros_like(gradient)
                moment = state["moment"]
                moment.lerp_(gradient, 1 - group["momentum"])
                ahead = gradient.lerp(moment, group["momentum"])
                matrix = ahead.reshape(len(ahead), -1)
                update = orthogonal(matrix) * (0.2 * max(matrix.shape) ** 0.5)
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(update.reshape(parameter.shape), alpha=-group["lr"])


def orthogonal(matrix, iterations=5):
    """A matrix with the same singular vectors and all singular values near one.

    The iterations run on the small square matrix of inner products and are applied to the wide one once: they are polynomials in it, so
    the product is the same, for less than half of the multiplications at 160 by 1440.
    """
    def polynomial(square):
        result = b * square + c * square @ square
        result.diagonal().add_(a)
        return result

    a, b, c = COEFFICIENTS
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    wide = wide / (wide.norm() + 1e-7)
    square = wide @ wide.T
    total = step = polynomial(square)
    for _ in range(iterations - 1):
        square = step @ square @ step
        step = polynomial(square)
        total = step @ total
    wide = total @ wide
    return wide if matrix.shape[0] <= matrix.shape[1] else wide.T


class Both:
    """The two optimisers of one training; learning rates are set by `rate` times each group's share."""

    def __init__(self, unet, encoder, rate, weight_decay=1e-3, text_share=0.2):
        inside = [p for name, p in unet.named_parameters() if p.ndim >= 2 and not name.startswith(("conv_in", "conv_out"))]
        chosen = set(map(id, inside))
        rest = [p for p in unet.parameters() if id(p) not in chosen]
        # A text encoder that knows its words already only follows; with new words it is to learn faster.
        self.parts = (MatrixMomentum([{"params": inside, "share": 1.0}], rate, weight_decay=weight_decay),
                      torch.optim.AdamW([{"params": rest, "share": 1.0}, {"params": list(encoder.parameters()), "share": text_share}],
                                        lr=rate, betas=(0.9, 0.99), weight_decay=weight_decay))

    def step(self, rate):
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate * group["share"]
            part.step()
            part.zero_grad(set_to_none=True)

    def state_dict(self):
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, states):
        for part, state in zip(self.parts, states):
            part.load_state_dict(state)
