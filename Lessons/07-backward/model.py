import keras
import numpy as np
from keras import layers

# One example, two hidden units, one output. The lesson sets two of the weights by hand.
x = np.array([[1.0, -2.0]])
y = np.array([[1.0]])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(
        2, activation="tanh", kernel_initializer=keras.initializers.Constant(0.5)),
    layers.Dense(1, name="out", kernel_initializer="ones"),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mean_squared_error")
model.fit(x, y, epochs=50, batch_size=1, shuffle=False)
