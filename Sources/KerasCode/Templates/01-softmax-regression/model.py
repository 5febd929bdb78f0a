"""Softmax regression

The simplest classifier: one weighted sum of the inputs for each class. It suits tables whose
classes a line can part; what it cannot tell apart needs layers between.

Reaches an accuracy of 0.95 on held-out tissue samples, in less than a second; naming the most
frequent class, 0.67.

Data: backstep data export breast_cancer -o breast_cancer.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("breast_cancer.npz")
x, y = data["x"], data["y"]
classes = int(y.max()) + 1

# A fifth is held out, drawn by chance: the last rows may be of another kind.
order = np.random.default_rng(0).permutation(len(x))
held, rest = order[:len(x) // 5], order[len(x) // 5:]

# Columns in different units become comparable; one that never changes keeps its own.
mean, variance = x[rest].mean(axis=0), x[rest].var(axis=0)

model = keras.Sequential([
    keras.Input(shape=x.shape[1:]),
    layers.Normalization(mean=mean, variance=np.where(variance > 0, variance, 1)),
    layers.Dense(classes, activation="softmax"),
])
model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[rest], y[rest], epochs=60, batch_size=32, verbose=2)

loss, accuracy = model.evaluate(x[held], y[held], verbose=0)
baseline = np.mean(y[held] == np.bincount(y[rest]).argmax())
print(f"held-out accuracy {accuracy:.4f}, the most frequent class {baseline:.4f}")
