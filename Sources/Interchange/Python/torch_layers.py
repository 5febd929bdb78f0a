import json
import os
import struct

import torch
import torch.nn.functional as F


# Functions of tensors and of plain numbers.


def tensors(*all_of_them):
    like = next(x for x in all_of_them if torch.is_tensor(x))
    return [x if torch.is_tensor(x) else torch.full((), float(x), dtype=like.dtype) for x in all_of_them]


def of_number(f):
    return lambda x: f(x if torch.is_tensor(x) else torch.tensor(float(x)))


exp, expm1, log, log1p = (of_number(f) for f in (torch.exp, torch.expm1, torch.log, torch.log1p))
sqrt, rsqrt, reciprocal = (of_number(f) for f in (torch.sqrt, torch.rsqrt, torch.reciprocal))
square, absolute, sign = (of_number(f) for f in (torch.square, torch.abs, torch.sign))
tanh, sigmoid, relu, erf = (of_number(f) for f in (torch.tanh, torch.sigmoid, torch.relu, torch.erf))
sin, cos, tan = (of_number(f) for f in (torch.sin, torch.cos, torch.tan))
arcsin, arccos, arctan = (of_number(f) for f in (torch.asin, torch.acos, torch.atan))
sinh, cosh, arsinh = (of_number(f) for f in (torch.sinh, torch.cosh, torch.asinh))
arcosh, artanh = (of_number(f) for f in (torch.acosh, torch.atanh))
floor, ceil, round_to_even = (of_number(f) for f in (torch.floor, torch.ceil, torch.round))


def linear(x):
    return x


def where(condition, a, b):
    condition, a, b = tensors(condition, a, b)
    return torch.where(condition != 0, a, b)


def minimum(a, b):
    return torch.minimum(*tensors(a, b))


def maximum(a, b):
    return torch.maximum(*tensors(a, b))


def power(a, b):
    return torch.pow(a, b)


def less(a, b):
    a, b = tensors(a, b)
    return (a < b).to(a.dtype)


def less_or_equal(a, b):
    a, b = tensors(a, b)
    return (a <= b).to(a.dtype)


def equal(a, b):
    a, b = tensors(a, b)
    return (a == b).to(a.dtype)


def floor_divide(a, b):
    return torch.floor(a / b)


def modulo(a, b):
    return a - floor_divide(a, b) * b


def product_of(x, axes, keepdim):
    for axis in reversed(axes):
        x = x.prod(axis, keepdim=keepdim)
    return x


def take(table, numbers, axis, wraps):
    """The places of an axis that numbers name; a number that names none gives NaN."""
    numbers = torch.where(wraps & (numbers <= -1), numbers + table.shape[axis], numbers)
    there = (numbers > -1) & (numbers < table.shape[axis])
    places = torch.where(there, numbers, torch.zeros_like(numbers)).long()
    found = table.index_select(axis, places.reshape(-1))
    shape = table.shape[:axis] + numbers.shape + table.shape[axis + 1 :]
    there = there.reshape((1,) * axis + numbers.shape + (1,) * (table.dim() - axis - 1))
    return torch.where(there, found.reshape(shape), torch.full((), float("nan"), dtype=table.dtype))


def take_along(table, numbers, axis):
    numbers = torch.where(numbers <= -1, numbers + table.shape[axis], numbers)
    return torch.gather(table, axis, numbers.long())


def one_hot(x, classes, mode):
    """Class numbers as rows of 0 and 1; a number that is no class gives zeros."""
    rows = (torch.trunc(x)[..., None] == torch.arange(classes, dtype=x.dtype)).to(x.dtype)
    if mode == "oneHot":
        return rows
    return rows.sum(-2) if mode == "count" else rows.amax(-2)


# Images [batch, height, width, channels], as Keras has them; torch wants the channels second.


def as_image(x):
    return (x if x.dim() == 4 else x[:, None]).permute(0, 3, 1, 2)


def from_image(y, like):
    y = y.permute(0, 2, 3, 1)
    return y if like.dim() == 4 else y[:, 0]


def convolution(x, kernel, strides, border, dilation, groups):
    """border: left, right, top, bottom. kernel: [height, width, channels / groups, filters]."""
    image = F.pad(as_image(x), border)
    y = F.conv2d(image, kernel.permute(3, 2, 0, 1), None, strides, 0, dilation, groups)
    return from_image(y, x)


def transposed_convolution(x, kernel, strides, cut, size, dilation):
    """kernel: [height, width, filters, channels]. Of the result, cut rows and columns are left out
    at the top and on the left; size is what remains."""
    y = F.conv_transpose2d(as_image(x), kernel.permute(3, 2, 0, 1), None, strides, 0, 0, 1, dilation)
    missing = [cut[1] + size[1] - y.shape[3], cut[0] + size[0] - y.shape[2]]
    y = F.pad(y, (0, max(missing[0], 0), 0, max(missing[1], 0)))
    y = y[:, :, cut[0] : cut[0] + size[0], cut[1] : cut[1] + size[1]]
    return from_image(y, x)


def max_pool(x, window, strides, border):
    return from_image(F.max_pool2d(F.pad(as_image(x), border, value=-float("inf")), window, strides), x)


def average_pool(x, window, strides, border, repeats_border):
    """Of what lies inside the image, or with its border going on."""
    image = as_image(x)
    if repeats_border:
        return from_image(F.avg_pool2d(F.pad(image, border, mode="replicate"), window, strides), x)
    inside = F.avg_pool2d(F.pad(torch.ones_like(image), border), window, strides)
    return from_image(F.avg_pool2d(F.pad(image, border), window, strides) / inside, x)


# Attention and recurrent layers.


def attention_weights(q, k, scale, mask=None, zeroes_masked=False):
    """softmax(c q kᵀ), [heads, batch, T, S]; mask is 0 where a row must not look."""
    scores = q @ k.transpose(-1, -2) * scale
    if mask is not None:
        scores = where(mask, scores, -1e9)
    weights = torch.softmax(scores, -1)
    return where(mask, weights, 0.0) if mask is not None and zeroes_masked else weights


def lstm_step(x, carried, w, u, b, kept, activation, recurrent_activation):
    h, c = carried
    i, f, g, o = gates(x, h, w, u, b, kept, 4)
    c = recurrent_activation(f) * c + recurrent_activation(i) * activation(g)
    return recurrent_activation(o) * activation(c), c


def gru_step(x, carried, w, u, b, kept, activation, recurrent_activation):
    """The reset gate acts after the product with u."""
    (h,) = carried
    rows = (None, None) if b is None else (b[0], b[1])
    xz, xr, xg = gates(x, None, w, None, rows[0], None, 3)
    hz, hr, hg = gates(None, h, None, u, rows[1], kept, 3)
    z, r = recurrent_activation(xz + hz), recurrent_activation(xr + hr)
    return (z * h + (1 - z) * activation(xg + r * hg),)


def gru_step_resets_before(x, carried, w, u, b, kept, activation, recurrent_activation):
    (h,) = carried
    b = None if b is None else b.reshape(-1)
    size = u.shape[0]
    xz, xr, xg = gates(x, None, w, None, b, None, 3)
    hz, hr = gates(None, h, None, u[:, : 2 * size], None, None if kept is None else kept[:2], 2)
    z, r = recurrent_activation(xz + hz), recurrent_activation(xr + hr)
    left = h if kept is None else h * kept[2]
    return (z * h + (1 - z) * activation(xg + (r * left) @ u[:, 2 * size :]),)


def simple_step(x, carried, w, u, b, kept, activation, recurrent_activation):
    (h,) = carried
    return (activation(gates(x, h, w, u, b, kept, 1)[0]),)


def gates(x, h, w, u, b, kept, count):
    """x w + h u + b, cut into one part for each gate."""
    total = []
    if w is not None:
        size = w.shape[1] // count
        if x.shape[-1] == w.shape[0]:
            total.append(x @ w)
        else:
            parts = x.chunk(count, -1)
            columns = [w[:, k * size : (k + 1) * size] for k in range(count)]
            total.append(torch.cat([part @ c for part, c in zip(parts, columns)], -1))
    if u is not None:
        size = u.shape[1] // count
        columns = [u[:, k * size : (k + 1) * size] for k in range(count)]
        lefts = [h if kept is None else h * kept[k] for k in range(count)]
        total.append(torch.cat([left @ c for left, c in zip(lefts, columns)], -1))
    if b is not None:
        total.append(b.reshape(-1))
    return sum(total).chunk(count, -1)


def recurrent(
    step, x, w, u, b=None, initial=None, mask=None, kept=None, activation=tanh,
    recurrent_activation=sigmoid, sequences=False, states=1, zeroes_masked=False,
):
    """Over time; where the mask is 0, what is carried stays. Gives the output, then the states."""
    carried = initial or [x.new_zeros(x.shape[0], u.shape[0]) for _ in range(states)]
    outputs, shown = [], x.new_zeros(x.shape[0], u.shape[0])
    for t in range(x.shape[1]):
        made = step(x[:, t], carried, w, u, b, kept, activation, recurrent_activation)
        if mask is None:
            carried, shown = list(made), made[0]
        else:
            counts = mask[:, t, None]
            carried = [where(counts, new, old) for new, old in zip(made, carried)]
            shown = where(counts, made[0], torch.zeros_like(shown) if zeroes_masked else shown)
        outputs.append(shown)
    return (torch.stack(outputs, 1) if sequences else shown, *carried)


# Losses: the mean over all rows of one number for each.


def loss_of(function, p, t, normalizes):
    if function == "meanSquaredError":
        return ((p - t) ** 2).mean(-1).mean()
    if function == "binaryCrossentropy":
        q = p.clamp(1e-7, 1 - 1e-7)
        return -(t * q.log() + (1 - t) * (1 - q).log()).mean(-1).mean()
    q = p / p.sum(-1, keepdim=True) if normalizes else p
    q = q.clamp(1e-7, 1 - 1e-7)
    if function == "sparseCategoricalCrossentropy":
        t = F.one_hot(t.reshape(q.shape[:-1]).long(), q.shape[-1])
    return -(t * q.log()).sum(-1).mean()


def read_tensors(path):
    """A file of safetensors: the length of a header, the header, the numbers."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), bytearray(file.read())
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=begin) \
                if end > begin else torch.zeros(0)
            found[name] = flat.reshape(entry["shape"]).clone()
    return found


BESIDE = os.path.splitext(os.path.abspath(__file__))[0] + ".safetensors"
