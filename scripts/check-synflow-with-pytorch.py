#!/usr/bin/env python3
"""Prints the synflow score of networks as Abdelfattah et al. 2021 compute it, by PyTorch's autograd in float64.

    $(make -s torch-venv) scripts/check-synflow-with-pytorch.py DIRECTORY...

Takes the first parameters of a step that `bionas debug step` wrote. As in their code (zero-cost-nas): absolute values of all
parameters, batch norm left out, one all-ones input, R = sum of the logits, and the sum over weights of convolutions and of linear
layers of |theta dR/dtheta|.
"""

import sys
from pathlib import Path
import json

import numpy as np
import torch
from pytorch_layers import Layers
from pytorch_networks import network_of
from safetensors.numpy import load_file
from torch import Tensor


class WithoutNorms(Layers):
    def norm(self, path: str, x: Tensor) -> Tensor:
        return x


def synflow(directory: Path) -> float:
    step = json.loads((directory / "step.json").read_text())
    tensors = load_file(directory / "step.safetensors").items()
    parameters = {
        name.removeprefix("parameter/"): torch.from_numpy(np.abs(t).astype(np.float64)).requires_grad_()
        for name, t in tensors
        if name.startswith("parameter/")
    }
    task = step["task"]
    ones = torch.ones((1, task["channels"], task["height"], task["width"]), dtype=torch.float64)
    logits, _ = network_of(step["genotype"])(WithoutNorms(parameters, {}, {}), ones, step)
    logits.sum().backward()
    weights = [t for name, t in parameters.items() if name.endswith("/weight") and t.grad is not None]
    return sum((t * t.grad).abs().sum().item() for t in weights)


for directory in sys.argv[1:]:
    print(synflow(Path(directory)))
