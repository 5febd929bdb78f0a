import keras
import numpy as np
from keras import layers

# One neuron that passes its input on, so that z = x: a probe for activations.
x = np.array([[-4], [-2], [-1], [0], [1], [2], [4]])
y = np.zeros((7, 1))

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(1, activation="sigmoid", kernel_initializer="ones"),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mse")
model.fit(x, y, epochs=50, batch_size=7, shuffle=False)
