import keras
import numpy as np
from keras import layers

# One wave of a sine, and nothing random in it.
x = np.linspace(-3, 3, 120).reshape(-1, 1)
y = np.sin(x)

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(16, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=1.0),
    loss="mean_squared_error",
)
model.fit(x, y, epochs=30, batch_size=20)
