"""The networks of bionas in PyTorch, apart from the trainer: from genotypes and the parameter names of a debug step."""

from typing import Callable

import torch
import torch.nn.functional as F
from pytorch_layers import LOCAL, Layers
from torch import Tensor

CONVOLUTIONS = {  # of DARTS: kernel, dilation, how often
    "sep_conv_3x3": (3, 1, 2),
    "sep_conv_5x5": (5, 1, 2),
    "dil_conv_3x3": (3, 2, 1),
    "dil_conv_5x5": (5, 2, 1),
}


def average(x: Tensor, stride: int) -> Tensor:
    return F.avg_pool2d(x, 3, stride, 1, count_include_pad=False)


def lenet(at: Layers, x: Tensor, step: dict) -> tuple[Tensor, None]:
    x = F.max_pool2d(at.relu(at.conv("conv1", x)), 2)
    x = F.max_pool2d(at.relu(at.conv("conv2", x)), 2)
    x = at.relu(at.conv("conv3", x)).mean((2, 3))
    return at.linear("fc2", at.relu(at.linear("fc1", x))), None


def lenet5(at: Layers, x: Tensor, step: dict) -> tuple[Tensor, None]:
    x = F.max_pool2d(at.relu(at.conv("conv1", x, 1, 2)), 2)
    x = F.max_pool2d(at.relu(at.conv("conv2", x)), 2)
    x = at.relu(at.conv("conv3", x)).permute(0, 2, 3, 1).flatten(1)
    return at.linear("fc2", at.relu(at.linear("fc1", x))), None


def resnet20(at: Layers, x: Tensor, step: dict) -> tuple[Tensor, None]:
    def conv(path, x, stride=1):
        return at.norm(f"{path}/norm", at.conv(f"{path}/conv", x, stride, 1))

    x = at.relu(conv("conv1", x))
    for stage in (1, 2, 3):
        for block in (1, 2, 3):
            path = f"stage{stage}.block{block}/sum/residual"
            stride = 2 if stage > 1 and block == 1 else 1
            y = conv(f"{path}/conv2", at.relu(conv(f"{path}/conv1", x, stride)))
            new = y.shape[1] - x.shape[1]
            shortcut = F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, new // 2, new - new // 2))
            x = at.relu(y + shortcut)
    return at.linear("fc", x.mean((2, 3))), None


def nb201_edge(at: Layers, path: str, x: Tensor, operation: str) -> Tensor:
    if operation == "none":
        return torch.zeros_like(x)
    if operation == "skip_connect":
        return x
    if operation in LOCAL:
        return at.local_conv(path, x, operation)
    return average(x, 1) if operation == "avg_pool_3x3" else at.relu_conv(path, x)


def nb201(at: Layers, x: Tensor, step: dict) -> tuple[Tensor, None]:
    x = at.norm("stem/norm", at.conv("stem/conv", x, 1, 1))
    for stage in range(3):
        if stage > 0:
            path = f"reduction{stage}"
            body = at.relu_conv(f"{path}/body/b", at.relu_conv(f"{path}/body/a", x, 2))
            x = body + at.conv(f"{path}/shortcut/conv", F.avg_pool2d(x, 2))
        for cell in range(step["shape"].get("cells", 5)):
            nodes = [x]
            for i, edges in enumerate(step["genotype"]["nodes"]):
                path = f"stage{stage + 1}/cell{cell}/node{i + 1}"
                outputs = (
                    nb201_edge(at, f"{path}/edge{j}", nodes[j], edge["operation"]) for j, edge in enumerate(edges)
                )
                nodes.append(sum(outputs))
            x = nodes[-1]
    x = at.relu(at.norm("last/norm", x))
    return at.linear("classifier/fc", x.mean((2, 3))), None


def darts_edge(at: Layers, path: str, x: Tensor, operation: str, stride: int) -> Tensor:
    if operation == "skip_connect":
        return x if stride == 1 else at.factorized_reduce(path, x)
    if operation == "max_pool_3x3":
        return F.max_pool2d(x, 3, stride, 1)
    if operation == "avg_pool_3x3":
        return average(x, stride)
    if operation in LOCAL:
        return at.local_conv(path, x, operation, stride)
    kernel, dilation, times = CONVOLUTIONS[operation]
    if times == 1:
        return at.depthwise_separable(path, x, kernel, stride, dilation)
    x = at.depthwise_separable(f"{path}/first", x, kernel, stride, dilation)
    return at.depthwise_separable(f"{path}/second", x, kernel, 1, dilation)


def darts_cell(at: Layers, path: str, inputs: tuple[Tensor, Tensor], step: dict, reduces: bool, follows: bool):
    first = at.factorized_reduce if follows else at.relu_conv
    nodes = [first(f"{path}/preprocess0", inputs[0]), at.relu_conv(f"{path}/preprocess1", inputs[1])]
    for i, edges in enumerate(step["genotype"]["reduce" if reduces else "normal"]):
        outputs = []
        for j, edge in enumerate(edges):
            stride = 2 if reduces and edge["from"] < 2 else 1
            place = f"{path}/node{i + 2}/edge{j}"  # drop-path has probability 0 in the first epoch
            outputs.append(darts_edge(at, place, nodes[edge["from"]], edge["operation"], stride))
        nodes.append(sum(outputs))
    return torch.cat(nodes[2:], 1)


def auxiliary(at: Layers, x: Tensor) -> Tensor:
    side = min(x.shape[2:])
    window = min((side + 1) // 2 + 1, side - 1)
    x = F.avg_pool2d(at.relu(x), window, side - window)
    x = at.relu(at.norm("auxiliary/norm1", at.conv("auxiliary/conv1", x)))
    x = at.conv("auxiliary/conv2", x)
    if "auxiliary/norm2/gamma" in at.parameters:  # not in ImageNet's
        x = at.norm("auxiliary/norm2", x)
    x = at.relu(x)
    return at.linear("auxiliary/fc", x.permute(0, 2, 3, 1).flatten(1))


def stems(at: Layers, x: Tensor) -> tuple[Tensor, Tensor]:
    """What the first cell reads: the one stem twice, or two of which the second halves the picture again."""

    def conv(path, x, stride):
        return at.norm(f"{path}/norm", at.conv(f"{path}/conv", x, stride, 1))

    if "stem/conv/weight" in at.parameters:
        stem = conv("stem", x, 1)
        return stem, stem
    first = conv("stem0/quarter", at.relu(conv("stem0/half", x, 2)), 2)
    return first, conv("stem1/eighth", at.relu(first), 2)


def darts(at: Layers, x: Tensor, step: dict) -> tuple[Tensor, Tensor | None]:
    count = step["shape"].get("cells", 8)
    reducing = (count // 3, 2 * count // 3)
    (before, last), side = stems(at, x), None
    for i in range(count):
        follows = i - 1 in reducing or (i == 0 and before is not last)
        y = darts_cell(at, f"cell{i}", (before, last), step, i in reducing, follows)
        before, last = last, y
        if i == reducing[1] and "auxiliary/fc/weight" in at.parameters:
            side = auxiliary(at, y)
    return at.linear("classifier/fc", last.mean((2, 3))), side


Network = Callable[[Layers, Tensor, dict], tuple[Tensor, Tensor | None]]
FIXED: dict[str, Network] = {"lenet": lenet, "lenet5": lenet5, "resnet20": resnet20}


def network_of(genotype: dict) -> Network:
    if genotype["kind"] == "fixed":
        return FIXED[genotype["network"]]
    return {"nb201": nb201, "darts": darts}[genotype["kind"]]
