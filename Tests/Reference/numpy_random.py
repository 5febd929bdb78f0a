"""What NumPy's generators draw: written to numpy_random.json for NumPyRandomTests."""
import json

import numpy as np


def legacy(seed):
    r = np.random.RandomState(seed)
    return {
        "seed": seed,
        "random": r.rand(5).tolist(),
        "normal": r.randn(7).tolist(),
        "scaled": r.normal(2.0, 3.0, 2).tolist(),
        "uniform": r.uniform(-1.5, 2.5, 3).tolist(),
        "small": r.randint(0, 2, 12).tolist(),
        "middle": r.randint(-5, 100, 8).tolist(),
        "large": r.randint(0, 2**40, 3).tolist(),
        "full": r.randint(0, 2**32, 2).tolist(),
        "permutation": r.permutation(11).tolist(),
        "choice": r.choice(7, 6).tolist(),
        "without": r.choice(9, 4, replace=False).tolist(),
        "after": r.rand(1).tolist(),
    }


def modern(seed):
    r = np.random.default_rng(seed)
    return {
        "seed": seed,
        "random": r.random(5).tolist(),
        "uniform": r.uniform(-1.5, 2.5, 3).tolist(),
        "small": r.integers(0, 2, 11).tolist(),
        "middle": r.integers(-5, 100, 8).tolist(),
        "large": r.integers(0, 2**40, 3).tolist(),
        "full": r.integers(0, 2**32, 2).tolist(),
        "normal": r.standard_normal(6).tolist(),
        "scaled": r.normal(2.0, 3.0, 2).tolist(),
        "permutation": r.permutation(11).tolist(),
        "after": r.random(1).tolist(),
        # 50,000 normal numbers in one: every layer of the ziggurat and its tail are met.
        "normal_bits": str(np.bitwise_xor.reduce(r.standard_normal(50_000).view(np.uint64))),
    }


values = {
    "numpy": np.__version__,
    "legacy": [legacy(s) for s in (0, 1, 42, 2**32 - 1)],
    "modern": [modern(s) for s in (0, 1, 42, 2**63 + 12345)],
}
with open("numpy_random.json", "w") as file:
    json.dump(values, file)
    file.write("\n")
