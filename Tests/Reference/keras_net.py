"""Builds a Keras model from a description and trains it on given batches.

A description is JSON:

    {"input": [6], "layers": [{"kind": "Dense", "arguments": {"units": 3}}],
     "loss": "MeanSquaredError", "optimizer": {"kind": "SGD", "arguments": {}},
     "batch_size": 8, "steps": 20}

Arrays travel as safetensors: "inputs", "targets", "initial/<weight>", "final/<weight>", weights
under the names of their layers: "lstm/lstm_cell/kernel".
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch

# Networks this small only lose time on further threads.
torch.set_num_threads(1)


def build(description):
    """The compiled model, its layers named as in a fresh process."""
    keras.backend.clear_session()
    model = keras.Sequential([keras.Input(tuple(description["input"]))])
    for layer in description["layers"]:
        arguments = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in layer["arguments"].items()
        }
        model.add(getattr(keras.layers, layer["kind"])(**arguments))
    optimizer = description["optimizer"]
    model.compile(
        optimizer=getattr(keras.optimizers, optimizer["kind"])(**optimizer["arguments"]),
        loss=getattr(keras.losses, description["loss"])(),
    )
    return model


def weights(model):
    """Every weight by its name below the model."""
    return {v.path.removeprefix(model.name + "/"): v for v in model.weights}


def read_weights(model):
    return {name: np.array(v.numpy(), np.float32) for name, v in weights(model).items()}


def set_weights(model, given):
    known = weights(model)
    if set(known) != set(given):
        raise ValueError(f"Keras has {sorted(known)}, given are {sorted(given)}")
    for name, variable in known.items():
        variable.assign(given[name])


def train(model, description, inputs, targets):
    """The loss of each step, before its update; batches in order, the last of an epoch short."""
    losses = []
    size = description["batch_size"]
    per_epoch = (len(inputs) + size - 1) // size
    for step in range(description["steps"]):
        first = step % per_epoch * size
        model.reset_metrics()
        loss = model.train_on_batch(inputs[first : first + size], targets[first : first + size])
        losses.append(float(loss))
    return losses
