"""Words, embedded and convolved

Each word or letter has a vector of its own, kernels look for groups of them wherever they stand.
It suits texts and other sequences of symbols that have a class.

Reaches an accuracy of 0.92 on held-out pieces of DNA, in less than a second; naming the most
frequent class, 0.5.

Data: backstep data export splice -o splice.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("splice.npz")
x, y = data["x"].astype("int32"), data["y"]
words, classes = int(x.max()) + 1, int(y.max()) + 1

order = np.random.default_rng(0).permutation(len(x))
held, rest = order[:len(x) // 5], order[len(x) // 5:]

model = keras.Sequential([
    keras.Input(shape=x.shape[1:]),
    layers.Embedding(words, 8),
    layers.Conv1D(32, 7, padding="same", activation="relu"),
    layers.MaxPooling1D(3, padding="same"),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(classes, activation="softmax"),
])
model.compile(
    keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[rest], y[rest], epochs=15, batch_size=32, verbose=2)

loss, accuracy = model.evaluate(x[held], y[held], verbose=0)
baseline = np.mean(y[held] == np.bincount(y[rest]).argmax())
print(f"held-out accuracy {accuracy:.4f}, the most frequent class {baseline:.4f}")
