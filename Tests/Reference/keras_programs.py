"""Runs Keras programs in real Keras, all in this one process, and tells what they printed.

    python3 keras_programs.py FOLDER            one line of JSON a program: name, stdout, error, line
    python3 keras_programs.py FOLDER --write    writes expected.txt beside each program instead
    python3 keras_programs.py FOLDER --compare  how far float64 carries the numbers away from float32
    python3 keras_programs.py FOLDER --both     as the first, with "double": stdout in float64

A program is FOLDER/NAME/program.py; it runs in a copy of its folder. Programs that begin with
"# expects: refused" are left out. Where a package is not installed, its place is taken: matplotlib
draws nothing, and tensorflow is Keras with the few functions of its own that tutorials use.
"""

import contextlib
import importlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
import traceback
import types

os.environ["KERAS_BACKEND"] = "torch"
# Keras fits its tables into the terminal.
os.environ["COLUMNS"] = "80"

import keras
import keras.src.utils.module_utils
import numpy as np
import torch

# Networks this small only lose time on further threads.
torch.set_num_threads(1)


class Nothing:
    """Whose every attribute, call and item is itself."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __getitem__(self, index):
        return self

    def __iter__(self):
        return iter(())


def subplots(nrows=1, ncols=1, **kwargs):
    axes = np.full((nrows, ncols), Nothing(), object)
    return Nothing(), axes[0, 0] if nrows == ncols == 1 else axes.squeeze()


def install_matplotlib():
    pyplot = types.ModuleType("matplotlib.pyplot")
    pyplot.subplots = subplots
    pyplot.__getattr__ = lambda name: Nothing()
    matplotlib = types.ModuleType("matplotlib")
    matplotlib.pyplot = pyplot
    matplotlib.__getattr__ = lambda name: Nothing()
    sys.modules.update({"matplotlib": matplotlib, "matplotlib.pyplot": pyplot})


def install_tensorflow():
    tensorflow = types.ModuleType("tensorflow")
    tensorflow.__path__ = []
    tensorflow.keras = keras
    for name in ("abs", "square", "where", "matmul", "exp", "maximum", "minimum", "sqrt", "cast"):
        setattr(tensorflow, name, getattr(keras.ops, name))
    for name in ("mean", "sum", "max", "min"):
        setattr(tensorflow, "reduce_" + name, getattr(keras.ops, name))
    tensorflow.executing_eagerly = lambda: True
    tensorflow.float32 = "float32"
    tensorflow.nn = types.SimpleNamespace(
        relu=keras.ops.relu, sigmoid=keras.ops.sigmoid, tanh=keras.ops.tanh,
        softmax=keras.ops.softmax, softplus=keras.ops.softplus)
    tensorflow.random = types.SimpleNamespace(set_seed=keras.utils.set_random_seed)
    # Keras itself is not to take it for TensorFlow.
    keras.src.utils.module_utils.tensorflow._available = False
    sys.modules["tensorflow"] = tensorflow
    sys.modules["tensorflow.keras"] = keras
    for name in ("activations", "backend", "callbacks", "constraints", "initializers", "layers",
                 "losses", "metrics", "models", "optimizers", "regularizers", "utils"):
        sys.modules["tensorflow.keras." + name] = importlib.import_module("keras." + name)
    sys.modules["tensorflow.keras.optimizers.schedules"] = keras.optimizers.schedules


def install_what_is_missing():
    for name, install in (("matplotlib", install_matplotlib), ("tensorflow", install_tensorflow)):
        try:
            importlib.import_module(name)
        except ImportError:
            install()


COLOR = re.compile(r"\x1b\[\d*m")
UNFINISHED = re.compile(r"^ *(\d+)/(\d+) ━+ ")
TIMING = re.compile(r"(?:\d+s|\d+:\d\d(?::\d\d)?)( -)? \d+(?:s|ms|us)/(step|epoch)")


def settled(output):
    """What stays on the screen, without colors and with every time the same."""
    lines = []
    for line in output.split("\n"):
        line = COLOR.sub("", line.replace("\b", "")).split("\r")[-1].rstrip()
        bar = UNFINISHED.match(line)
        if not bar or bar[1] == bar[2]:
            lines.append(TIMING.sub(r"0s\1 1ms/\2", line))
    return "\n".join(lines)


def run(path, floatx="float32"):
    """(stdout, error or None, line of the error or None)"""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    keras.config.set_floatx(floatx)
    keras.utils.clear_session()
    # What a program leaves to chance is at least the same every time.
    keras.utils.set_random_seed(0)
    output, home = io.StringIO(), os.getcwd()
    with tempfile.TemporaryDirectory() as copy:
        folder = shutil.copytree(os.path.dirname(path), os.path.join(copy, "program"))
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(output), np.printoptions():
                exec(compile(text, "program.py", "exec"), {"__name__": "__main__"})
            error, line = None, None
        except (Exception, SystemExit) as failure:
            frames = traceback.extract_tb(failure.__traceback__)
            line = next((f.lineno for f in reversed(frames) if f.filename == "program.py"), None)
            error = f"{type(failure).__name__}: {failure}"
        finally:
            os.chdir(home)
            keras.config.set_floatx("float32")
    return settled(output.getvalue()), error, line


NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w)")


def distance(a, b):
    """The largest difference of a number, against the largest of its line."""
    worst = 0.0
    for one, other in zip(a.split("\n"), b.split("\n")):
        x, y = ([float(v) for v in NUMBER.findall(line)] for line in (one, other))
        if len(x) != len(y):
            return float("inf")
        if x:
            size = max(max(map(abs, y)), 1e-6)
            worst = max(worst, max(abs(p - q) for p, q in zip(x, y)) / size)
    return worst


def programs(folder):
    for name in sorted(os.listdir(folder)):
        path = os.path.abspath(os.path.join(folder, name, "program.py"))
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                if not file.readline().startswith("# expects: refused"):
                    yield name, path


def main(folder, mode=None):
    install_what_is_missing()
    failed = False
    for name, path in programs(folder):
        stdout, error, line = run(path)
        failed = failed or error is not None
        if mode == "--write":
            if error:
                print(f"{name}:{line}: {error}", file=sys.stderr)
            else:
                with open(os.path.join(os.path.dirname(path), "expected.txt"), "w") as file:
                    file.write(stdout)
        elif mode == "--compare":
            print(name, error or "%.1e" % distance(stdout, run(path, "float64")[0]), flush=True)
        else:
            answer = {"name": name, "stdout": stdout, "error": error, "line": line}
            if mode == "--both":
                answer["double"] = run(path, "float64")[0]
            print(json.dumps(answer), flush=True)
    return 1 if failed and mode == "--write" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
