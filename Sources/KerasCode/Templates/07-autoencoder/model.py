"""Autoencoder

What comes in has to come out again, through eight numbers in the middle: they are what the
examples have in common. It suits finding a short description, and noticing what does not fit one.

Reaches a mean squared error of 0.014 on held-out digits, in less than a second; the mean of all
digits, 0.073.

Data: backstep data export digits -o digits.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("digits.npz")
x = data["x"].reshape(len(data["x"]), -1)
x = (x - x.min()) / (x.max() - x.min())
size = x.shape[1]

order = np.random.default_rng(0).permutation(len(x))
held, rest = order[:len(x) // 5], order[len(x) // 5:]

model = keras.Sequential([
    keras.Input(shape=(size,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(8, name="code"),
    layers.Dense(64, activation="relu"),
    layers.Dense(size, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(0.003), loss="mean_squared_error")
model.fit(x[rest], x[rest], epochs=60, batch_size=32, verbose=2)

error = model.evaluate(x[held], x[held], verbose=0)
baseline = np.mean((x[held] - x[rest].mean(axis=0)) ** 2)
print(f"held-out error (mean square) {error:.4f}, the mean of all {baseline:.4f}")
