#!/usr/bin/env python3
"""Makes a step of `bionas debug step` again in PyTorch, in float64, and compares every number.

    $(make -s torch-venv) scripts/check-step-with-pytorch.py DIRECTORY...

Of a directory with several steps (`--steps N`), PyTorch trains by itself from the first parameters on, and each step's loss and
the last parameters are compared. It is handed the pictures and what it cannot know: fixed feedback weights, magnitudes that are
drawn anew (brSF), the weight mirror's B, and hybrid pictures. The others it makes of its own weights.

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
from pytorch_layers import Layers, Nodes
from pytorch_networks import Network, network_of
from pytorch_passes import contrast, error_of, hybrid_mistakes, modulate
from safetensors.numpy import load_file
from torch import Tensor

TOLERANCE = 1e-4
FLOAT32 = 2.0**-23
HYBRIDS = "shown/forward-forward"
NOUGHT = 1e-3  # of the step's largest gradient


def concordant(W: Tensor, B: Tensor) -> bool:
    return bool((B * W >= 0).all())


FEEDBACK_LAWS = {  # fixed random weights (FA) have none
    "BP": torch.equal,
    "PC": torch.equal,
    "uSF": lambda W, B: concordant(W, B) and B.abs().unique().numel() == 1,
    "brSF": concordant,
    "frSF": concordant,
}

Tensors = dict[str, Tensor]


def is_feedback(name: str) -> bool:
    return name.endswith("/B")


def weight_of(feedback: str) -> str:
    return feedback.removesuffix("B") + "weight"


def under(tensors: Tensors, folder: str) -> Tensors:
    return {name.removeprefix(f"{folder}/"): t for name, t in tensors.items() if name.startswith(f"{folder}/")}


def normalised(tensors: Tensors, step: dict) -> Tensor:
    mean, deviation = (
        torch.tensor(step["statistics"][name], dtype=torch.float64)[:, None, None] for name in ("mean", "deviation")
    )
    x = (tensors["pictures"] / 255 - mean) / deviation
    return x * tensors["keep"] if "keep" in tensors else x


def answered(
    parameters: Tensors, feedback: Tensors, tensors: Tensors, step: dict, kind: type[Layers] = Layers
) -> tuple[Tensors, Layers]:
    """Forward, loss and backward through layers of `kind`, as often as nodes settle: what comes out first, with the last gradients left at the parameters."""
    x, network = normalised(tensors, step), network_of(step["genotype"])

    def once(nodes: Nodes) -> tuple[Layers, Tensors, list]:
        for t in parameters.values():
            t.grad = None
        layers = kind(parameters, feedback, step["rules"], step["training"]["regularisation"].get("gradientClipValue", 0))
        layers.nodes = nodes
        return layers, *passed(network, layers, x, (tensors["labels"].long(), step))

    layers, outputs, heads = once(Nodes({}, False))
    nodes = layers.nodes
    for left in reversed(range(8 if "PC" in step["rules"].values() else 0)):
        nodes = once(Nodes(nodes.moved, left == 0))[0].nodes
    modulate(network, layers, x, step, heads)
    contrast(network, layers, tensors.get(HYBRIDS), step)
    for name in filter(is_feedback, parameters):  # Kolen-Pollack: B learns by W's gradient
        parameters[name].grad = parameters[weight_of(name)].grad.clone()
    return {"input": x} | outputs, layers


def passed(network: Network, layers: Layers, x: Tensor, of: tuple[Tensor, dict]) -> tuple[Tensors, list[tuple[Tensor, Tensor]]]:
    """A pass and its way back; answers and their errors, main first."""
    labels, step = of
    settings = step["training"]["regularisation"]
    logits, side = network(layers, x, step)
    loss, heads = torch.zeros((), dtype=x.dtype), []
    for head, answer, weight in ((layers.main, logits, 1), (layers.side, side, settings["auxiliaryWeight"])):
        if answer is not None:
            own = lambda answer: weight * F.cross_entropy(answer, labels, label_smoothing=settings["labelSmoothing"])
            loss = loss + own(answer)
            head["target"] = F.one_hot(labels, answer.shape[1]).to(answer) / len(labels)
            head["error"] = error_of(own, answer)
            heads.append((answer, head["error"]))
    if loss.requires_grad:
        loss.backward()
    return {"logits": logits, "loss": loss} | ({} if side is None else {"auxiliary": side}), heads


def made_again(tensors: Tensors, step: dict) -> tuple[Tensors, int]:
    """Forward, loss, backward and update, under the names of the step's file; activations near ReLU's kink."""
    parameters = {name: t.clone().requires_grad_() for name, t in under(tensors, "parameter").items()}
    outputs, layers = answered(parameters, under(tensors, "feedback"), tensors, step)
    gradients = {f"gradient/{name}": t.grad for name, t in parameters.items() if t.grad is not None}
    after = {f"after/{name}": t for name, t in (updated(tensors, step) | layers.learned).items()}
    return {name: t.detach() for name, t in (outputs | gradients | after).items()}, layers.at_the_kink


def updated(tensors: Tensors, step: dict) -> Tensors:
    """Updates by the step's own gradients: Adam would blow a rounding of a tiny one up."""
    parameters = {name: t.clone().requires_grad_() for name, t in under(tensors, "parameter").items()}
    for name, gradient in under(tensors, "gradient").items():
        parameters[name].grad = gradient.clone()
    update(parameters, optimizer_of(parameters, step), norms_of(parameters), step)
    return parameters


def optimizer_of(parameters: Tensors, step: dict) -> torch.optim.Optimizer:
    settings = step["training"]["optimizer"]
    shared = {"lr": step["learningRate"], "weight_decay": settings["weightDecay"]}
    if settings["name"] == "sgd":
        momentum = settings["momentum"]
        nesterov = settings["nesterov"] and momentum > 0
        return torch.optim.SGD(parameters.values(), momentum=momentum, nesterov=nesterov, **shared)
    betas = (settings["beta1"], settings["beta2"])
    return torch.optim.Adam(parameters.values(), betas=betas, eps=settings["epsilon"], **shared)


def norms_of(parameters: Tensors) -> dict[str, float]:
    return {name: t.norm().item() for name, t in parameters.items() if name.endswith("/weight")}


def update(parameters: Tensors, optimizer: torch.optim.Optimizer, first_norms: dict[str, float], step: dict) -> None:
    """Clips, decays, updates, and holds norms where the recipe says so. Parameters without a gradient stay."""
    settings = step["training"]["regularisation"]
    trained = {name: t for name, t in parameters.items() if t.grad is not None}
    clip = settings["gradientClip"]
    if clip > 0:
        counted = [t.grad.norm() for name, t in trained.items() if not is_feedback(name)]
        norm = torch.linalg.vector_norm(torch.stack(counted))
        torch.nn.utils.clip_grads_with_norm_(trained.values(), clip, norm)
    optimizer.step()
    if settings.get("constrainWeights", False):
        factors = {name: norm / parameters[name].norm().item() for name, norm in first_norms.items() if name in trained}
        for name, t in trained.items():  # Kolen-Pollack's B takes W's factor
            t.data *= factors.get(weight_of(name) if is_feedback(name) else name, 1)


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
        if rule in FEEDBACK_LAWS and not FEEDBACK_LAWS[rule](weights[f"{path}/weight"], feedback[path]):
            mistakes.append(f"{path}: not the feedback weights of {rule}")
    return mistakes


def read(directory: Path) -> tuple[Tensors, dict]:
    step = json.loads((directory / "step.json").read_text())
    numbers = load_file(directory / "step.safetensors").items()
    return {name: torch.from_numpy(np.asarray(t, dtype=np.float64)) for name, t in numbers}, step


def check(directory: Path) -> bool:
    tensors, step = read(directory)
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
    mistakes = feedback_mistakes(tensors, step) + hybrid_mistakes(tensors["input"], tensors.get(HYBRIDS))
    mistakes += [f"PyTorch has no {name}" for name in missing] + [f"the step has no {name}" for name in unexpected]
    for mistake in mistakes:
        print(f"  WRONG {mistake}")
    print(f"  {at_the_kink} activations lie within rounding of ReLU's kink")
    worst = max(errors, key=lambda name: errors[name])
    print(f"  worst of {len(errors)}: {errors[worst]:.1e} ({worst})")
    return all(error <= TOLERANCE for error in errors.values()) and not mistakes


def feedback_at(parameters: Tensors, first: Tensors, now: Tensors, rules: dict[str, str]) -> Tensors:
    """This step's feedback weights, of PyTorch's own W wherever the rule makes them of W."""

    def of(path: str, rule: str) -> Tensor:
        begun, handed = first[path], now[path]
        if rule == "PEPITA":
            return begun
        W = parameters[f"{path}/weight"].detach()
        match rule:
            case "BP" | "PC":
                return W
            case "uSF" | "frSF":
                return begun.abs() * W.sign()
            case "brSF":
                return handed.abs() * W.sign()
            case "KP":
                return parameters[f"{path}/B"].detach()
            case "WM":
                return handed
            case _:
                return begun

    return {path: of(path, rule) for path, rule in rules.items() if path in first}


def check_steps(directory: Path) -> bool:
    """Trains for as many steps as there are, and compares each loss and the last parameters, rule by rule."""
    count = sum(1 for _ in directory.glob("*/step.json"))
    first, step = read(directory / "1")
    parameters = {name: t.clone().requires_grad_() for name, t in under(first, "parameter").items()}
    optimizer, first_norms = optimizer_of(parameters, step), norms_of(parameters)
    losses, tensors, mistakes = [], first, []
    for number in range(1, count + 1):
        last, (tensors, step) = tensors, read(directory / str(number))
        if number > 1 and any(not t.equal(last[f"after/{name}"]) for name, t in under(tensors, "parameter").items()):
            mistakes.append(f"step {number} does not begin where step {number - 1} ended")
        optimizer.param_groups[0]["lr"] = step["learningRate"]
        optimizer.zero_grad()
        feedback = feedback_at(parameters, under(first, "feedback"), under(tensors, "feedback"), step["rules"])
        outputs, layers = answered(parameters, feedback, tensors, step)
        update(parameters, optimizer, first_norms, step)
        for name, t in layers.learned.items():
            parameters[name].data = t
        mistakes += hybrid_mistakes(tensors["input"], tensors.get(HYBRIDS))
        losses.append(abs(outputs["loss"].item() / tensors["loss"].item() - 1))

    print(f"{directory}: {count} steps of {step['genotype']['text']}, batch {step['batchSize']}, {step['executor']['library']}")
    ends = {name: (tensors[f"after/{name}"], t.detach()) for name, t in parameters.items()}
    before, worst = under(first, "parameter"), {"loss": (max(losses), max(losses))}
    for name, (got, expected) in ends.items():
        change = relative_error(f"after/{name}", got, expected, before, 0)
        number = (got - expected).abs().max().item() / (expected.abs().max().item() or 1)
        rule = step["rules"].get(name.rpartition("/")[0], "rest")
        worst[rule] = tuple(map(max, zip(worst.get(rule, (0, 0)), (change, number))))
    print("  of the change beyond float32's roundings, of the largest number:")
    for what, (change, number) in worst.items():
        print(f"  {change:9.1e} {number:9.1e} {'' if change <= TOLERANCE else 'WRONG':5} {what}")
    for mistake in mistakes:
        print(f"  WRONG {mistake}")
    return all(change <= TOLERANCE for change, _ in worst.values()) and not mistakes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="+", help="what `bionas debug step --out` wrote")
    directories = parser.parse_args().directory
    results = [check_steps(each) if (each / "1").exists() else check(each) for each in directories]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
