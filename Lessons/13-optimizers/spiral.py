import keras
import numpy as np
from keras import layers

# Two arms of a spiral, 200 points each.
rng = np.random.default_rng(0)
r = np.linspace(0.05, 1.0, 200)
angle = 7.0 * r
one = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)
x = np.concatenate([one, -one]) + rng.normal(0.0, 0.03, size=(400, 2))
y = np.concatenate([np.zeros(200), np.ones(200)])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(32, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.03),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=40, batch_size=32)
