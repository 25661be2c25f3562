#!/usr/bin/env python3
"""Makes a step of `bionas debug step` again in PyTorch, in float64, and compares every number.

    $(make -s torch-venv) scripts/check-step-with-pytorch.py DIRECTORY...

Exit code 1 where any relative error (largest difference over largest number of a tensor) exceeds 1e-4.
Use batches of about 4. With many pictures, some activation lies so near to zero that float32 and float64 put
it on different sides of ReLU's kink: gradients then differ by 1e-3 and more although both are right. With 2,
batch norm behind the last pictures divides by next to nothing. Steps of `--executor reference` have no roundings.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from pytorch_networks import Layers, network_of
from safetensors.numpy import load_file
from torch import Tensor

TOLERANCE = 1e-4
FLOAT32 = 2.0**-23
NOUGHT = 1e-3  # of the step's largest gradient


def concordant(W: Tensor, B: Tensor) -> bool:
    return bool((B * W >= 0).all())


FEEDBACK_LAWS = {  # fixed random weights (FA) have none
    "BP": torch.equal,
    "uSF": lambda W, B: concordant(W, B) and B.abs().unique().numel() == 1,
    "brSF": concordant,
    "frSF": concordant,
}

Tensors = dict[str, Tensor]


def is_feedback(name: str) -> bool:
    return name.endswith("/B")


def under(tensors: Tensors, folder: str) -> Tensors:
    return {name.removeprefix(f"{folder}/"): t for name, t in tensors.items() if name.startswith(f"{folder}/")}


def normalised(tensors: Tensors, step: dict) -> Tensor:
    mean, deviation = (
        torch.tensor(step["statistics"][name], dtype=torch.float64)[:, None, None] for name in ("mean", "deviation")
    )
    x = (tensors["pictures"] / 255 - mean) / deviation
    return x * tensors["keep"] if "keep" in tensors else x


def made_again(tensors: Tensors, step: dict) -> tuple[Tensors, int]:
    """Forward, loss, backward and update, under the names of the step's file; activations near ReLU's kink."""
    parameters = {name: t.clone().requires_grad_() for name, t in under(tensors, "parameter").items()}
    x = normalised(tensors, step)
    layers = Layers(parameters, under(tensors, "feedback"), step["rules"])
    logits, side = network_of(step["genotype"])(layers, x, step)
    settings = step["training"]["regularisation"]
    labels, smoothing = tensors["labels"].long(), settings["labelSmoothing"]
    loss = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    if side is not None:
        loss = loss + settings["auxiliaryWeight"] * F.cross_entropy(side, labels, label_smoothing=smoothing)
    for head, answer in ((layers.main, logits), (layers.side, side)):
        if answer is not None:
            head["target"] = F.one_hot(labels, answer.shape[1]).to(answer) / len(labels)
            (head["error"],) = torch.autograd.grad(loss, answer, retain_graph=True)
    loss.backward()
    gradients = {f"gradient/{name}": t.grad for name, t in parameters.items() if t.grad is not None}
    for name in filter(is_feedback, parameters):  # Kolen-Pollack: B learns by W's gradient
        gradients[f"gradient/{name}"] = parameters[name.removesuffix("B") + "weight"].grad
    after = {f"after/{name}": t for name, t in (updated(tensors, step) | layers.learned).items()}
    outputs = {"input": x, "logits": logits, "loss": loss} | ({} if side is None else {"auxiliary": side})
    return {name: t.detach() for name, t in (outputs | gradients | after).items()}, layers.at_the_kink


def updated(tensors: Tensors, step: dict) -> Tensors:
    """Clips, decays and updates by the step's own gradients: Adam would blow a rounding of a tiny one up."""
    parameters = {name: t.clone().requires_grad_() for name, t in under(tensors, "parameter").items()}
    for name, gradient in under(tensors, "gradient").items():
        parameters[name].grad = gradient.clone()
    clip, settings = step["training"]["regularisation"]["gradientClip"], step["training"]["optimizer"]
    trained = [t for t in parameters.values() if t.grad is not None]
    if clip > 0:
        counted = [t for name, t in parameters.items() if t.grad is not None and not is_feedback(name)]
        norm = torch.linalg.vector_norm(torch.stack([t.grad.norm() for t in counted]))
        torch.nn.utils.clip_grads_with_norm_(trained, clip, norm)
    shared = {"lr": step["learningRate"], "weight_decay": settings["weightDecay"]}
    if settings["name"] == "sgd":
        momentum = settings["momentum"]
        optimizer = torch.optim.SGD(trained, momentum=momentum, nesterov=settings["nesterov"] and momentum > 0, **shared)
    else:
        betas = (settings["beta1"], settings["beta2"])
        optimizer = torch.optim.Adam(trained, betas=betas, eps=settings["epsilon"], **shared)
    optimizer.step()
    return parameters


def relative_error(name: str, got: Tensor, expected: Tensor, before: Tensors, least: float) -> float:
    if got.shape != expected.shape:
        return float("inf")
    difference, scale = (got - expected).abs(), max(expected.abs().max().item(), least)
    if name.startswith("after/"):  # of the change, less what float32 cannot hold
        difference = (difference - FLOAT32 * expected.abs()).clamp(min=0)
        scale = (expected - before[name.removeprefix("after/")]).abs().max().item()
    largest = difference.max().item()
    return 0.0 if largest == 0 else largest / scale if scale > 0 else float("inf")


def feedback_mistakes(tensors: Tensors, step: dict) -> list[str]:
    """Feedback weights that are not what their rule's equation says, as far as W alone tells."""
    weights, feedback = under(tensors, "parameter"), under(tensors, "feedback")
    mistakes = []
    for path, rule in step["rules"].items():
        W, B = weights[f"{path}/weight"], feedback[path]
        if rule in FEEDBACK_LAWS and not FEEDBACK_LAWS[rule](W, B):
            mistakes.append(f"{path}: not the feedback weights of {rule}")
    return mistakes


def check(directory: Path) -> bool:
    step = json.loads((directory / "step.json").read_text())
    numbers = load_file(directory / "step.safetensors").items()
    tensors = {name: torch.from_numpy(np.asarray(t, dtype=np.float64)) for name, t in numbers}
    expected, at_the_kink = made_again(tensors, step)
    missing = [name for name in tensors if name.startswith("gradient/") and name not in expected]
    unexpected = [name for name in expected if name not in tensors]
    before = under(tensors, "parameter")
    # A shift before a batch norm has no gradient: what is nought in float64 is noise in float32.
    least = NOUGHT * max(t.abs().max().item() for t in under(expected, "gradient").values())
    errors = {n: relative_error(n, tensors[n], t, before, least) for n, t in expected.items() if n in tensors}

    print(f"{directory}: {step['genotype']['text']}, batch {step['batchSize']}, {step['executor']['library']}")
    rules = step["rules"]
    for name, error in errors.items():
        rule = rules.get(name.removeprefix("gradient/").rpartition("/")[0], "") if name.startswith("gradient/") else ""
        print(f"  {error:9.1e} {'' if error <= TOLERANCE else 'WRONG':5} {rule:5} {name}")
    mistakes = feedback_mistakes(tensors, step)
    mistakes += [f"PyTorch has no {name}" for name in missing] + [f"the step has no {name}" for name in unexpected]
    for mistake in mistakes:
        print(f"  WRONG {mistake}")
    print(f"  {at_the_kink} activations lie within rounding of ReLU's kink")
    worst = max(errors, key=lambda name: errors[name])
    print(f"  worst of {len(errors)}: {errors[worst]:.1e} ({worst})")
    return all(error <= TOLERANCE for error in errors.values()) and not mistakes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="+", help="what `bionas debug step --out` wrote")
    results = [check(directory) for directory in parser.parse_args().directory]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
