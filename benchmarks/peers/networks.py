# The networks of bionas in PyTorch, from a genotype's text, as a PyTorch user would write them: the peer of the benchmarks.
# Learning rules are autograd functions that put B where W would stand, as BioTorch does.
import math

import torch
from torch import nn
from torch.nn import functional as F


class ConvWithFeedback(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b, how):
        ctx.save_for_backward(x, w, b)
        ctx.how = how
        return F.conv2d(x, w, None, *how)

    @staticmethod
    def backward(ctx, dy):
        x, w, b = ctx.saved_tensors
        stride, padding, dilation, groups = ctx.how
        pair = lambda n: (n, n)
        args = (None, pair(stride), pair(padding), pair(dilation), False, (0, 0), groups)
        grad = torch.ops.aten.convolution_backward
        dx = grad(dy, x, b, *args, (True, False, False))[0] if ctx.needs_input_grad[0] else None
        dw = grad(dy, x, w, *args, (False, True, False))[1]
        return dx, dw, None, None


class LinearWithFeedback(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, b)
        return x @ w.t()

    @staticmethod
    def backward(ctx, dy):
        x, b = ctx.saved_tensors
        return dy @ b, dy.t() @ x, None


def feedback(rule, w, state, law):
    bound, deviation = law
    if rule == "FA":
        return state
    if rule == "uSF":
        return deviation * torch.sign(w)
    magnitude = torch.rand_like(w) * bound if rule == "brSF" else state.abs()
    return magnitude * torch.sign(w)


class Ruled(nn.Module):
    """Weights with a learning rule; under BP the plain PyTorch operator."""

    def __init__(self, shape, fan_in, fan_out, rule, bias):
        super().__init__()
        bound = math.sqrt(6 / (fan_in + fan_out))
        self.law = (bound, bound / math.sqrt(3))
        self.rule = rule
        self.weight = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(shape[0])) if bias else None
        if rule in ("FA", "frSF"):
            self.register_buffer("state", torch.empty(shape).uniform_(-bound, bound))
        else:
            self.state = None

    def fed(self):
        with torch.no_grad():
            return feedback(self.rule, self.weight, self.state, self.law)


class Conv(Ruled):
    def __init__(self, cin, cout, k, stride=1, padding=0, dilation=1, groups=1, rule="BP", bias=False):
        super().__init__((cout, cin // groups, k, k), cin // groups * k * k, cout * k * k, rule, bias)
        self.how = (stride, padding, dilation, groups)

    def forward(self, x):
        if self.rule == "BP":
            return F.conv2d(x, self.weight, self.bias, *self.how)
        y = ConvWithFeedback.apply(x, self.weight, self.fed(), self.how)
        return y if self.bias is None else y + self.bias[:, None, None]


class Linear(Ruled):
    def __init__(self, cin, cout, rule):
        super().__init__((cout, cin), cin, cout, rule, True)

    def forward(self, x):
        if self.rule == "BP":
            return F.linear(x, self.weight, self.bias)
        return LinearWithFeedback.apply(x, self.weight, self.fed()) + self.bias


def relu_conv_bn(cin, cout, k, stride, padding, rule):
    return nn.Sequential(nn.ReLU(), Conv(cin, cout, k, stride, padding, rule=rule), nn.BatchNorm2d(cout))


class FactorizedReduce(nn.Module):
    def __init__(self, cin, cout, rule):
        super().__init__()
        self.a = Conv(cin, cout // 2, 1, 2, rule=rule)
        self.b = Conv(cin, cout - cout // 2, 1, 2, rule=rule)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x):
        x = F.relu(x)
        return self.bn(torch.cat([self.a(x), self.b(x[:, :, 1:, 1:])], 1))


def sep_conv(c, k, stride, rule):
    def half(s):
        return [nn.ReLU(), Conv(c, c, k, s, k // 2, groups=c, rule=rule), Conv(c, c, 1, rule=rule), nn.BatchNorm2d(c)]

    return nn.Sequential(*half(stride), *half(1))


def dil_conv(c, k, stride, rule):
    depthwise = Conv(c, c, k, stride, k - 1, 2, groups=c, rule=rule)
    return nn.Sequential(nn.ReLU(), depthwise, Conv(c, c, 1, rule=rule), nn.BatchNorm2d(c))


def parse_edge(text):
    what, source = text.split("~")
    operation, _, rule = what.partition(":")
    return operation, rule or "BP", int(source)


def darts_operation(operation, c, stride, rule, rest):
    if operation == "skip_connect":
        return nn.Identity() if stride == 1 else FactorizedReduce(c, c, rest)
    if operation == "max_pool_3x3":
        return nn.MaxPool2d(3, stride, 1)
    if operation == "avg_pool_3x3":
        return nn.AvgPool2d(3, stride, 1, count_include_pad=False)
    kind, k = operation.split("_")[0], int(operation[-1])
    return (sep_conv if kind == "sep" else dil_conv)(c, k, stride, rule)


class DartsCell(nn.Module):
    def __init__(self, text, c_pp, c_p, c, reduce, after_reduce, rest):
        super().__init__()
        self.pre0 = FactorizedReduce(c_pp, c, rest) if after_reduce else relu_conv_bn(c_pp, c, 1, 1, 0, rest)
        self.pre1 = relu_conv_bn(c_p, c, 1, 1, 0, rest)
        self.sources, operations = [], []
        for node in text.split("|"):
            for edge in node.split(","):
                operation, rule, source = parse_edge(edge)
                stride = 2 if reduce and source < 2 else 1
                self.sources.append(source)
                operations.append(darts_operation(operation, c, stride, rule, rest))
        self.operations = nn.ModuleList(operations)

    def forward(self, s0, s1):
        states = [self.pre0(s0), self.pre1(s1)]
        for i in range(0, len(self.operations), 2):
            a, b = (self.operations[j](states[self.sources[j]]) for j in (i, i + 1))
            states.append(a + b)
        return torch.cat(states[2:], 1)


class Darts(nn.Module):
    def __init__(self, fields, cells, channels, pictures, classes):
        super().__init__()
        rest = fields["rest"]
        width = 3 * channels
        self.stem = nn.Sequential(Conv(pictures, width, 3, 1, 1, rule=rest), nn.BatchNorm2d(width))
        c_pp, c_p, c, after = width, width, channels, False
        stack = []
        for i in range(cells):
            reduce = i in (cells // 3, 2 * cells // 3)
            c = 2 * c if reduce else c
            text = fields["reduce" if reduce else "normal"]
            stack.append(DartsCell(text, c_pp, c_p, c, reduce, after, rest))
            c_pp, c_p, after = c_p, 4 * c, reduce
        self.cells = nn.ModuleList(stack)
        self.classifier = Linear(c_p, classes, rest)

    def forward(self, x):
        s0 = s1 = self.stem(x)
        for cell in self.cells:
            s0, s1 = s1, cell(s0, s1)
        return self.classifier(s1.mean((2, 3)))


class Nb201Cell(nn.Module):
    def __init__(self, text, c):
        super().__init__()
        self.nodes, operations = [], []
        for node in text.split("|"):
            edges = [parse_edge(edge) for edge in node.split(",")]
            self.nodes.append([source for _, _, source in edges])
            operations.append(nn.ModuleList([self.operation(*edge[:2], c) for edge in edges]))
        self.operations = nn.ModuleList(operations)

    @staticmethod
    def operation(operation, rule, c):
        if operation == "none":
            return None
        if operation == "skip_connect":
            return nn.Identity()
        if operation == "avg_pool_3x3":
            return nn.AvgPool2d(3, 1, 1, count_include_pad=False)
        k = int(operation[-1])
        return relu_conv_bn(c, c, k, 1, k // 2, rule)

    def forward(self, x):
        states = [x]
        for sources, operations in zip(self.nodes, self.operations):
            parts = [op(states[s]) for s, op in zip(sources, operations) if op is not None]
            states.append(sum(parts[1:], parts[0]) if parts else torch.zeros_like(x))
        return states[-1]


class Reduction(nn.Module):
    def __init__(self, cin, cout, rest):
        super().__init__()
        self.a = relu_conv_bn(cin, cout, 3, 2, 1, rest)
        self.b = relu_conv_bn(cout, cout, 3, 1, 1, rest)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), Conv(cin, cout, 1, rule=rest))

    def forward(self, x):
        return self.shortcut(x) + self.b(self.a(x))


def nb201(text, rest, cells, channels, pictures, classes):
    layers = [Conv(pictures, channels, 3, 1, 1, rule=rest), nn.BatchNorm2d(channels)]
    for stage in range(3):
        c = channels << stage
        if stage > 0:
            layers.append(Reduction(c // 2, c, rest))
        layers += [Nb201Cell(text, c) for _ in range(cells)]
    tail = [nn.BatchNorm2d(c), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), Linear(c, classes, rest)]
    return nn.Sequential(*layers, *tail)


def lenet(rules, pictures, classes):
    def conv(cin, cout, name):
        return [Conv(cin, cout, 3, rule=rules.get(name, "BP"), bias=True), nn.ReLU()]

    pool = [nn.MaxPool2d(2, 2)]
    body = conv(pictures, 32, "conv1") + pool + conv(32, 64, "conv2") + pool + conv(64, 128, "conv3")
    head = [Linear(128, 256, rules["fc1"]), nn.ReLU(), Linear(256, classes, rules["fc2"])]
    return nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *head)


def build(genotype, cells, channels, pictures=3, classes=10):
    family, *parts = genotype.split(";")
    if family == "lenet":
        return lenet(dict(pair.split("=") for pair in parts[0].split(",")), pictures, classes)
    if family == "nb201":
        return nb201(parts[0], parts[1].removeprefix("rest="), cells, channels, pictures, classes)
    fields = dict(part.split("=", 1) for part in parts)
    return Darts(fields, cells, channels, pictures, classes)
