# Stepper of BioTorch 0.0.16: its LeNet for CIFAR under one of its rules. Usage: step_biotorch.py '{"rule", ...}'
# Protocol: benchmarks/stepper.ts. Same recipe as ours.
import json
import resource
import sys
import time
from contextlib import redirect_stdout

import torch
from torch.nn import functional as F

from biotorch.models.le_net import le_net_cifar
from biotorch.module.biomodule import BioModule

case = json.loads(sys.argv[1])
torch.set_num_threads(case["threads"])
torch.manual_seed(1)
with redirect_stdout(sys.stderr):
    net = BioModule(le_net_cifar(num_classes=10), mode=case["rule"].lower())
x = torch.rand(case["batch"], 3, 32, 32)
y = torch.arange(case["batch"]) % 10
trained = [p for p in net.parameters() if p.requires_grad]
optimizer = torch.optim.SGD(trained, lr=0.01, momentum=0.9, weight_decay=3e-4)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 5)
    optimizer.step()
    return loss.item()


print(json.dumps({"ready": f"BioTorch 0.0.16, {sum(p.numel() for p in trained)} parameters"}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        step()
    milliseconds = (time.perf_counter() - start) * 1000
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"milliseconds": milliseconds, "rssMegabytes": rss}), flush=True)
