"""What an exported network answers: answer.py FOLDER PICTURES, the folder of `bionas export pytorch` and a safetensors file with
`pictures`. Prints the logits as JSON, with the rule of every module that has one."""

import importlib.util
import json
import sys
import warnings
from pathlib import Path

import torch
from safetensors.torch import load_file

folder, pictures = Path(sys.argv[1]), load_file(sys.argv[2])["pictures"]
spec = importlib.util.spec_from_file_location("network", folder / "network.py")
module = importlib.util.module_from_spec(spec)
warnings.simplefilter("error")
spec.loader.exec_module(module)
network = module.Network()
network.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
network.eval()
with torch.inference_mode():
    logits = network(pictures)
rules = {name: each.learning_rule for name, each in network.named_modules() if hasattr(each, "learning_rule")}
print(json.dumps({"logits": logits.flatten().tolist(), "rules": rules, "classes": module.CLASSES}))
