"""What convolutions of bionas that learn locally do to their weights in a step, worked out from unfolded patches, one row each."""

import torch
import torch.nn.functional as F
from torch import Tensor


def unfolded(x: Tensor, W: Tensor, stride: int) -> Tensor:
    """[P, k k Cin]: the patches that filters W see, in the order of their numbers."""
    side = W.shape[-1]
    return F.unfold(x, side, padding=side // 2, stride=stride).transpose(1, 2).flatten(0, 1)


def hebbian(x: Tensor, W: Tensor, stride: int) -> Tensor:
    """W after a step of Oja's subspace rule on patches and answers of length 1."""
    X, H = unfolded(x, W, stride), W.flatten(1).T
    Y = F.normalize(X @ H)
    X = F.normalize(X)
    H = H + 0.1 * (X.T @ Y - H @ (Y.T @ Y)) / len(X)
    return H.clamp(-1, 1).T.reshape(W.shape)


def softhebb(x: Tensor, W: Tensor, stride: int) -> Tensor:
    """W after a step of SoftHebb at temperature 1."""
    X, H = unfolded(x, W, stride), W.flatten(1).T
    u = X @ H
    y = -u.softmax(1)
    y[torch.arange(len(u)), u.argmax(1)] *= -1
    dH = X.T @ y - H * (y * u).sum(0)
    rates = 0.05 * ((H.norm(dim=0) - 1).abs() + 1e-10).sqrt()
    return (H + rates * dH / dH.abs().max()).T.reshape(W.shape)


LOCAL_RULES = {"hebbian_conv_3x3": hebbian, "softhebb_conv_3x3": softhebb}
