# Stepper of PyTorch: one case, contiguous or channels-last. Usage: step_pytorch.py '{"genotype", ...}' [channels-last]
# Protocol: benchmarks/stepper.ts. Same recipe as ours: SGD with momentum, weight decay, clipping by global norm.
import json
import resource
import sys
import time

import torch
from torch.nn import functional as F

from networks import build

case = json.loads(sys.argv[1])
layout = torch.channels_last if "channels-last" in sys.argv[2:] else torch.contiguous_format
torch.set_num_threads(case["threads"])
torch.manual_seed(1)

net = build(case["genotype"], case["cells"], case["channels"]).to(memory_format=layout)
x = torch.rand(case["batch"], 3, 32, 32).to(memory_format=layout)
y = torch.arange(case["batch"]) % 10
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=3e-4)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
    optimizer.step()
    return loss.item()


parameters = sum(p.numel() for p in net.parameters())
print(json.dumps({"ready": f"PyTorch {torch.__version__}, {parameters} parameters"}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        step()
    milliseconds = (time.perf_counter() - start) * 1000
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"milliseconds": milliseconds, "rssMegabytes": rss}), flush=True)
