import keras
import numpy as np
from keras import layers

# Three layers, and beside them one: the output is the difference of the two.
x = np.array([[1, 0], [0, 1], [1, 1], [2, -1], [-3, 2]])
y = np.zeros((5, 1))

inputs = keras.Input(shape=(2,))
h = layers.Dense(2, use_bias=False, name="a")(inputs)
h = layers.Dense(2, use_bias=False, name="b")(h)
three = layers.Dense(1, use_bias=False, name="c")(h)
one = layers.Dense(1, use_bias=False, kernel_initializer="ones", name="one")(inputs)
model = keras.Model(inputs, layers.Subtract(name="difference")([three, one]))

model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse")
model.fit(x, y, epochs=100, batch_size=5, shuffle=False)
