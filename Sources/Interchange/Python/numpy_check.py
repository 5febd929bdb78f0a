import math
import os
import sys

import numpy as np

np.seterr(all="ignore")


class Array:
    """Numbers, and beside each how large the terms are that it was summed of: the lab computes with
    32 bits, so it may be off by a hundred-thousandth of that."""

    def __init__(self, v, m=None):
        self.v = np.asarray(v, dtype=np.float64)
        self.m = np.abs(self.v) if m is None else m

    def __getitem__(self, key):
        return Array(self.v[key], self.m[key])

    def __setitem__(self, key, x):
        x = lift(x)
        v, m = np.array(x.v), np.array(x.m)
        self.v[key], self.m[key] = v, m

    def reshape(self, *shape):
        return Array(self.v.reshape(*shape), self.m.reshape(*shape))

    def swapaxes(self, a, b):
        return Array(self.v.swapaxes(a, b), self.m.swapaxes(a, b))

    def sum(self, axis=None, keepdims=False):
        return Array(self.v.sum(axis, keepdims=keepdims), self.m.sum(axis, keepdims=keepdims))

    T = property(lambda self: Array(self.v.T, self.m.T))
    shape = property(lambda self: self.v.shape)

    def __neg__(self):
        return Array(-self.v, self.m)

    def __add__(self, b):
        b = lift(b)
        return Array(self.v + b.v, self.m + b.m)

    def __sub__(self, b):
        b = lift(b)
        return Array(self.v - b.v, self.m + b.m)

    def __mul__(self, b):
        b = lift(b)
        return Array(self.v * b.v, self.m * b.m)

    def __truediv__(self, b):
        b = lift(b)
        return Array(self.v / b.v, self.m * b.m / (b.v * b.v))

    def __matmul__(self, b):
        return Array(self.v @ b.v, self.m @ b.m)

    def __radd__(self, a):
        return lift(a) + self

    def __rsub__(self, a):
        return lift(a) - self

    def __rmul__(self, a):
        return lift(a) * self

    def __rtruediv__(self, a):
        return lift(a) / self


def lift(x):
    return x if isinstance(x, Array) else Array(x)


# Functions of numbers. The second is how fast the result changes: an uncertain number makes an
# uncertain result.


def smooth(f, slope):
    def function(a):
        a = lift(a)
        y = f(a.v)
        m = np.abs(y) + np.abs(slope(a.v, y)) * a.m
        return Array(y, np.where(np.isfinite(m), m, np.abs(y)))

    return function


exp = smooth(np.exp, lambda x, y: y)
expm1 = smooth(np.expm1, lambda x, y: y + 1)
log = smooth(np.log, lambda x, y: 1 / x)
log1p = smooth(np.log1p, lambda x, y: 1 / (1 + x))
sqrt = smooth(np.sqrt, lambda x, y: 0.5 / y)
rsqrt = smooth(lambda x: 1 / np.sqrt(x), lambda x, y: 0.5 * y / x)
reciprocal = smooth(lambda x: 1 / x, lambda x, y: y * y)
square = smooth(lambda x: x * x, lambda x, y: 2 * x)
absolute = smooth(np.abs, lambda x, y: 1)
tanh = smooth(np.tanh, lambda x, y: 1)
sigmoid = smooth(lambda x: 1 / (1 + np.exp(-x)), lambda x, y: 1)
relu = smooth(lambda x: np.where(x < 0, 0, x), lambda x, y: 1)
erf = smooth(np.vectorize(math.erf, otypes=[np.float64]), lambda x, y: 2)
sin = smooth(np.sin, lambda x, y: 1)
cos = smooth(np.cos, lambda x, y: 1)
tan = smooth(np.tan, lambda x, y: 1 + y * y)
arcsin = smooth(np.arcsin, lambda x, y: 1 / np.sqrt(1 - x * x))
arccos = smooth(np.arccos, lambda x, y: 1 / np.sqrt(1 - x * x))
arctan = smooth(np.arctan, lambda x, y: 1)
sinh = smooth(np.sinh, lambda x, y: np.cosh(x))
cosh = smooth(np.cosh, lambda x, y: np.sinh(x))
arsinh = smooth(np.arcsinh, lambda x, y: 1)
arcosh = smooth(np.arccosh, lambda x, y: 1 / np.sqrt(x * x - 1))
artanh = smooth(np.arctanh, lambda x, y: 1 / (1 - x * x))
sign = smooth(np.sign, lambda x, y: 0)
floor = smooth(np.floor, lambda x, y: 0)
ceil = smooth(np.ceil, lambda x, y: 0)
round_to_even = smooth(np.round, lambda x, y: 0)
linear = smooth(lambda x: x, lambda x, y: 1)


def slope_of(function, y):
    """f'(x), given y = f(x)."""
    if function == "relu":
        return Array(1.0 * ~(y.v <= 0))
    if function == "sigmoid":
        return y * (1 - y)
    if function == "tanh":
        return 1 - y * y
    return y if function == "exp" else Array(np.ones_like(y.v))


def power(a, b):
    a, b = lift(a), lift(b)
    y = np.power(a.v, b.v)
    m = np.abs(y) * (1 + np.abs(b.v) * a.m / np.abs(a.v) + np.abs(np.log(np.abs(a.v)) * b.v))
    return Array(y, np.where(np.isfinite(m), m, np.abs(y)))


def minimum(a, b):
    a, b = lift(a), lift(b)
    return Array(np.minimum(a.v, b.v), np.where(a.v < b.v, a.m, b.m))


def maximum(a, b):
    a, b = lift(a), lift(b)
    return Array(np.maximum(a.v, b.v), np.where(a.v > b.v, a.m, b.m))


def less(a, b):
    return Array(1.0 * (lift(a).v < lift(b).v))


def less_or_equal(a, b):
    return Array(1.0 * (lift(a).v <= lift(b).v))


def equal(a, b):
    return Array(1.0 * (lift(a).v == lift(b).v))


def floor_divide(a, b):
    return floor(lift(a) / b)


def modulo(a, b):
    return lift(a) - floor_divide(a, b) * b


def where(condition, a, b):
    holds, a, b = lift(condition).v != 0, lift(a), lift(b)
    return Array(np.where(holds, a.v, b.v), np.where(holds, a.m, b.m))


# Parts of arrays, without copying.


def part(a, offset, *shape):
    """The numbers from one of them on, in a shape of their own."""
    count = int(np.prod(shape))
    return a.reshape(-1)[offset : offset + count].reshape(*shape)


def strided(a, offset, shape, strides):
    """The numbers offset + i·strides for every index i of a shape."""

    def view(x):
        base = x.reshape(-1)[offset:] if offset else x.reshape(-1)
        steps = [8 * s for s in strides]
        return np.lib.stride_tricks.as_strided(base, shape, steps)

    return Array(view(a.v), view(a.m))


def rows(a, offset, count, columns, stride):
    return strided(a, offset, (count, columns), (stride, 1))


def add_at(y, x):
    """y += x where several numbers may meet in one place."""
    places = np.broadcast_arrays(x.v, y.v)[1]
    for index in np.ndindex(*places.shape):
        y.v[index] += x.v[index]
        y.m[index] += x.m[index]


def batched_product(c, a, b, adds):
    for index in np.ndindex(*c.shape[:4]):
        product = a[index] @ b[index]
        c[index] = c[index] + product if adds else product


# Rows and axes.


def softmax(x, axis=-1):
    shifted = x - Array(x.v.max(axis, keepdims=True))
    powers = exp(shifted)
    return powers / powers.sum(axis, keepdims=True)


def softmax_gradient(y, dy, axis=-1):
    return y * (dy - (dy * y).sum(axis, keepdims=True))


def log_sum(x, axis):
    largest = x.v.max(axis, keepdims=True)
    shift = Array(np.where(np.isinf(largest), 0, largest))
    return shift + log(exp(x - shift).sum(axis, keepdims=True))


def along_axis(function, x):
    """A function along axis 1 of three."""
    if function == "softmax":
        return softmax(x, 1)
    if function == "logSoftmax":
        return x - log_sum(x, 1)
    if function == "logSumExp":
        return log_sum(x, 1)
    if function == "argMax":
        return Array(np.argmax(x.v, 1)[:, None])
    if function == "argMin":
        return Array(np.argmin(x.v, 1)[:, None])
    if function == "cumulativeSum":
        return Array(np.cumsum(x.v, 1), np.cumsum(x.m, 1))
    if function == "cumulativeSumBackwards":
        return Array(np.cumsum(x.v[:, ::-1], 1)[:, ::-1], np.cumsum(x.m[:, ::-1], 1)[:, ::-1])
    return Array(np.argsort(x.v if function == "argSort" else -x.v, 1, kind="stable"))


def along_axis_gradient(function, kept, dy, y=None):
    if function == "softmax":
        return softmax_gradient(kept, dy, 1)
    if function == "logSoftmax":
        return dy - exp(kept) * dy.sum(1, keepdims=True)
    return dy * exp(kept - y)


def reduced(function, x):
    """Axis 1 of three becomes one number."""
    if function == "sum":
        return x.sum(1)
    if function == "mean":
        return x.sum(1) / x.shape[1]
    f = {"maximum": np.max, "minimum": np.min, "product": np.prod}[function]
    return Array(f(x.v, axis=1))


def reduced_gradient(function, x, y, dy):
    dy = dy.reshape(dy.shape[0], 1, -1)
    if function in ("sum", "mean"):
        share = 1 if function == "sum" else x.shape[1]
        return dy / share + Array(np.zeros_like(x.v))
    if function == "product":
        others = [np.prod(np.delete(x.v, k, 1), 1) for k in range(x.shape[1])]
        return dy * Array(np.stack(others, 1))
    equal_ones = x.v == y.v.reshape(dy.shape)
    return dy * Array(equal_ones / equal_ones.sum(1, keepdims=True))


def named_rows(numbers, count, wraps):
    """The row that each number names, and whether there is such a row."""
    numbers = np.where(wraps & (numbers <= -1), numbers + count, numbers)
    there = (numbers > -1) & (numbers < count)
    return np.where(there, np.trunc(np.where(there, numbers, 0)), 0).astype(int), there


def take(x, numbers, wraps, aligned):
    """y[o,j,i] = x[o, numbers[j], i], or by a number of its own for each place."""
    row, there = named_rows(numbers.v, x.shape[1], wraps)
    if aligned:
        found = Array(np.take_along_axis(x.v, row, 1))
        return Array(np.where(there, found.v, np.nan), np.abs(found.v))
    return Array(np.where(there[None, :, None], x.v[:, row], np.nan))


def scatter(dx, dy, numbers, wraps, aligned):
    row, there = named_rows(numbers.v, dx.shape[1], wraps)
    dx[:] = 0
    for o, j, i in np.ndindex(*dy.shape):
        k = (o, j, i) if aligned else j
        if there[k]:
            dx.v[o, row[k], i] += dy.v[o, j, i]
            dx.m[o, row[k], i] += dy.m[o, j, i]


def one_hot(x, classes, counts):
    row, there = named_rows(x.v, classes, False)
    y = np.zeros((x.shape[0], classes))
    for r, j in np.ndindex(*x.shape):
        if there[r, j]:
            y[r, row[r, j]] = y[r, row[r, j]] + 1 if counts else 1
    return Array(y)


# Images [batch, height, width, channels].


def padded(x, top, left, height, width, filler=0.0):
    """The image with a border, cut or filled to a size."""
    y = np.full((x.shape[0], height, width, x.shape[3]), filler)
    h, w = min(x.shape[1], height - top), min(x.shape[2], width - left)
    y[:, top : top + h, left : left + w] = x[:, :h, :w]
    return y


def places(g):
    """Where each place of the window lies on the image with its border, for all windows at once."""
    for kh in range(g["window"][0]):
        for kw in range(g["window"][1]):
            h, w = kh * g["dilation"][0], kw * g["dilation"][1]
            yield kh, kw, (
                slice(None),
                slice(h, h + (g["out"][0] - 1) * g["strides"][0] + 1, g["strides"][0]),
                slice(w, w + (g["out"][1] - 1) * g["strides"][1] + 1, g["strides"][1]),
            )


def bordered_size(g, x):
    reach = [
        (g["out"][i] - 1) * g["strides"][i] + (g["window"][i] - 1) * g["dilation"][i] + 1
        for i in (0, 1)
    ]
    return [max(reach[i], x.shape[1 + i] + g["pad"][i]) for i in (0, 1)]


def groups(g, channels, filters):
    c, f = channels // g["groups"], filters // g["groups"]
    return [(slice(k * c, (k + 1) * c), slice(k * f, (k + 1) * f)) for k in range(g["groups"])]


def both(f, *arrays):
    """The same of the numbers and of how large their terms are."""
    return Array(f(*[a.v for a in arrays]), f(*[a.m for a in arrays]))


def convolution(x, w, g):
    def f(x, w):
        image = padded(x, *g["pad"], *bordered_size(g, x))
        y = np.zeros((x.shape[0], *g["out"], w.shape[3]))
        for kh, kw, place in places(g):
            for c, f in groups(g, x.shape[3], w.shape[3]):
                y[..., f] += image[place][..., c] @ w[kh, kw][:, f]
        return y

    return both(f, x, w)


def convolution_input_gradient(dy, w, shape, g):
    def f(dy, w):
        image = np.zeros((shape[0], *bordered_size(g, np.empty(shape)), shape[3]))
        for kh, kw, place in places(g):
            for c, f in groups(g, shape[3], w.shape[3]):
                image[place][..., c] += dy[..., f] @ w[kh, kw][:, f].T
        top, left = g["pad"]
        return image[:, top : top + shape[1], left : left + shape[2]]

    return both(f, dy, w)


def convolution_kernel_gradient(x, dy, shape, g):
    def f(x, dy):
        image = padded(x, *g["pad"], *bordered_size(g, x))
        dw = np.zeros(shape)
        for kh, kw, place in places(g):
            for c, f in groups(g, x.shape[3], shape[3]):
                dw[kh, kw][:, f] = np.tensordot(image[place][..., c], dy[..., f], ((0, 1, 2),) * 2)
        return dw

    return both(f, x, dy)


def largest_of_windows(x, g):
    image = padded(x.v, *g["pad"], *bordered_size(g, x.v), filler=-np.inf)
    y = np.full((x.shape[0], *g["out"], x.shape[3]), -np.inf)
    for _, _, place in places(g):
        y = np.maximum(y, image[place])
    return Array(y)


def largest_gradient(x, y, dy, g):
    """The gradient goes to the first of the largest."""
    image = padded(x.v, *g["pad"], *bordered_size(g, x.v), filler=-np.inf)
    result = Array(np.zeros_like(image))
    given = np.zeros(y.shape, dtype=bool)
    for _, _, place in places(g):
        wins = (image[place] == y.v) & ~given
        given |= wins
        result[place] = result[place] + dy * Array(1.0 * wins)
    top, left = g["pad"]
    return result[:, top : top + x.shape[1], left : left + x.shape[2]]


def averaged_places(shape, g, repeats_border):
    """The pixels of each window that it averages."""
    for oh, ow in np.ndindex(*g["out"]):
        sides = []
        for axis, o in ((0, oh), (1, ow)):
            first = o * g["strides"][axis] - g["pad"][axis]
            inside = [min(max(p, 0), shape[1 + axis] - 1) for p in range(first, first + g["window"][axis])]
            asked = range(first, first + g["window"][axis])
            sides.append([i for i, p in zip(inside, asked) if repeats_border or i == p])
        yield oh, ow, [(h, w) for h in sides[0] for w in sides[1]]


def averages(x, g, repeats_border):
    y = Array(np.zeros((x.shape[0], *g["out"], x.shape[3])))
    for oh, ow, cells in averaged_places(x.shape, g, repeats_border):
        for h, w in cells:
            y[:, oh, ow] = y[:, oh, ow] + x[:, h, w] / len(cells)
    return y


def averages_gradient(dy, shape, g, repeats_border):
    dx = Array(np.zeros(shape))
    for oh, ow, cells in averaged_places(shape, g, repeats_border):
        for h, w in cells:
            dx[:, h, w] = dx[:, h, w] + dy[:, oh, ow] / len(cells)
    return dx


# Losses: one number an example, then their mean.


def clip(p):
    return minimum(maximum(p, 1e-7), 1 - 1e-7)


def clip_slope(p):
    return Array(1.0 * ((p.v >= 1e-7) & (p.v <= 1 - 1e-7)))


def targets_by_class(function, t, classes):
    if function != "sparseCategoricalCrossentropy":
        return t
    return Array(1.0 * (t.v.reshape(-1, 1) == np.arange(classes)))


def losses(function, p, t, normalizes):
    t = targets_by_class(function, t, p.shape[1])
    if function == "meanSquaredError":
        return square(p - t).sum(1) / p.shape[1]
    if function == "binaryCrossentropy":
        q = clip(p)
        return -(t * log(q) + (1 - t) * log(1 - q)).sum(1) / p.shape[1]
    q = p / p.sum(1, keepdims=True) if normalizes else p
    return -(t * log(clip(q))).sum(1)


def loss_gradient(function, p, t, normalizes):
    n, classes = p.shape
    t = targets_by_class(function, t, classes)
    if function == "meanSquaredError":
        return 2 * (p - t) / (n * classes)
    if function == "binaryCrossentropy":
        q = clip(p)
        return ((1 - t) / (1 - q) - t / q) * clip_slope(p) / (n * classes)
    if not normalizes:
        return -t / clip(p) * clip_slope(p) / n
    total = p.sum(1, keepdims=True)
    q = p / total
    dq = -t / clip(q) * clip_slope(q) / n
    return (dq - (dq * q).sum(1, keepdims=True)) / total


# Random numbers: each a function of (seed, layer, step, place) alone.

GAMMA = 0x9E3779B97F4A7C15
ALL = (1 << 64) - 1


def mixed(z):
    z = np.asarray(z, dtype=np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniform(layer, count):
    key = mixed(np.uint64((seed + GAMMA) & ALL))
    for further in (layer, draw & ALL):
        key = mixed(np.uint64(((int(key) ^ further) + GAMMA) & ALL))
    counter = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GAMMA) + key
    return (mixed(counter) >> np.uint64(40)).astype(np.float64) * 2.0**-24


def dropout_mask(rate, layer, count):
    rate = np.float64(np.float32(rate))
    return Array(np.where(uniform(layer, count) < rate, 0, 1 / (1 - rate)))


def draws(kind, first, second, layer, count):
    first, second = np.float64(np.float32(first)), np.float64(np.float32(second))
    if kind == "bernoulli":
        return Array(1.0 * (uniform(layer, count) < first))
    if kind == "uniform":
        return Array(first + (second - first) * uniform(layer, count))
    u = uniform(layer, 2 * count)
    standard = np.sqrt(-2 * np.log(1 - u[0::2])) * np.cos(2 * np.pi * u[1::2])
    return Array(first + second * standard, np.full(count, abs(first) + 8 * abs(second)))


# Pictures drawn anew: turned, moved, enlarged.


def sources(a, g):
    """For each pixel what it was made of: rows, columns, whether they are there, shares."""
    height, width = g["size"]
    r, q = np.mgrid[0:height, 0:width].astype(np.float64)
    x = a[0] * q + a[1] * r + a[2]
    y = a[3] * q + a[4] * r + a[5]
    smooth_ones = g["interpolation"] == "bilinear"
    left, top = (np.floor(x), np.floor(y)) if smooth_ones else (np.round(x), np.round(y))
    for k in range(4 if smooth_ones else 1):
        row, column = (top + k // 2).astype(int), (left + k % 2).astype(int)
        share = np.ones_like(x)
        if smooth_ones:
            share = np.where(k // 2, y - top, 1 - (y - top)) * np.where(k % 2, x - left, 1 - (x - left))
        there = np.ones_like(row, dtype=bool)
        places_inside = []
        for place, size in ((row, height), (column, width)):
            beyond = (place < 0) | (place >= size)
            if g["fill"] == "constant":
                there &= ~beyond
                place = np.clip(place, 0, size - 1)
            elif g["fill"] == "nearest":
                place = np.clip(place, 0, size - 1)
            elif g["fill"] == "wrap":
                place = place % size
            else:
                place = np.minimum(place % (2 * size), 2 * size - 1 - place % (2 * size))
            places_inside.append(place)
        yield (*places_inside, there, share)


def transformed(x, matrices, g):
    y = Array(np.zeros_like(x.v))
    for b in range(x.shape[0]):
        for row, column, there, share in sources(matrices.v[b], g):
            found = np.where(there[..., None], x.v[b, row, column], g["value"])
            y[b] = y[b] + Array(found * share[..., None], np.abs(found) * 10)
    return y


def transformed_gradient(dy, matrices, g):
    dx = Array(np.zeros_like(dy.v))
    for b in range(dy.shape[0]):
        for row, column, there, share in sources(matrices.v[b], g):
            for r, q in zip(*np.nonzero(there)):
                place = (b, row[r, q], column[r, q])
                dx.v[place] += share[r, q] * dy.v[b, r, q]
                dx.m[place] += 10 * np.abs(dy.v[b, r, q])
    return dx


# The lab's numbers, and the comparison.

numbers = np.load(os.path.splitext(os.path.abspath(__file__))[0] + ".npz")
compared = 0


def memory(count):
    return Array(np.zeros(count))


def start(name, array):
    """A number that is there before the step: a weight, an example."""
    array[...] = Array(numbers["start:" + name].reshape(array.shape))


def agree(key, name, mine):
    """Compares with the lab; then goes on with the lab's numbers, so that every instruction is
    judged by itself."""
    global compared
    lab = numbers[key].astype(np.float64).reshape(mine.shape)
    size = np.maximum(np.where(np.isfinite(mine.m), mine.m, 0), np.abs(lab))
    tolerance = 1e-5 * size + 1e-36
    same = (np.abs(mine.v - lab) <= tolerance) | (mine.v == lab) | (np.isnan(mine.v) & np.isnan(lab))
    if not same.all():
        place = tuple(int(i) for i in np.argwhere(~same)[0])
        index = str(list(place)).replace(" ", "") if place else ""
        print(
            f"instruction {key.split(':')[0]}: {name}{index} is {float(mine.v[place])} in NumPy, "
            f"{float(lab[place])} in the lab (tolerance {tolerance[place]:.2g}); "
            f"{compared} values before it agree"
        )
        sys.exit(1)
    compared += mine.v.size
    mine[...] = Array(lab)
