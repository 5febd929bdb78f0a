import keras
import numpy as np
from keras import layers
from sklearn.datasets import make_moons

# Two half moons of 100 points each, with a little noise.
x, y = make_moons(n_samples=200, noise=0.1, random_state=0)
x[137, 1] = np.nan  # nobody measured this one

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(8, activation="tanh"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=2.0),
    loss="mean_squared_error",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=30, batch_size=20)
