# Pictures a second by torchvision: the random crop of ImageNet's recipe, resized to 224, and mirrored, in one thread. Prints JSON.
# Usage: load_torchvision.py FOLDER EPOCHS JITTER(0|1), where FOLDER holds a folder a class.
import json, sys, time
import torch
from torchvision import datasets, transforms

folder, epochs, jitter = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1"
torch.set_num_threads(1)
steps = [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()]
if jitter:
    steps.append(transforms.ColorJitter(0.4, 0.4, 0.4, 0.2))
loader = torch.utils.data.DataLoader(
    datasets.ImageFolder(folder, transforms.Compose([*steps, transforms.PILToTensor()])),
    batch_size=32,
    shuffle=True,
    num_workers=0,
)
for _ in loader:
    pass
wall, cpu, count = time.perf_counter(), time.process_time(), 0
for _ in range(epochs):
    for pictures, _ in loader:
        count += len(pictures)
print(json.dumps({"wall": count / (time.perf_counter() - wall), "cpu": count / (time.process_time() - cpu)}))
