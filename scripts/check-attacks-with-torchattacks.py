#!/usr/bin/env python3
"""Attacks an exported model again with torchattacks, and compares what is left of the accuracy.

    python=$(make -s torch-venv) && $python -m pip install --no-deps -r scripts/attack-requirements.txt
    $python scripts/check-attacks-with-torchattacks.py runs/NAME/trials/NAME-final-0 --pictures t10k-images-idx3-ubyte.gz \
        --labels t10k-labels-idx1-ubyte.gz --count 500

Reads model.onnx and robustness.jsonl of the trial and repeats every attack along the true gradient, and those that ask for
answers only. Attacks by the learning rules' signal have no peer: an exported model has no rules. torchattacks has no fgsm in l2;
PGD from the original by one whole step is the same. Attacks that begin or go on by draws are repeated with other seeds
(`--repeats`); exit code 1 where ours is more than a point, and more than two standard deviations of those draws, from their mean.
"""

import argparse
import gzip
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnx2torch
import torch
import torchattacks
from torch import Tensor, nn

TOLERANCE = 1.0  # points
DRAWS = {"pgd", "tpgd", "square", "one-pixel"}
STEP = 1 / 4  # of the bound, as trainer/attacks/pgd.ts
POPULATION = 150


def idx(path: Path, header: int) -> np.ndarray:
    opened = gzip.open(path) if path.suffix == ".gz" else path.open("rb")
    with opened as file:
        return np.frombuffer(file.read(), dtype=np.uint8, offset=header)


def attack_of(model: nn.Module, run: dict, seed: int) -> torchattacks.attack.Attack:
    kind, norm, bound, budget = run["attack"], run["norm"], run["bound"], run["budget"]
    eps = bound / 255
    if kind == "one-pixel":
        return torchattacks.OnePixel(model, pixels=int(bound), steps=budget // POPULATION - 1, popsize=POPULATION)
    if kind == "square":
        name = {"linf": "Linf", "l2": "L2"}[norm]
        return torchattacks.Square(model, norm=name, eps=eps, n_queries=budget, p_init=0.8, loss="margin", seed=seed)
    if kind == "apgd":
        return torchattacks.APGD(model, norm={"linf": "Linf", "l2": "L2"}[norm], eps=eps, steps=budget, loss="ce", seed=seed)
    if kind == "tpgd":
        return torchattacks.TPGD(model, eps=eps, alpha=STEP * eps, steps=budget)
    if norm == "linf":
        return (
            torchattacks.FGSM(model, eps=eps)
            if kind == "fgsm"
            else torchattacks.PGD(model, eps=eps, alpha=STEP * eps, steps=budget)
        )
    step, start = (eps, False) if kind == "fgsm" else (STEP * eps, True)
    return torchattacks.PGDL2(model, eps=eps, alpha=step, steps=budget, random_start=start)


def told_right(model: nn.Module, x: Tensor, labels: Tensor) -> float:
    with torch.no_grad():
        return float((model(x).argmax(1) == labels).float().mean())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trial", type=Path, help="directory with model.onnx and robustness.jsonl")
    parser.add_argument("--pictures", type=Path, required=True, help="test pictures, IDX")
    parser.add_argument("--labels", type=Path, required=True, help="their labels, IDX")
    parser.add_argument("--count", type=int, default=500, help="as spec.final.robustness.pictures")
    parser.add_argument("--repeats", type=int, default=5, help="draws of an attack that has any")
    options = parser.parse_args()
    torch.manual_seed(1)
    model = onnx2torch.convert(str(options.trial / "model.onnx")).eval()
    labels = torch.tensor(idx(options.labels, 8)[: options.count].astype(np.int64))
    flat = idx(options.pictures, 16)
    side = int((len(flat) // len(idx(options.labels, 8))) ** 0.5)
    x = torch.tensor(flat[: options.count * side * side].reshape(-1, 1, side, side).astype(np.float32) / 255)
    print(f"told right before: {100 * told_right(model, x, labels):.1f} % of {len(labels)}")
    passed = True
    for line in (options.trial / "robustness.jsonl").read_text().splitlines():
        run = json.loads(line)
        if run.get("signal") == "rules" or run["attack"] == "transfer":
            continue
        start = time.monotonic()
        theirs = []
        for seed in range(options.repeats if run["attack"] in DRAWS else 1):
            torch.manual_seed(seed)
            theirs.append(100 * told_right(model, attack_of(model, run, seed)(x, labels), labels))
        seconds = (time.monotonic() - start) / len(theirs)
        mean, deviation = np.mean(theirs), np.std(theirs, ddof=1) if len(theirs) > 1 else 0.0
        gap = 100 * run["accuracy"] - mean
        passed = passed and abs(gap) <= max(TOLERANCE, 2 * deviation) + 1e-9
        name = f"{run['attack']} {run['norm']} {run['bound']:g} budget {run['budget']}"
        spread = f"± {deviation:.1f}" if len(theirs) > 1 else ""
        ours = f"ours {100 * run['accuracy']:5.1f} %"
        print(f"{name:34} {ours}  torchattacks {mean:5.1f} {spread:5} %  {gap:+.1f}  {seconds:.1f} s")
    print("passed" if passed else "differs")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
