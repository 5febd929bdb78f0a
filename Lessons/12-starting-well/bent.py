import keras
import numpy as np
from keras import layers

# Two arms of a spiral, 100 points each, scaled to mean 0 and deviation 1.
t = np.linspace(0.1, 1, 100)
arm = np.stack([t * np.cos(7 * t), t * np.sin(7 * t)], axis=1)
x = np.concatenate([arm, -arm])
x = x / x.std(axis=0)
y = np.repeat([0, 1], 100)

model = keras.Sequential([keras.Input(shape=(2,))])
model.add(layers.Dense(64, activation="relu", kernel_initializer="lecun_normal"))
for i in range(11):
    stddev = 0.05 if i == 5 else (2 / 64) ** 0.5
    start = keras.initializers.RandomNormal(stddev=stddev)
    model.add(layers.Dense(64, activation="relu", kernel_initializer=start))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.1),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=50, batch_size=20)
