"""U-Net

A class for every pixel: the way down sees more and more of the picture, the way up finds the place
again, and at each size both are laid side by side. It suits marking things in pictures.

Reaches a Dice coefficient of 0.95 on held-out scans, in five seconds; marking all that is bright,
0.35.

Data: backstep data export phantom-scans -o phantom-scans.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("phantom-scans.npz")
x = data["x"].reshape(-1, *data["shape"])
y = data["y"].reshape(x.shape)
cut = len(x) * 4 // 5


def block(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)


scan = keras.Input(shape=x.shape[1:])
fine = block(scan, 8)
middle = block(layers.MaxPooling2D(2)(fine), 16)
coarse = block(layers.MaxPooling2D(2)(middle), 32)
h = layers.Conv2DTranspose(16, 2, strides=2)(coarse)
h = block(layers.Concatenate()([h, middle]), 16)
h = layers.Conv2DTranspose(8, 2, strides=2)(h)
h = block(layers.Concatenate()([h, fine]), 8)
model = keras.Model(scan, layers.Conv2D(1, 1, activation="sigmoid")(h))

model.compile(keras.optimizers.Adam(0.003), loss="binary_crossentropy")
model.fit(x[:cut], y[:cut], epochs=30, batch_size=16, verbose=2)


def dice(found, true):
    """2 |A ∩ B| / (|A| + |B|) over all scans: 1 where both mark the same pixels."""
    return 2 * np.sum(found * true) / (np.sum(found) + np.sum(true))


# The baseline marks what is bright, with the threshold that does best on the scans learned from.
thresholds = np.linspace(0.1, 0.9, 17)
best = max(thresholds, key=lambda light: dice(x[:cut] > light, y[:cut]))
figure = dice(model.predict(x[cut:], verbose=0) > 0.5, y[cut:])
print(f"held-out Dice {figure:.4f}, what is brighter than {best:.2f} "
      f"{dice(x[cut:] > best, y[cut:]):.4f}")
