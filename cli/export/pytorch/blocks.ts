// The Python classes that networks are made of, as inference needs them. Those below may use those above. Parameters are named as
// the step program names its variables (state-dict.ts); what is computed is told by trainer/primitives/.

interface Block {
  readonly name: string;
  readonly source: string;
}

const learnedBy = `def learned_by(rule: str, module: nn.Module) -> nn.Module:
    """Notes by which learning rule the weights of a module were trained. What it computes is the same under all of them."""
    module.learning_rule = rule
    return module`;

const convBN = `class ConvBN(nn.Module):
    """Convolution, batch norm."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))`;

const reluConvBN = `class ReLUConvBN(nn.Module):
    """ReLU, convolution, batch norm."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(F.relu(x)))`;

const hebbianConv = `class HebbianConv(ReLUConvBN):
    """ReLU, convolution, batch norm. The filters learned by Oja's subspace rule, from what stood at them alone."""`;

const softHebbConv = `class SoftHebbConv(nn.Module):
    """ReLU, batch norm without scale and shift, convolution, batch norm. The filters learned by SoftHebb's competition."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.center = nn.BatchNorm2d(channels_in, affine=False)
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(self.center(F.relu(x))))`;

const forwardForwardConv = `class ForwardForwardConv(nn.Module):
    """ReLU, each picture divided by its root mean square, convolution, batch norm. The filters learned by forward-forward."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(x)
        x = x / (x.square().mean((1, 2, 3), keepdim=True) + 1e-8).sqrt()
        return self.norm(self.conv(x))`;

const depthwiseSeparable = `class DepthwiseSeparable(nn.Module):
    """ReLU, depthwise convolution, 1x1 convolution, batch norm. With dilation 2 it is DARTS's dil_conv."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, dilation: int = 1):
        super().__init__()
        geometry = {"stride": stride, "padding": dilation * (kernel - 1) // 2, "dilation": dilation}
        self.depthwise = nn.Conv2d(channels_in, channels_in, kernel, **geometry, groups=channels_in, bias=False)
        self.pointwise = nn.Conv2d(channels_in, channels_out, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.pointwise(self.depthwise(F.relu(x))))`;

const sepConv = `class SepConv(nn.Module):
    """DARTS's sep_conv: depthwise separable twice, the stride in the first."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.first = DepthwiseSeparable(channels_in, channels_in, kernel, stride)
        self.second = DepthwiseSeparable(channels_in, channels_out, kernel)

    def forward(self, x: Tensor) -> Tensor:
        return self.second(self.first(x))`;

const factorizedReduce = `class FactorizedReduce(nn.Module):
    """Halves the sides without losing pixels: two 1x1 convolutions of stride 2, the second of them one pixel further."""

    def __init__(self, channels_in: int, channels_out: int):
        super().__init__()
        odd = channels_out // 2
        self.even = nn.Conv2d(channels_in, channels_out - odd, 1, stride=2, bias=False)
        self.odd = nn.Conv2d(channels_in, odd, 1, stride=2, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(x)
        height, width = x.shape[2:]
        shifted = F.pad(x[:, :, 1:, 1:], (0, width % 2, 0, height % 2))
        return self.norm(torch.cat([self.even(x), self.odd(shifted)], 1))`;

const residualReduction = `class ResidualReduction(nn.Module):
    """Halves the sides: a residual block whose shortcut averages 2 x 2 pixels."""

    def __init__(self, channels_in: int, channels_out: int):
        super().__init__()
        self.a = ReLUConvBN(channels_in, channels_out, 3, stride=2)
        self.b = ReLUConvBN(channels_out, channels_out, 3)
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.b(self.a(x)) + self.shortcut(F.avg_pool2d(x, 2))`;

const residualBlock = `class ResidualBlock(nn.Module):
    """Two convolutions beside a shortcut without weights: every second pixel, and zeros as the new channels (option A)."""

    def __init__(self, channels_in: int, channels_out: int, stride: int, rules: tuple[str, str]):
        super().__init__()
        self.conv1 = learned_by(rules[0], ConvBN(channels_in, channels_out, 3, stride))
        self.conv2 = learned_by(rules[1], ConvBN(channels_out, channels_out, 3))
        self.stride = stride
        self.new_channels = channels_out - channels_in

    def forward(self, x: Tensor) -> Tensor:
        before = self.new_channels // 2
        shortcut = x[:, :, :: self.stride, :: self.stride]
        shortcut = F.pad(shortcut, (0, 0, 0, 0, before, self.new_channels - before))
        return F.relu(self.conv2(F.relu(self.conv1(x))) + shortcut)`;

const BLOCKS: readonly Block[] = [
  { name: 'learned_by', source: learnedBy },
  { name: 'ConvBN', source: convBN },
  { name: 'ReLUConvBN', source: reluConvBN },
  { name: 'HebbianConv', source: hebbianConv },
  { name: 'SoftHebbConv', source: softHebbConv },
  { name: 'ForwardForwardConv', source: forwardForwardConv },
  { name: 'DepthwiseSeparable', source: depthwiseSeparable },
  { name: 'SepConv', source: sepConv },
  { name: 'FactorizedReduce', source: factorizedReduce },
  { name: 'ResidualReduction', source: residualReduction },
  { name: 'ResidualBlock', source: residualBlock },
];

/** What `code` uses of them, and what that uses, in an order in which Python can read it. */
export function blocksFor(code: string): string[] {
  const kept: string[] = [];
  for (const { name, source } of BLOCKS.toReversed()) {
    const isUsed = [code, ...kept].some((text) => new RegExp(`\\b${name}\\b`).test(text));
    if (isUsed) kept.unshift(source);
  }
  return kept;
}
