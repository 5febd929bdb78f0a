"""Residual network

Each block adds what it finds to what comes in, so that the gradient has a short way back: networks
can be deep. It suits pictures with more to tell apart than strokes.

Reaches an accuracy of 0.98 on held-out digits, in two seconds; naming the most frequent class,
0.08.

Data: backstep data export digits -o digits.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("digits.npz")
x = data["x"].reshape(-1, *data["shape"])
y = data["y"]
classes = int(y.max()) + 1

order = np.random.default_rng(0).permutation(len(x))
held, rest = order[:len(x) // 5], order[len(x) // 5:]


def block(x, filters, strides=1):
    """Two convolutions beside a shortcut, which is a 1 × 1 convolution where shapes change."""
    short = x
    if strides > 1 or x.shape[-1] != filters:
        short = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
        short = layers.BatchNormalization()(short)
    h = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    h = layers.ReLU()(layers.BatchNormalization()(h))
    h = layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    h = layers.BatchNormalization()(h)
    return layers.ReLU()(layers.Add()([h, short]))


inputs = keras.Input(shape=x.shape[1:])
h = layers.Rescaling(1 / float(x.max()))(inputs)
h = layers.Conv2D(8, 3, padding="same", activation="relu")(h)
h = block(h, 8)
h = block(h, 16, strides=2)
h = block(h, 32, strides=2)
h = layers.GlobalAveragePooling2D()(h)
model = keras.Model(inputs, layers.Dense(classes, activation="softmax")(h))

model.compile(
    keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[rest], y[rest], epochs=20, batch_size=32, verbose=2)

loss, accuracy = model.evaluate(x[held], y[held], verbose=0)
baseline = np.mean(y[held] == np.bincount(y[rest]).argmax())
print(f"held-out accuracy {accuracy:.4f}, the most frequent class {baseline:.4f}")
