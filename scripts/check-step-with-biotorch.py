#!/usr/bin/env python3
"""Makes a step of `bionas debug step` again with BioTorch's own layers, in float64, and compares every gradient.

    $(make -s torch-venv) scripts/check-step-with-biotorch.py DIRECTORY...

Needs benchmarks/peers/requirements-no-deps.txt. A layer under FA, uSF, brSF, frSF or DFA is BioTorch's module with the step's
weights; all else is scripts/pytorch_layers.py. BioTorch makes the feedback weights of uSF from W by its own scale and puts W's
signs to the magnitudes that brSF and frSF draw; those, and the feedback weights of FA and DFA, it is handed. Its DFA knows no
groups: depthwise layers under DFA stay ours. BioTorch has no clipping of DFA's signals: leave `gradientClipValue` out.
Exit code 1 where a relative error (largest difference over largest number of a gradient) exceeds 1e-6.
"""

import argparse
import importlib
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

import torch
from biotorch.layers import brsf, dfa, fa, frsf, usf
from pytorch_layers import Layers
from torch import Tensor

steps = importlib.import_module("check-step-with-pytorch")

TOLERANCE = 1e-6
THEIRS = {"FA": fa, "uSF": usf, "brSF": brsf, "frSF": frsf, "DFA": dfa}
OPTIONS = {"constrain_weights": False, "gradient_clip": False, "init": "xavier"}


@contextmanager
def drawing(magnitudes: Tensor):
    """What BioTorch draws in here is `magnitudes`."""
    draw = torch.nn.init.xavier_uniform_
    torch.nn.init.xavier_uniform_ = lambda t: t.data.copy_(magnitudes)
    try:
        yield
    finally:
        torch.nn.init.xavier_uniform_ = draw


class BioTorchLayers(Layers):
    def __init__(self, *given):
        super().__init__(*given)
        self.count = dict.fromkeys(THEIRS, 0)

    def theirs(self, path: str, kind: str, sizes: tuple[int, int], x: Tensor, **geometry) -> Tensor:
        rule, B, head = self.rules[path], self.feedback[path], self.head(path)
        self.count[rule] += 1
        of_output = {"output_dim": len(B)} if rule == "DFA" else {}
        config = {"type": rule.lower(), "options": OPTIONS}
        own = {name: self.parameters.get(f"{path}/{name}") for name in ("weight", "bias")}
        module = getattr(THEIRS[rule], kind)(
            *sizes, **of_output, **geometry, bias=own["bias"] is not None, layer_config=config
        )
        for name, t in own.items():
            if t is not None:  # where gradients are looked for; a parameter would be a leaf of its own
                delattr(module, name)
                setattr(module, name, t)
        if rule != "uSF":
            module.weight_backward.data.copy_(B.abs() if rule == "frSF" else B)
        with drawing(B.abs()):
            y = module(x)
        y.register_hook(lambda _: setattr(module, "loss_gradient", head.get("error")))
        return y

    def is_theirs(self, path: str, groups=1) -> bool:
        rule = self.rules.get(path)
        return rule in THEIRS and not (rule == "DFA" and groups > 1)

    def conv(self, path: str, x: Tensor, stride=1, padding=0, dilation=1) -> Tensor:
        W = self.parameters[f"{path}/weight"]
        groups = x.shape[1] // W.shape[1]
        if not self.is_theirs(path, groups):
            return super().conv(path, x, stride, padding, dilation)
        geometry = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        return self.theirs(path, "Conv2d", (x.shape[1], len(W)), x, kernel_size=tuple(W.shape[2:]), **geometry)

    def linear(self, path: str, x: Tensor) -> Tensor:
        if not self.is_theirs(path):
            return super().linear(path, x)
        outputs, inputs = self.parameters[f"{path}/weight"].shape
        return self.theirs(path, "Linear", (inputs, outputs), x)


def check(directory: Path) -> bool:
    tensors, step = steps.read(directory)
    parameters = {name: t.clone().requires_grad_() for name, t in steps.under(tensors, "parameter").items()}
    _, layers = steps.answered(parameters, steps.under(tensors, "feedback"), tensors, step, BioTorchLayers)
    expected = steps.under(tensors, "gradient")
    largest = max(t.abs().max().item() for t in expected.values())
    worst = dict.fromkeys([*THEIRS, "rest"], 0.0)
    for name, gradient in expected.items():
        scale = max(gradient.abs().max().item(), steps.NOUGHT * largest)
        error = (parameters[name].grad - gradient).abs().max().item() / scale
        rule = step["rules"].get(name.rpartition("/")[0])
        rule = rule if rule in THEIRS else "rest"
        worst[rule] = max(worst[rule], error)
    print(f"{directory}: {step['genotype']['text']}, batch {step['batchSize']}, {step['executor']['library']}")
    for rule, error in worst.items():
        if layers.count.get(rule) == 0:
            continue
        count = f"{layers.count[rule]} layers of BioTorch's" if rule in THEIRS else ""
        print(f"  {error:9.1e} {'' if error <= TOLERANCE else 'WRONG':5} {rule:5} {count}")
    return max(worst.values()) <= TOLERANCE and any(layers.count.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="+", help="what `bionas debug step --executor reference --out` wrote")
    warnings.filterwarnings("ignore", message=".*non-full backward hook.*")
    torch.set_default_dtype(torch.float64)
    results = [check(directory) for directory in parser.parse_args().directory]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
