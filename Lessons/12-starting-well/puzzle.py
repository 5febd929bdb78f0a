import keras
import numpy as np
from keras import layers

# Two arms of a spiral, 100 points each, scaled to mean 0 and deviation 1.
t = np.linspace(0.1, 1, 100)
arm = np.stack([t * np.cos(7 * t), t * np.sin(7 * t)], axis=1)
x = np.concatenate([arm, -arm])
x = x / x.std(axis=0)
y = np.repeat([0, 1], 100)

# How far the first weights spread around 0.
stddev = (1 / 16) ** 0.5
start = keras.initializers.RandomNormal(stddev=stddev)

model = keras.Sequential([keras.Input(shape=(2,))])
model.add(layers.Dense(16, activation="tanh", kernel_initializer="lecun_normal"))
for i in range(3):
    model.add(layers.Dense(16, activation="tanh", kernel_initializer=start))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.5),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=50, batch_size=20)
