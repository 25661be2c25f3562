"""The layers of bionas in PyTorch, apart from the trainer, by the parameter names of a debug step; pytorch_networks.py composes them.

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
