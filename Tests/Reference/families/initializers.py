"""initializers.json: distributions of random initializers, values of constant ones."""

import math

from .common import *

I = "keras.initializers."
SHAPES = [[7], [20, 30], [64, 1], [1, 5], [3, 3, 4, 8], [5, 2, 6]]
NAMED = {"GlorotUniform": (1, "fan_avg", "uniform"), "GlorotNormal": (1, "fan_avg", "normal"),
         "HeUniform": (2, "fan_in", "uniform"), "HeNormal": (2, "fan_in", "normal"),
         "LecunUniform": (1, "fan_in", "uniform"), "LecunNormal": (1, "fan_in", "normal")}

# The standard deviation of a normal of deviation 1 that is cut off at ±2.
CUT = 0.87962566103423978


def scaled(code, shape, scale, mode, distribution):
    """The distribution of a variance-scaling initializer."""
    fan_in, fan_out = keras.src.initializers.random_initializers.compute_fans(shape)
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    variance = scale / max(1, fan)
    case = {"code": code, "shape": shape, "fanIn": fan_in, "fanOut": fan_out, "mean": 0.0}
    if distribution == "uniform":
        limit = math.sqrt(3 * variance)
        return case | {"distribution": "uniform", "low": -limit, "high": limit,
                       "deviation": math.sqrt(variance)}
    if distribution == "untruncated_normal":
        return case | {"distribution": "normal", "deviation": math.sqrt(variance)}
    sigma = math.sqrt(variance) / CUT
    return case | {"distribution": "truncated", "low": -2 * sigma, "high": 2 * sigma,
                   "deviation": math.sqrt(variance)}


def check(case):
    """Holds Keras itself to the distribution, by a draw of it."""
    draws = array(evaluate(case["code"])(case["shape"]))
    if case["distribution"] == "uniform":
        assert draws.min() >= case["low"] and draws.max() <= case["high"], case
    if case["distribution"] == "truncated":
        span = (case["high"] - case["low"]) * 1e-6
        assert draws.min() >= case["low"] - span and draws.max() <= case["high"] + span, case
    if draws.size >= 200:
        error = case["deviation"] / math.sqrt(draws.size)
        assert abs(draws.mean() - case["mean"]) < 5 * error, (case, draws.mean())
        assert abs(draws.std() / case["deviation"] - 1) < 5 / math.sqrt(draws.size), case


def generate():
    keras.utils.set_random_seed(5)
    cases = []
    for shape in SHAPES:
        for name, (scale, mode, distribution) in NAMED.items():
            cases.append(scaled(f"{I}{name}()", shape, scale, mode, distribution))
        for choice in pairwise(scale=[1.0, 3.0], mode=["fan_in", "fan_out", "fan_avg"],
                               distribution=["truncated_normal", "uniform",
                                             "untruncated_normal"]):
            cases.append(scaled(call(I + "VarianceScaling", **choice), shape,
                                choice.get("scale", 1.0), choice.get("mode", "fan_in"),
                                choice.get("distribution", "truncated_normal")))
        for low, high in [(-0.05, 0.05), (0.2, 1.4)]:
            code = I + ("RandomUniform()" if low < 0 else f"RandomUniform({low}, maxval={high})")
            cases.append({"code": code, "shape": shape, "mean": (low + high) / 2, "low": low,
                          "distribution": "uniform", "high": high,
                          "deviation": (high - low) / math.sqrt(12)})
        for kind, factor in [("RandomNormal", 1), ("TruncatedNormal", CUT)]:
            for mean, sigma in [(0.0, 0.05), (0.5, 0.2)]:
                code = I + (f"{kind}()" if mean == 0 else f"{kind}({mean}, stddev={sigma})")
                case = {"code": code, "shape": shape, "distribution": "normal", "mean": mean,
                        "deviation": sigma * factor}
                if factor != 1:
                    case |= {"distribution": "truncated", "low": mean - 2 * sigma,
                             "high": mean + 2 * sigma}
                cases.append(case)
    for case in cases:
        check(case)
    for code in ("Orthogonal()", "Orthogonal(gain=2.0)"):
        for shape in [[5, 5], [7, 3], [3, 7], [2, 3, 4]]:
            gain = evaluate(I + code).gain
            q = array(evaluate(I + code)(shape)).reshape(-1, shape[-1])
            product = q @ q.T if q.shape[0] < q.shape[1] else q.T @ q
            assert np.allclose(product, gain**2 * np.eye(len(product)), atol=1e-5)
            cases.append({"code": I + code, "shape": shape, "distribution": "orthogonal",
                          "gain": gain})
    for code, shape in [
        ("Zeros()", [2, 3]), ("zeros()", [2]), ("Ones()", [2, 3]), ("ones()", [2]),
        ("Constant()", [3]), ("Constant(0.3)", [2, 2]), ("Constant(value=-2)", [2]),
        ("Identity()", [3, 3]), ("Identity(gain=0.5)", [2, 4]), ("identity()", [3, 2]),
        ("get('zeros')", [2]), ("get('ones')", [2])]:
        cases.append({"code": I + code, "shape": shape, "distribution": "exact",
                      "values": evaluate(I + code)(shape)})
    write("initializers", {"cases": cases})
