# The same trials under Ray Tune with PyTorch: same genotypes, pictures, epochs, batch, cores.
# Usage: ray_tune.py GENOTYPES.json PICTURES_DIR -> one JSON line {"seconds", "accuracies", "versions"}; seconds include Ray's own start.
import json
import os
import sys
import time

start = time.perf_counter()
here = os.path.dirname(os.path.abspath(__file__))
genotypes, pictures = json.load(open(sys.argv[1])), sys.argv[2]

import ray
from ray import tune


def train(config):
    import sys

    sys.path.insert(0, here)
    import numpy as np
    import torch
    from networks import build
    from torch.nn import functional as F

    torch.set_num_threads(1)
    torch.manual_seed(config["index"])
    files = [os.path.join(pictures, f"data_batch_{i}.bin") for i in (1, 2)]
    records = np.concatenate([np.fromfile(f, np.uint8).reshape(-1, 3073) for f in files])
    order = np.random.default_rng(0).permutation(len(records))
    held, used = records[order[:1000]], records[order[1000:6000]]
    mean = torch.tensor([125.3, 123.0, 113.9]).view(1, 3, 1, 1)
    std = torch.tensor([63.0, 62.1, 66.7]).view(1, 3, 1, 1)

    def tensors(part):
        x = torch.from_numpy(part[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32))
        return (x - mean) / std, torch.from_numpy(part[:, 0].astype(np.int64))

    (x, y), (vx, vy) = tensors(used), tensors(held)
    layout = torch.channels_last
    net = build(config["genotype"], 1, 16).to(memory_format=layout)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 2)

    def augment(batch):
        batch = F.pad(batch, (4, 4, 4, 4))
        n = len(batch)
        dy, dx, flip = torch.randint(0, 9, (n,)), torch.randint(0, 9, (n,)), torch.rand(n) < 0.5
        cut = torch.stack([b[:, r : r + 32, c : c + 32] for b, r, c in zip(batch, dy, dx)])
        return torch.where(flip.view(-1, 1, 1, 1), cut.flip(3), cut)

    for _ in range(2):
        net.train()
        shuffled = torch.randperm(len(x))
        for i in range(0, len(x) - 63, 64):
            chosen = shuffled[i : i + 64]
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(net(augment(x[chosen]).to(memory_format=layout)), y[chosen])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
            optimizer.step()
        schedule.step()
        net.eval()
        with torch.no_grad():
            right = sum((net(vx[i : i + 250]).argmax(1) == vy[i : i + 250]).sum().item() for i in range(0, 1000, 250))
        tune.report({"accuracy": right / len(vx)})


ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
space = tune.grid_search([{"index": i, "genotype": g} for i, g in enumerate(genotypes)])
tuner = tune.Tuner(
    tune.with_resources(lambda config: train(config["trial"]), {"cpu": 1}),
    param_space={"trial": space},
    tune_config=tune.TuneConfig(metric="accuracy", mode="max"),
)
results = tuner.fit()
errors = [str(error) for error in results.errors]
if errors:
    sys.exit("\n".join(errors))
import torch

print(
    json.dumps(
        {
            "seconds": time.perf_counter() - start,
            "accuracies": [r.metrics["accuracy"] for r in results],
            "versions": f"Ray {ray.__version__}, PyTorch {torch.__version__}",
        }
    )
)
ray.shutdown()
