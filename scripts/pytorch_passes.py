"""What layers of bionas learn by a second forward pass, in PyTorch: PEPITA (Dellaferrera & Kreiman 2022, algorithm 1), and
forward-forward on hybrid pictures (Hinton 2022, section 3.2), which are handed over."""

import torch
import torch.nn.functional as F
from pytorch_layers import Layers
from pytorch_networks import Network
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
            layers.parameters[name].grad = bounded(gradient, layers.largest)


def bounded(gradient: Tensor, largest: float) -> Tensor:
    return gradient.clamp(-largest, largest) if largest else gradient


def contrast(network: Network, layers: Layers, hybrids: Tensor | None, step: dict) -> None:
    """Leaves the gradients of forward-forward convolutions at their filters."""
    if not layers.contrasted:
        return
    second = Layers(layers.parameters, layers.feedback, layers.rules)
    with torch.no_grad():
        network(second, hybrids, step)
    for path, (x, stride) in layers.contrasted.items():
        W = layers.parameters[f"{path}/weight"]
        pictures, others = (
            F.conv2d(shown, W, None, stride, W.shape[-1] // 2).relu().square().mean((1, 2, 3))
            for shown in (x, second.contrasted[path][0])
        )
        loss = (F.softplus(1 - pictures) + F.softplus(others - 1)).mean()
        W.grad = bounded(torch.autograd.grad(loss, W)[0], layers.largest)


def hybrid_mistakes(x: Tensor, hybrids: Tensor | None) -> list[str]:
    """Hybrids are a picture of the batch and the next one, pixel by pixel."""
    if hybrids is None:
        return []
    own, next_one = ((hybrids - each).abs().amax(1) for each in (x, x.roll(-1, 0)))
    mixed = own.minimum(next_one).max().item() < 1e-5 and own.max() > 0 and next_one.max() > 0
    return [] if mixed else ["the hybrid pictures are not made of two of the batch"]
