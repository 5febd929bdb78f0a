"""activations.json: outputs and gradients of every function of keras.activations."""

import torch.nn.functional as F

from .common import *

# Arguments of each function; the first value of each is Keras's default.
OPTIONS = {
    "relu": dict(negative_slope=[0.0, 0.2], max_value=[None, 2.0, 6.0], threshold=[0.0, 0.7]),
    "leaky_relu": dict(negative_slope=[0.2, 0.05]), "relu6": {}, "softmax": dict(axis=[-1, 1, -2]),
    "celu": dict(alpha=[1.0, 0.4]), "elu": dict(alpha=[1.0, 0.4]), "selu": {}, "softplus": {},
    "softsign": {}, "squareplus": dict(b=[4, 0.5]), "soft_shrink": dict(threshold=[0.5, 1.25]),
    "sparse_plus": {}, "silu": {}, "swish": {}, "gelu": dict(approximate=[False, True]),
    "glu": dict(axis=[-1, 2]), "tanh": {}, "tanh_shrink": {}, "sigmoid": {}, "sparse_sigmoid": {},
    "exponential": {}, "hard_sigmoid": {}, "hard_silu": {}, "hard_swish": {}, "hard_tanh": {},
    "hard_shrink": dict(threshold=[0.5, 1.25]), "linear": {}, "mish": {},
    "log_softmax": dict(axis=[-1, 1, -2]), "log_sigmoid": {}, "sparsemax": dict(axis=[-1, 1]),
}

TORCH = {
    "relu": F.relu, "leaky_relu": lambda x: F.leaky_relu(x, 0.2), "relu6": F.relu6,
    "softmax": lambda x: F.softmax(x, -1), "celu": F.celu, "elu": F.elu, "selu": F.selu,
    "softplus": F.softplus, "softsign": F.softsign, "soft_shrink": F.softshrink, "silu": F.silu,
    "gelu": F.gelu, "glu": F.glu, "tanh": torch.tanh, "tanh_shrink": F.tanhshrink,
    "sigmoid": torch.sigmoid, "exponential": torch.exp, "hard_sigmoid": F.hardsigmoid,
    "hard_silu": F.hardswish, "hard_tanh": F.hardtanh, "hard_shrink": F.hardshrink,
    "mish": F.mish, "log_softmax": lambda x: F.log_softmax(x, -1), "log_sigmoid": F.logsigmoid,
}


def generate():
    draw = Draw(1)
    # Ordinary values, no nearer than 0.02 to where a function bends; the bends themselves and
    # values far out; a tensor of three axes.
    plain = draw.normal(5, 6, scale=2)
    bends = np.array([0, 0.2, 0.5, 0.7, 1, 1.25, 2, 3, 6], np.float32)
    for bend in np.concatenate([bends, -bends]):
        plain[np.abs(plain - bend) < 0.02] = bend + 0.03
    far = np.array([8, 15, 20.5, 30, 60, 87], np.float32)
    edges = np.concatenate([bends, -bends[1:], far, -far, [1e-4]]).astype(np.float32)
    inputs = {"plain": plain, "edges": edges.reshape(1, -1), "cube": draw.normal(2, 4, 6)}
    weights = {key: draw.uniform(*value.shape, low=-1) for key, value in inputs.items()}

    cases = []
    functions = {
        name for name, one in vars(keras.activations).items()
        if callable(one) and not name.startswith("_")
    } - {"get", "serialize", "deserialize"}
    assert functions == set(OPTIONS) | {"threshold"}, functions ^ set(OPTIONS)
    calls = [(name, choice) for name, options in OPTIONS.items() for choice in pairwise(**options)]
    calls += [("threshold", dict(threshold=1.0, default_value=-0.5)),
              ("threshold", dict(threshold=-0.25, default_value=3.0))]
    for name, choice in calls:
        function = getattr(keras.activations, name)
        words = "".join(f", {key}={value!r}" for key, value in choice.items())
        for key in inputs:
            if key == "edges" and name in ("glu", "softmax", "log_softmax", "sparsemax"):
                continue
            if key != "cube" and choice.get("axis", -1) == 2:
                continue
            x = leaf(inputs[key])
            y = function(x, **choice)
            # A gated function has half the outputs.
            at = tuple(slice(0, extent) for extent in y.shape)
            (y * torch.tensor(weights[key][at])).sum().backward()
            gradient = torch.ones_like(x) if x.grad is None else x.grad
            cases.append({
                "name": name, "code": f"keras.activations.{name}(x{words})", "input": key,
                "output": y, "gradient": gradient,
            })
            if name in TORCH and not choice and key == "plain":
                compare(f"activation {name}", y, TORCH[name](x))
    write("activations", {"inputs": inputs, "weights": weights, "cases": cases})
