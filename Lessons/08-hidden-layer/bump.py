import keras
import numpy as np
from keras import layers

# A bump: 1 between 1 and 2, else 0. Two hidden units make it, set by hand.
x = np.array([[0.0], [0.4], [0.8], [1.2], [1.5], [1.8], [2.2], [2.6], [3.0]])
y = np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [0.0]])

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(
        2,
        activation="sigmoid",
        name="hidden",
        kernel_initializer=keras.initializers.Constant(20.0),
    ),
    layers.Dense(1, name="out", kernel_initializer="zeros"),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mean_squared_error")
model.fit(x, y, epochs=100, batch_size=9, shuffle=False)
