"""What every family needs: Keras, code made and evaluated, tensors, and the writing of JSON."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import itertools
import random
import warnings
from pathlib import Path

import keras
import numpy as np
import torch

torch.set_num_threads(1)
warnings.simplefilter("ignore")

FOLDER = Path(__file__).resolve().parents[1] / "Keras"

# Lines of the fact sheet on Keras and PyTorch; every family adds its own.
FACTS = []


# --- Code -----------------------------------------------------------------------------------


class Code(str):
    """An argument that is written as code, such as a regularizer."""

    def __repr__(self):
        return str(self)


def call(name, **arguments):
    """The text of a call."""
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"


def evaluate(code):
    """What a piece of Keras code gives."""
    return eval(code, {"keras": keras, "layers": keras.layers, "np": np})


def pairwise(**options):
    """Choices of arguments that hold every pair of values at least once.

    The first value of an option is its default; a choice leaves it out.
    """
    draw = random.Random(1)
    names = list(options)
    places = [range(len(options[name])) for name in names]

    def pairs(choice):
        return set(itertools.combinations(enumerate(choice), 2)) or {(0, p) for p in choice}

    missing = {
        ((i, a), (j, b))
        for (i, first), (j, second) in itertools.combinations(enumerate(places), 2)
        for a in first
        for b in second
    } or {(0, p) for p in (places[0] if places else [])}
    choices, candidate = [], tuple(0 for _ in names)
    while True:
        choices.append(candidate)
        missing -= pairs(candidate)
        if not missing:
            break
        tries = [tuple(draw.choice(place) for place in places) for _ in range(60)]
        candidate = max(tries, key=lambda one: len(pairs(one) & missing))
    return [
        {name: options[name][at] for name, at in zip(names, choice) if at > 0}
        for choice in dict.fromkeys(choices)
    ]


# --- Numbers --------------------------------------------------------------------------------


class Draw:
    """Numbers of a seed. They are rounded to four digits, which keeps the files short."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def normal(self, *shape, scale=1.0):
        return np.round(self.random.normal(scale=scale, size=shape), 3).astype(np.float32)

    def uniform(self, *shape, low=0.0, high=1.0):
        return np.round(self.random.uniform(low, high, shape), 3).astype(np.float32)

    def labels(self, count, *shape):
        return self.random.integers(count, size=shape).astype(np.int32)

    def one_hot(self, count, *shape):
        return np.eye(count, dtype=np.float32)[self.labels(count, *shape)]

    def probabilities(self, *shape):
        values = np.exp(self.random.normal(size=shape))
        return np.round(values / values.sum(-1, keepdims=True), 3).astype(np.float32)


def array(value):
    """A NumPy array of a tensor, a variable or numbers."""
    if isinstance(value, keras.Variable):
        value = value.value
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    value = np.array(value)
    return value.astype(np.float32) if value.dtype == np.float64 else value


def tensor(value):
    """A tensor as JSON: its shape, its scalars in row-major order and, if whole, its type."""
    value = array(value)
    result = {"shape": list(value.shape), "scalars": list(value.reshape(-1))}
    if value.dtype != np.float32:
        result["type"] = "bool" if value.dtype == bool else "int"
    return result


def leaf(value):
    """A PyTorch tensor that collects a gradient."""
    return torch.tensor(value, requires_grad=True)


def difference(a, b):
    """The largest difference of two tensors, relative to the larger of 1 and their size."""
    a, b = array(a).astype(np.float64), array(b).astype(np.float64)
    if a.shape != b.shape:
        a, b = a.reshape(-1), b.reshape(-1)
    if a.size == 0:
        return 0.0
    return float(np.max(np.abs(a - b)) / max(1.0, np.max(np.abs(b))))


def compare(what, keras_value, torch_value):
    """Adds a line to the fact sheet."""
    FACTS.append(f"{what}: {difference(keras_value, torch_value):.1e}")


# --- JSON -----------------------------------------------------------------------------------


def text(value):
    """JSON whose numbers read back to the same bits, also by way of Double."""
    if value is None:
        return "null"
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, float):
        value = np.float32(value)
    if isinstance(value, np.floating):
        value = np.float32(value)
        if np.isnan(value):
            return '"NaN"'
        if np.isinf(value):
            return '"Infinity"' if value > 0 else '"-Infinity"'
        short = np.format_float_scientific(value, trim="-", exp_digits=1)
        plain = np.format_float_positional(value, trim="-")
        short = plain if len(plain) <= len(short) else short.replace("e+", "e")
        read = np.float32(float(short))
        assert read.view(np.int32) == value.view(np.int32), short
        return short
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{text(str(k))}:{text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(text(one) for one in value) + "]"
    if isinstance(value, (np.ndarray, torch.Tensor, keras.Variable)):
        return text(tensor(value))
    raise TypeError(f"no JSON of {type(value)}")


def write(name, content):
    """Writes a file: a line for each entry of a list or dictionary below the top."""
    parts = []
    for key, value in content.items():
        if isinstance(value, list):
            body = "[\n" + ",\n".join(text(one) for one in value) + "\n]"
        elif isinstance(value, dict):
            lines = (f"{text(str(k))}:{text(v)}" for k, v in value.items())
            body = "{\n" + ",\n".join(lines) + "\n}"
        else:
            body = text(value)
        parts.append(f"{text(key)}:{body}")
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    count = len(content.get("cases", content))
    print(f"{name}.json: {count} cases, {path.stat().st_size / 1024:.0f} KB")
