"""Builds every network of a folder from its Keras code, gives it weights, and asks for outputs.

    python3 build_keras_code.py FOLDER

Reads NAME.py, which makes `model`, and NAME.in.safetensors: "weight/…" under the names of the layers
("dense/kernel", "encoder/dense_2/kernel" in a nested model), and "input/0" onwards. Writes
NAME.out.json ("parameters", "trainable", "layers", or "error") and NAME.out.safetensors ("output/0" onwards).
"""

import glob
import json
import os
import sys
import traceback

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from safetensors.numpy import load_file, save_file

# Networks this small only lose time on further threads.
torch.set_num_threads(1)


def named_weights(model, prefix=""):
    """Every weight once, named by the layers around it, whatever order they were built in."""
    found = {}
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            inside = named_weights(layer, prefix + layer.name + "/")
        else:
            inside = {prefix + below(v.path, layer.name): v for v in layer.weights}
        known = set(map(id, found.values()))
        found.update({name: v for name, v in inside.items() if id(v) not in known})
    return found


def below(path, layer):
    parts = path.split("/")
    return "/".join(parts[parts.index(layer):])


def count(variables):
    return sum(int(np.prod(v.shape)) for v in variables)


def build(code, name, arrays):
    keras.utils.clear_session()
    space = {"__name__": "__main__"}
    exec(compile(code, name, "exec"), space)
    model = space["model"]
    inputs = [arrays[f"input/{i}"] for i in range(sum(k.startswith("input/") for k in arrays))]
    given = {k.removeprefix("weight/"): v for k, v in arrays.items() if k.startswith("weight/")}
    if not model.built:
        model.build(inputs[0].shape)
    known = named_weights(model)
    if set(known) != set(given):
        raise ValueError(f"Keras has the weights {sorted(known)}, given are {sorted(given)}")
    for name, variable in known.items():
        if tuple(variable.shape) != given[name].shape:
            raise ValueError(f"{name} is {tuple(variable.shape)} in Keras, given {given[name].shape}")
        variable.assign(given[name])
    outputs = model.predict(inputs[0] if len(inputs) == 1 else inputs, verbose=0)
    # Several outputs in the order in which the model lists them.
    outputs = keras.tree.flatten(outputs)
    facts = {"parameters": count(model.weights), "trainable": count(model.trainable_weights),
             "layers": [layer.name for layer in model.layers
                        if not isinstance(layer, keras.layers.InputLayer)]}
    return facts, {f"output/{i}": np.ascontiguousarray(o, np.float32)
                   for i, o in enumerate(outputs)}


def main(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.py"))):
        stem = path.removesuffix(".py")
        with open(path, encoding="utf-8") as file:
            code = file.read()
        try:
            facts, outputs = build(code, os.path.basename(path), load_file(stem + ".in.safetensors"))
            save_file(outputs, stem + ".out.safetensors")
        except Exception as failure:
            frames = traceback.extract_tb(failure.__traceback__)
            lines = [f.lineno for f in frames if f.filename == os.path.basename(path)]
            place = f"line {lines[-1]}: " if lines else ""
            facts = {"error": f"{place}{type(failure).__name__}: {failure}"}
        with open(stem + ".out.json", "w") as file:
            json.dump(facts, file)


main(sys.argv[1])
