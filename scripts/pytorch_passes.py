"""What layers of bionas learn by a second forward pass, in PyTorch: PEPITA (Dellaferrera & Kreiman 2022, algorithm 1)."""

import torch
import torch.nn.functional as F
from pytorch_networks import Layers, Network
from torch import Tensor


def error_of(loss_of, answer: Tensor) -> Tensor:
    """dLoss/dlogits, also where no parameter has a gradient."""
    logits = answer.detach().requires_grad_()
    return torch.autograd.grad(loss_of(logits), logits)[0]


def modulate(network: Network, layers: Layers, x: Tensor, step: dict, heads: list[tuple[Tensor, Tensor]]) -> None:
    """Leaves the gradients of layers under PEPITA at their parameters. `heads`: answers and their errors over the batch, main first."""
    if not layers.seen:
        return
    error = heads[0][1] * len(x)
    modulated = x + (error @ layers.feedback["PEPITA"].flatten(1)).reshape(x.shape)
    second = Layers(layers.parameters, layers.feedback, layers.rules)
    with torch.no_grad():
        network(second, modulated, step)
    for path, (_, y, layer) in layers.seen.items():
        x_again, y_again, _ = second.seen[path]
        change = (F.relu(y) - F.relu(y_again)) / (y.numel() / y.shape[1])
        for answer, own in heads:
            change = own if answer is y else change
        names = [name for name in (f"{path}/weight", f"{path}/bias") if name in layers.parameters]
        W, bias = layers.parameters[names[0]], layers.parameters.get(f"{path}/bias", y.new_zeros(()))
        loss = (layer(x_again, W, bias) * change).sum()
        for name, gradient in zip(names, torch.autograd.grad(loss, [layers.parameters[name] for name in names])):
            layers.parameters[name].grad = gradient.clamp(-layers.largest, layers.largest) if layers.largest else gradient
