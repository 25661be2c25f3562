"""The networks of bionas in PyTorch, apart from the trainer: from genotypes and the parameter names of a debug step.

A layer with feedback weights sends its signal back through them; without any, PyTorch's own derivative holds. Under predictive
coding a value node stands at its output.
Under direct feedback alignment it sends the error of its head through them instead, from every place of its output,
under direct random target projection the labels. Layers that learn locally or under PEPITA send nothing back; what stands at
the latter, and at forward-forward convolutions, is kept for pytorch_passes.py.
"""

from typing import Callable

import torch
import torch.nn.functional as F
from pytorch_local_rules import LOCAL_RULES
from torch import Tensor
from torch.nn.grad import conv2d_input, conv2d_weight

NEAR = 2.0**-20  # of the largest activation of a layer

CONVOLUTIONS = {  # of DARTS: kernel, dilation, how often
    "sep_conv_3x3": (3, 1, 2),
    "sep_conv_5x5": (5, 1, 2),
    "dil_conv_3x3": (3, 2, 1),
    "dil_conv_5x5": (5, 2, 1),
}

LOCAL = {*LOCAL_RULES, "forward_forward_conv_3x3"}

Sender = Callable[[torch.Size, Tensor], Tensor]


class Convolution(torch.autograd.Function):
    """y = W * x forward; back, dx = send(x.shape, dy) and the exact dW."""

    @staticmethod
    def forward(ctx, x, W, send, geometry):
        ctx.save_for_backward(x, W)
        ctx.send, ctx.geometry = send, geometry
        return F.conv2d(x, W, None, **geometry)

    @staticmethod
    def backward(ctx, dy):
        x, W = ctx.saved_tensors
        return ctx.send(x.shape, dy), conv2d_weight(x, W.shape, dy, **ctx.geometry), None, None


class Linear(torch.autograd.Function):
    """y = x W^T forward; back, dx = send(x.shape, dy) and the exact dW."""

    @staticmethod
    def forward(ctx, x, W, send):
        ctx.save_for_backward(x)
        ctx.send = send
        return x @ W.T

    @staticmethod
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        return ctx.send(x.shape, dy), dy.T @ x, None


class Node(torch.autograd.Function):
    """Predictive coding: a value in the place of a prediction; back, the error of where it goes, which `nodes` is told."""

    @staticmethod
    def forward(ctx, prediction, value, path, nodes):
        ctx.save_for_backward(prediction, value)
        ctx.path, ctx.nodes = path, nodes
        return value.clone()

    @staticmethod
    def backward(ctx, dy):
        prediction, value = ctx.saved_tensors
        slope = (value - prediction) + dy * len(dy)  # of each picture's energy
        ctx.nodes.moved[ctx.path] = end = value if ctx.nodes.last else value - 0.5 * slope
        return (prediction - end) / len(dy), None, None, None


class Nodes:
    """Where the value nodes of a pass are, and where they go."""

    def __init__(self, values: dict[str, Tensor], last: bool):
        self.values, self.last, self.moved = values, last, {}


def target_sent(B: Tensor, head: dict[str, Tensor]) -> Sender:
    """Direct random target projection: B [classes, ...] of the whole input."""
    return lambda shape, dy: (head["target"] @ B.flatten(1)).reshape(shape)


def sent_by_convolution(rule: str, B: Tensor, geometry: dict, head: dict[str, Tensor]) -> Sender:
    def error_everywhere(shape, dy):
        e = head["error"][:, :, None, None].expand(-1, -1, *dy.shape[2:]).contiguous()
        return conv2d_input(shape, B, e, **(geometry | {"groups": 1}))

    if rule == "DRTP":
        return target_sent(B, head)
    return error_everywhere if rule == "DFA" else lambda shape, dy: conv2d_input(shape, B, dy, **geometry)


def sent_by_linear(rule: str, B: Tensor, head: dict[str, Tensor]) -> Sender:
    if rule == "DRTP":
        return target_sent(B, head)
    return lambda shape, dy: (head["error"] if rule == "DFA" else dy) @ B


class Layers:
    """Layers by path; parameters, feedback weights and rules come from the step. Set the heads' errors and targets before the way back.

    With `largest`, single numbers of what layers learn by and send back are clipped to it, as BioTorch's hooks do (not those of norms).
    """

    def __init__(self, parameters: dict[str, Tensor], feedback: dict[str, Tensor], rules: dict[str, str], largest=0.0):
        self.parameters, self.feedback, self.rules, self.largest = parameters, feedback, rules, largest
        self.main, self.side = {}, {}
        self.learned = {}  # locally, by the parameter's name
        self.seen = {}  # input and output of layers under PEPITA, by path
        self.nodes = Nodes({}, False)
        self.contrasted = {}  # input and stride of forward-forward convolutions, by path
        self.at_the_kink = 0

    def head(self, path: str) -> dict[str, Tensor]:
        return self.side if path.startswith("auxiliary/") else self.main

    def clipped(self, t: Tensor) -> Tensor:
        """The same tensor, but its gradient by this use of it is clipped."""
        if not self.largest or not t.requires_grad:
            return t
        use = t.view_as(t)
        use.register_hook(lambda gradient: gradient.clamp(-self.largest, self.largest))
        return use

    def relu(self, x: Tensor) -> Tensor:
        """Counts what float32 may put on the other side of zero."""
        self.at_the_kink += int((x.abs() < NEAR * x.abs().max()).logical_and(x != 0).sum())
        return F.relu(x)

    def modulated(self, path: str, x: Tensor, layer: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Tensor:
        """A layer under PEPITA: weights and biases are tried again later, no signal goes through."""
        W, bias = (self.parameters.get(f"{path}/{name}") for name in ("weight", "bias"))
        bias = W.new_zeros(()) if bias is None else bias
        y = layer(x.detach(), W.detach(), bias.detach())
        self.seen[path] = (x.detach(), y, layer)
        return y

    def held(self, path: str, y: Tensor) -> Tensor:
        """The node at a layer's output; the last layer's answer is held by the loss."""
        if self.rules.get(path) != "PC" or path.split("/")[-1] == self.last_of(path):
            return y
        value = self.nodes.values.get(path, y.detach())
        return Node.apply(y, value, path, self.nodes)

    def last_of(self, path: str) -> str:
        return "fc2" if "fc2/weight" in self.parameters else "fc"

    def conv(self, path: str, x: Tensor, stride=1, padding=0, dilation=1) -> Tensor:
        if self.rules.get(path) == "PEPITA":
            how = (stride, padding, dilation, x.shape[1] // self.parameters[f"{path}/weight"].shape[1])
            return self.modulated(path, x, lambda x, W, b: F.conv2d(x, W, None, *how) + b[..., None, None])
        x, W, B = self.clipped(x), self.clipped(self.parameters[f"{path}/weight"]), self.feedback.get(path)
        geometry = {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": x.shape[1] // W.shape[1],
        }
        if B is None:
            y = F.conv2d(x, W, None, **geometry)
        else:
            send = sent_by_convolution(self.rules[path], B, geometry, self.head(path))
            y = Convolution.apply(x, W, send, geometry)
        bias = self.parameters.get(f"{path}/bias")
        return self.held(path, y if bias is None else y + self.clipped(bias)[:, None, None])

    def linear(self, path: str, x: Tensor) -> Tensor:
        if self.rules.get(path) == "PEPITA":
            return self.modulated(path, x, lambda x, W, b: x @ W.T + b)
        x, W, B = self.clipped(x), self.clipped(self.parameters[f"{path}/weight"]), self.feedback.get(path)
        y = x @ W.T if B is None else Linear.apply(x, W, sent_by_linear(self.rules[path], B, self.head(path)))
        return self.held(path, y + self.clipped(self.parameters[f"{path}/bias"]))

    def norm(self, path: str, x: Tensor) -> Tensor:
        gamma, beta = (self.parameters[f"{path}/{name}"] for name in ("gamma", "beta"))
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=1e-5)

    def relu_conv(self, path: str, x: Tensor, stride=1) -> Tensor:
        side = self.parameters[f"{path}/conv/weight"].shape[-1]
        y = self.conv(f"{path}/conv", self.relu(x), stride, side // 2)
        return self.norm(f"{path}/norm", y)

    def local_conv(self, path: str, x: Tensor, operation: str, stride=1) -> Tensor:
        x = self.relu(x).detach()
        if operation == "softhebb_conv_3x3":
            x = F.batch_norm(x, None, None, training=True, eps=1e-5)
        name = f"{path}/conv/weight"
        W = self.parameters[name].detach()
        if operation in LOCAL_RULES:
            self.learned[name] = LOCAL_RULES[operation](x, W, stride)
        else:
            x = x / (x.square().mean((1, 2, 3), keepdim=True) + 1e-8).sqrt()
            self.contrasted[f"{path}/conv"] = (x, stride)
        return self.norm(f"{path}/norm", F.conv2d(x, W, stride=stride, padding=W.shape[-1] // 2))

    def factorized_reduce(self, path: str, x: Tensor) -> Tensor:
        x = self.relu(x)
        height, width = x.shape[2:]
        shifted = F.pad(x[:, :, 1:, 1:], (0, width % 2, 0, height % 2))
        even = self.conv(f"{path}/halves/even", x, 2)
        odd = self.conv(f"{path}/halves/odd/conv", shifted, 2)
        return self.norm(f"{path}/norm", torch.cat([even, odd], 1))

    def depthwise_separable(self, path: str, x: Tensor, kernel: int, stride: int, dilation: int) -> Tensor:
        padding = dilation * (kernel - 1) // 2
        y = self.conv(f"{path}/depthwise", self.relu(x), stride, padding, dilation)
        return self.norm(f"{path}/norm", self.conv(f"{path}/pointwise", y))


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
    x = at.relu(at.norm("auxiliary/norm2", at.conv("auxiliary/conv2", x)))
    return at.linear("auxiliary/fc", x.permute(0, 2, 3, 1).flatten(1))


def darts(at: Layers, x: Tensor, step: dict) -> tuple[Tensor, Tensor | None]:
    count = step["shape"].get("cells", 8)
    reducing = (count // 3, 2 * count // 3)
    stem = at.norm("stem/norm", at.conv("stem/conv", x, 1, 1))
    before, last, side = stem, stem, None
    for i in range(count):
        y = darts_cell(at, f"cell{i}", (before, last), step, i in reducing, i - 1 in reducing)
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
