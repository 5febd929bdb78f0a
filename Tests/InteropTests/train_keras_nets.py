"""Trains every network of a folder in Keras: reads *.in.safetensors, writes *.out.safetensors.

    python3 train_keras_nets.py FOLDER

The metadata of a file describes the network (see keras_net.py); "initial/…" are its weights.
"""

import glob
import json
import os
import sys

sys.path.insert(
    0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "Reference"))

from safetensors import safe_open
from safetensors.numpy import save_file

import keras_net


def main(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.in.safetensors"))):
        with safe_open(path, "np") as file:
            description = json.loads(file.metadata()["run"])
            arrays = {name: file.get_tensor(name) for name in file.keys()}
        model = keras_net.build(description)
        keras_net.set_weights(
            model,
            {k.removeprefix("initial/"): v for k, v in arrays.items() if k.startswith("initial/")})
        losses = keras_net.train(model, description, arrays["inputs"], arrays["targets"])
        save_file(
            {f"final/{k}": v for k, v in keras_net.read_weights(model).items()},
            path.replace(".in.", ".out."), metadata={"losses": json.dumps(losses)})


main(sys.argv[1])
