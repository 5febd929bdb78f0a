"""Runs exported scripts, one after the other in one process.

    run_exported.py check SCRIPT …     runs each; prints its status and its last line
    run_exported.py predict SCRIPT …   loads each net; compares with SCRIPT.expected.npz
"""

import contextlib
import io
import runpy
import sys

import numpy as np
import torch


def check(path):
    printed = io.StringIO()
    status = 0
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        status = end.code or 0
    except Exception as error:
        status, printed = 2, io.StringIO(f"{type(error).__name__}: {error}")
    torch.set_default_dtype(torch.float32)
    lines = printed.getvalue().strip().splitlines()
    return f"{status}\t{lines[-1] if lines else ''}"


def predict(path):
    try:
        net = runpy.run_path(path)["load"]()
        assert not net.training
        expected = np.load(path + ".expected.npz")
        inputs = [expected[f"x{i}"] for i in range(sum(k[0] == "x" for k in expected))]
        with torch.no_grad():
            outputs = net(*[torch.from_numpy(x) for x in inputs])
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        worst = 0.0
        for i, y in enumerate(outputs):
            assert tuple(y.shape) == expected[f"y{i}"].shape, (y.shape, expected[f"y{i}"].shape)
            worst = max(worst, float(np.abs(y.numpy() - expected[f"y{i}"]).max()))
        return f"{int(not worst <= 2e-5)}\t{worst}"
    except Exception as error:
        return f"2\t{type(error).__name__}: {error}"


for path in sys.argv[2:]:
    print(check(path) if sys.argv[1] == "check" else predict(path), flush=True)
