"""Writes KerasNets/*.safetensors: what Keras makes of small networks in twenty steps.

    python3 Tests/Reference/keras_nets.py

Each file holds initial weights, examples and final weights; its metadata, under "run", the model
and the losses as JSON. Activations are smooth (tanh, sigmoid) where numbers are compared to many
digits: a relu unit that rounding puts on the other side of 0 parts two trajectories. The nets with
relu have seeds for which no unit comes that near.
"""

import json
import os

import numpy as np
from safetensors.numpy import save_file

import keras_net
from keras_net import keras


def layer(kind, **arguments):
    return {"kind": kind, "arguments": arguments}


def optimizer(kind, **arguments):
    return {"kind": kind, "arguments": arguments}


NETS = {
    "dense_adam": (
        [6],
        [layer("Dense", units=9, activation="tanh"), layer("Dense", units=4, activation="tanh"),
         layer("Dense", units=1)],
        "MeanSquaredError", optimizer("Adam", learning_rate=0.01),
    ),
    "dense_momentum": (
        [5],
        [layer("Dense", units=7, activation="sigmoid", use_bias=False),
         layer("Dense", units=3, activation="softmax")],
        "SparseCategoricalCrossentropy", optimizer("SGD", learning_rate=0.1, momentum=0.9),
    ),
    "dense_nesterov": (
        [4],
        [layer("Dense", units=8), layer("Activation", activation="tanh"), layer("Dropout", rate=0.0),
         layer("Dense", units=1, activation="sigmoid")],
        "BinaryCrossentropy", optimizer("SGD", learning_rate=0.05, momentum=0.8, nesterov=True),
    ),
    "dense_relu": (
        [6],
        [layer("Dense", units=12, activation="relu", kernel_initializer="he_normal"),
         layer("Dense", units=3), layer("Activation", activation="softmax")],
        "CategoricalCrossentropy", optimizer("Adam"),
    ),
    "convolution": (
        [7, 6, 2],
        [layer("Conv2D", filters=4, kernel_size=3, activation="tanh"), layer("MaxPooling2D"),
         layer("Flatten"), layer("Dense", units=3, activation="softmax")],
        "SparseCategoricalCrossentropy", optimizer("Adam", learning_rate=0.01),
    ),
    "convolution_strides_same": (
        [6, 5, 1],
        [layer("Conv2D", filters=3, kernel_size=[2, 3], padding="same", activation="tanh"),
         layer("Conv2D", filters=2, kernel_size=3, strides=2, padding="same", use_bias=False),
         layer("Activation", activation="sigmoid"),
         layer("MaxPooling2D", pool_size=2, strides=1, padding="same"), layer("Flatten"),
         layer("Dense", units=2)],
        "MeanSquaredError", optimizer("SGD", learning_rate=0.05, momentum=0.9),
    ),
    "convolution_relu": (
        [8, 8, 1],
        [layer("Conv2D", filters=6, kernel_size=3, padding="same", activation="relu"),
         layer("MaxPooling2D", pool_size=[2, 3], padding="same"),
         layer("Conv2D", filters=7, kernel_size=[3, 2], strides=[1, 2], activation="relu"),
         layer("Flatten"), layer("Dense", units=4, activation="softmax")],
        "SparseCategoricalCrossentropy", optimizer("Adam"),
    ),
    "lstm": (
        [7, 3],
        [layer("LSTM", units=5), layer("Dense", units=1)],
        "MeanSquaredError", optimizer("Adam", learning_rate=0.01),
    ),
    "lstm_stacked": (
        [5, 2],
        [layer("LSTM", units=4, return_sequences=True), layer("LSTM", units=3, use_bias=False),
         layer("Dense", units=3, activation="softmax")],
        "SparseCategoricalCrossentropy", optimizer("SGD", learning_rate=0.2, momentum=0.9),
    ),
    "lstm_sequences": (
        [4, 3],
        [layer("LSTM", units=4, return_sequences=True, activation="sigmoid",
               recurrent_activation="tanh", unit_forget_bias=False),
         layer("Dense", units=3, activation="softmax")],
        "SparseCategoricalCrossentropy", optimizer("Adam", learning_rate=0.01),
    ),
    "lstm_relu": (
        [5, 2],
        [layer("LSTM", units=3, activation="relu", return_sequences=True), layer("Flatten"),
         layer("Dense", units=2)],
        "MeanSquaredError", optimizer("Adam", learning_rate=0.01),
    ),
}


def targets(random, loss, shape):
    """Targets that suit a loss, for predictions of a shape."""
    if loss == "SparseCategoricalCrossentropy":
        return random.integers(shape[-1], size=shape[:-1]).astype(np.float32)
    if loss == "CategoricalCrossentropy":
        return np.eye(shape[-1], dtype=np.float32)[random.integers(shape[-1], size=shape[:-1])]
    if loss == "BinaryCrossentropy":
        return random.integers(2, size=shape).astype(np.float32)
    return random.normal(size=shape).astype(np.float32)


def main():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "KerasNets")
    os.makedirs(here, exist_ok=True)
    for seed, (name, (input_shape, layers, loss, update)) in enumerate(NETS.items()):
        keras.utils.set_random_seed(seed)
        random = np.random.default_rng(seed)
        description = {
            "input": input_shape, "layers": layers, "loss": loss, "optimizer": update,
            "batch_size": 8, "steps": 20,
        }
        model = keras_net.build(description)
        # 22 examples: the third batch of an epoch is a short one.
        inputs = random.normal(size=[22] + input_shape).astype(np.float32)
        wanted = targets(random, loss, (22,) + model.output_shape[1:])
        arrays = {"inputs": inputs, "targets": wanted}
        arrays |= {f"initial/{k}": v for k, v in keras_net.read_weights(model).items()}
        description["losses"] = keras_net.train(model, description, inputs, wanted)
        arrays |= {f"final/{k}": v for k, v in keras_net.read_weights(model).items()}
        save_file(
            arrays, os.path.join(here, name + ".safetensors"),
            metadata={"run": json.dumps(description), "keras": keras.__version__})
        print(name, description["losses"][0], description["losses"][-1])


main()
