import keras
import numpy as np
from keras import layers

# XOR: true where exactly one of the two inputs is. One neuron, nothing hidden.
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(1, activation="sigmoid", name="out"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=1.0),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=1000, batch_size=4, shuffle=False)
