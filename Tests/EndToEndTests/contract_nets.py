"""Trains Keras programs by `backstep train` and by Keras from the same weights, step by step.

    python3 contract_nets.py BACKSTEP FOLDER

Prints, for each program, its name and the largest relative deviations of loss and weights.
"""

import json
import os
import subprocess
import sys

import keras
import numpy as np
from safetensors.numpy import load_file, save_file

HEAD = "import keras\nfrom keras import layers\n"
DENSE = HEAD + """
model = keras.Sequential()
model.add(layers.Dense(9, input_dim=5))
model.add(layers.Activation("relu"))
model.add(layers.Dropout(0))
model.add(layers.Dense(3, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy")
"""
CONV = HEAD + """
inputs = keras.Input(shape=(9, 8, 2))
x = layers.Conv2D(4, (3, 2), strides=(2, 1), padding="same", activation="relu")(inputs)
x = layers.MaxPooling2D()(x)
x = layers.Flatten()(x)
model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
model.compile(keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), "binary_crossentropy")
"""
LSTM = HEAD + """
model = keras.models.Sequential([
    layers.LSTM(6, return_sequences=True, input_shape=(7, 3)),
    layers.LSTM(4),
    layers.Dense(2),
])
model.compile(optimizer=keras.optimizers.SGD(0.02, momentum=0.8), loss="mse")
"""
NETS = {"dense": (DENSE, (5,)), "conv": (CONV, (9, 8, 2)), "lstm": (LSTM, (7, 3))}


def weights(model):
    return {w.path.removeprefix(model.name + "/"): w.numpy().copy() for w in model.weights}


def targets(name, random):
    if name == "dense":
        return random.integers(0, 3, 40)
    if name == "conv":
        return random.integers(0, 2, (40, 1)).astype("float32")
    return random.normal(size=(40, 2)).astype("float32")


def main(backstep, folder):
    os.chdir(folder)
    for name, (program, shape) in NETS.items():
        keras.backend.clear_session()
        keras.utils.set_random_seed(4)
        names = {}
        exec(program, names)
        model = names["model"]
        random = np.random.default_rng(4)
        x, y = random.normal(size=(40, *shape)).astype("float32"), targets(name, random)
        with open(f"{name}.py", "w") as file:
            file.write(program)
        np.savez("data.npz", x=x, y=y)
        save_file(weights(model), "begin.safetensors")
        losses = []
        for step in range(20):
            rows = slice(step % 4 * 10, step % 4 * 10 + 10)
            losses.append(float(model.train_on_batch(x[rows], y[rows])))
            model.reset_metrics()
        output = subprocess.run(
            [backstep, "train", f"{name}.py", "--data", "data.npz", "--init", "begin.safetensors",
             "--no-shuffle", "--every", "step", "--json", "--save", "end.safetensors", "--epochs",
             "5", "--batch-size", "10", "--no-record"], check=True, capture_output=True).stdout
        events = [json.loads(line) for line in output.splitlines()]
        found = [event["loss"] for event in events if event["event"] == "step"]
        assert len(found) == 20
        ours, theirs = load_file("end.safetensors"), weights(model)
        assert ours.keys() == theirs.keys(), ours.keys() ^ theirs.keys()
        off = max(abs(a - b) / abs(b) for a, b in zip(found, losses))
        worst = max(
            np.abs(ours[key] - theirs[key]).max() / np.abs(theirs[key]).max() for key in theirs)
        print(name, off, worst)


main(*sys.argv[1:])
