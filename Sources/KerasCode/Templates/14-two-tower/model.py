"""Two-tower recommender

One tower makes a vector of tastes of a user, the other one of an item; how well they agree, and how
kind the user and how good the item is, makes the stars. It suits recommending.

Reaches an error (root mean square) of 0.34 stars for held-out pairs, in less than a second; always
saying the mean, 1.01.

Data: backstep data export ratings -o ratings.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("ratings.npz")
user, item = data["x"][:, 0].astype("int32"), data["x"][:, 1].astype("int32")
stars = data["y"]
users, items = int(user.max()) + 1, int(item.max()) + 1
cut = len(stars) * 4 // 5
mean = float(stars[:cut].mean())


def tower(name, count):
    """The number of a user or an item, its tastes, and what is added to all its stars."""
    number = keras.Input(shape=(1,), name=name)
    small = keras.regularizers.L2(0.0005)
    tastes = layers.Embedding(count, 4, embeddings_regularizer=small)(number)
    bias = layers.Embedding(count, 1, embeddings_regularizer=small)(number)
    return number, layers.Flatten()(tastes), layers.Flatten()(bias)


a, tastes_a, bias_a = tower("user", users)
b, tastes_b, bias_b = tower("item", items)
agreement = layers.Dot(axes=1)([tastes_a, tastes_b])
sum = layers.Add()([agreement, bias_a, bias_b])
model = keras.Model([a, b], layers.Rescaling(1.0, offset=mean)(sum))

model.compile(keras.optimizers.Adam(0.01), loss="mean_squared_error")
model.fit([user[:cut, None], item[:cut, None]], stars[:cut], epochs=60, batch_size=32, verbose=2)

guess = model.predict([user[cut:, None], item[cut:, None]], verbose=0)[:, 0]
wrong, plain = guess - stars[cut:], mean - stars[cut:]
print(f"held-out error (root mean square) {np.sqrt(np.mean(wrong ** 2)):.3f}, "
      f"always the mean {np.sqrt(np.mean(plain ** 2)):.3f}")
