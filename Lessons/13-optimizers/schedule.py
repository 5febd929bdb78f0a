import keras
import numpy as np
from keras import layers

# A ravine: the loss is steep along w0 and flat along w1.
x = np.array([[2.0, 0.5], [2.0, -0.5], [-2.0, 0.5], [-2.0, -0.5]])
y = x[:, 0] + 2 * x[:, 1]

# The rate halves every 20 steps.
rate = keras.optimizers.schedules.ExponentialDecay(
    0.1, decay_steps=20, decay_rate=0.5)

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(1, use_bias=False, kernel_initializer="zeros"),
])
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=rate),
    loss="mean_squared_error",
)
model.fit(x, y, epochs=200, batch_size=4, shuffle=False)
